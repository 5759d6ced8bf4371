/**
 * Decides whether a fix may edit an instruction. Use `isEditable` for a fix that changes what an instruction does,
 * and `isRewordable` for one that only respells it (a keyword, a name, layout). The engine checks for every rule that
 * a second parser agrees, that no comment suppresses the finding, and that the result parses.
 */
import type { DockerfileView, Step } from "../build/build.ts";
import { heredocsOf, type Instruction } from "../dockerfile/dockerfile.ts";
import { itemAt } from "../must.ts";

/**
 * Returns true if the instruction is fully understood, so that its behaviour may be changed: the file parses, the
 * instruction is not an ONBUILD, its script is complete, and the stage is not for Windows (docs/spec/dockerfile.md,
 * "Conditions every rewrite shares").
 */
export function isEditable(step: Step, view: DockerfileView): boolean {
  const { instruction, script, stage } = step;
  if (view.file.problems.length > 0 || step.keyword === "ONBUILD") return false;
  const heredocs = heredocsOf(instruction);
  if (heredocs.some(({ fd, name }) => fd !== undefined || /\s/.test(name))) return false;
  if (script !== undefined && (script.shell !== "posix" || !script.complete)) return false;
  return !itemAt(view.stages, stage.index).windows;
}

/**
 * Returns true if the instruction may be respelled: the file parses, and it is not an ONBUILD, which runs in other
 * builds.
 */
export function isRewordable({ keyword }: Instruction, { file }: DockerfileView): boolean {
  return keyword !== "ONBUILD" && file.problems.length === 0;
}
