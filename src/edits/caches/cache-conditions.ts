/** Returns why a remedy may change more than the cache, as a phrase for the user; undefined if it does not. */
import { usualFolders } from "../../analysis/caches/cache-folders.ts";
import { isMounted } from "../../analysis/caches/cache-writers.ts";
import {
  firstReader,
  nameOf,
  readersAfter,
  whyRead,
  type Takings,
} from "../../analysis/caches/later-readers.ts";
import { foldersOf } from "../../analysis/caches/tool-settings.ts";
import type { DockerfileView } from "../../build/build.ts";
import type { Instruction } from "../../dockerfile/dockerfile.ts";
import type { Remedy } from "../../knowledge/tool-caches.ts";
import { itemAt } from "../../must.ts";
import type { UncleanedCache } from "./uncleaned-cache.ts";

export function whyMounted({ step, manager, index }: UncleanedCache): string | undefined {
  const { folder, alsoAt = [] } = itemAt(manager.caches, index);
  const mounted = [folder, ...alsoAt].find((each) => isMounted(step, each));
  return mounted === undefined ? undefined : `a mount covers ${mounted}, and would lose its content`;
}

export function whyKept({ step, view }: UncleanedCache, { keptBy }: Remedy): string | undefined {
  if (keptBy === undefined) return undefined;
  const found = view.steps
    .slice(0, view.steps.indexOf(step) + 1)
    .find(({ instruction }) => keptBy.test(textOf(instruction, view)));
  return found && `line ${found.instruction.line} keeps the cache on purpose`;
}

/** Returns what a remedy takes out of the layer, for the question who reads it. */
export function takingsOf(
  { manager, index, step, commands, image }: UncleanedCache,
  { wantedBy, refilled }: Remedy,
): Takings {
  const own = itemAt(manager.caches, index);
  const cache = refilled === true ? { ...own, refills: true } : own;
  const command = commands.at(-1);
  const found = command && foldersOf(cache, command, step);
  return { manager, cache, folders: found ?? usualFolders(cache), wanted: wantedBy, image };
}

/** Returns why a later command of the same RUN speaks against the remedy; `from` is where those commands begin. */
export function whyReadInside(
  { step, view }: UncleanedCache,
  from: number,
  takings: Takings,
): string | undefined {
  const { script, instruction } = step;
  const commands = script.commands.filter(({ start }) => start >= from);
  const range = { start: from, end: instruction.end };
  const found = firstReader({ ...script, commands }, range, step, view, takings);
  if (found === undefined) return undefined;
  if (found.how === "names") return "the RUN may read the cache later";
  return `${nameOf(found.command)} may need what this removes`;
}

/** Returns why something later in the build, or the container, speaks against the remedy. */
export function whyReadLater({ step, view }: UncleanedCache, takings: Takings): string | undefined {
  for (const reader of readersAfter(step, view, takings)) return whyRead(reader, "what this removes");
  return undefined;
}

function textOf({ start, end }: Instruction, { file }: DockerfileView): string {
  return file.text.slice(start, end);
}
