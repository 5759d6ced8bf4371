import type { DockerfileView, Step } from "../build/build.ts";

/**
 * Whether an edit of this instruction may be offered at all (docs/spec/dockerfile.md, "Conditions every rewrite
 * shares"). The engine adds what it can see for every rule: a second parser agrees, no comment suppresses the finding,
 * and the result parses.
 */
export function isEditable(step: Step, view: DockerfileView): boolean {
  const { instruction, script, stage } = step;
  if (view.file.problems.length > 0 || instruction.trigger !== undefined) return false;
  if (instruction.heredocs.some(({ fd, name }) => fd !== undefined || /\s/.test(name))) return false;
  if (instruction.keyword === "RUN" && (script?.shell !== "posix" || !script.complete)) return false;
  return !view.stages[stage.index]!.windows;
}
