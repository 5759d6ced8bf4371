/** Adds the updates that later RUNs need once a cache is cleaned. */
import type { LaterReader } from "../../analysis/caches/later-readers.ts";
import type { DockerfileView } from "../../build/build.ts";
import type { TextEdit } from "../../dockerfile/dockerfile.ts";
import { insertBefore } from "../append.ts";
import { isEditable } from "../editability.ts";

/**
 * Returns an update for every later RUN that would fail without the removed files. Undefined if one cannot be
 * inserted.
 */
export function updatesFor(
  needs: readonly LaterReader[],
  update: string,
  view: DockerfileView,
): readonly TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  for (const { step, command, known, onbuild } of needs) {
    if (!known || onbuild) continue;
    const prefix = command.through.includes("sudo") ? "sudo " : "";
    const edit = isEditable(step, view) ? insertBefore(step, command, `${prefix}${update}`, view) : undefined;
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  return edits;
}
