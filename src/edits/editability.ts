import { itemAt } from "../must.ts";
import { heredocsOf } from "../dockerfile/dockerfile.ts";
import type { DockerfileView, Step } from "../build/build.ts";

/**
 * Whether an edit of this instruction may be offered at all (docs/spec/dockerfile.md, "Conditions every rewrite
 * shares"). The engine adds what it can see for every rule: a second parser agrees, no comment suppresses the finding,
 * and the result parses.
 */
export function isEditable(step: Step, view: DockerfileView): boolean {
  const { instruction, script, stage } = step;
  if (view.file.problems.length > 0 || step.keyword === "ONBUILD") return false;
  const heredocs = heredocsOf(instruction);
  if (heredocs.some(({ fd, name, delimiter }) => fd !== undefined || /\s/.test(name) || !delimiter))
    return false;
  if (script !== undefined && (script.shell !== "posix" || !script.complete)) return false;
  return !itemAt(view.stages, stage.index).windows;
}
