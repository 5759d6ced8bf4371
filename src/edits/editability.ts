/**
 * Whether a fix may edit an instruction. A fix that changes what an instruction does asks `isEditable`; one that only
 * writes the same in other words (a keyword, a name, layout) asks `isRewordable`. The engine adds what it can see for every
 * rule: a second parser agrees, no comment suppresses the finding, and the result parses.
 */
import type { DockerfileView, Step } from "../build/build.ts";
import { heredocsOf, type Instruction } from "../dockerfile/dockerfile.ts";
import { itemAt } from "../must.ts";

/**
 * What the instruction does is understood, so it may be made to do something else: the file parses, the instruction is no
 * ONBUILD, its script is read completely, and the stage is not for Windows (docs/spec/dockerfile.md, "Conditions every rewrite
 * shares").
 */
export function isEditable(step: Step, view: DockerfileView): boolean {
  const { instruction, script, stage } = step;
  if (view.file.problems.length > 0 || step.keyword === "ONBUILD") return false;
  const heredocs = heredocsOf(instruction);
  if (heredocs.some(({ fd, name }) => fd !== undefined || /\s/.test(name))) return false;
  if (script !== undefined && (script.shell !== "posix" || !script.complete)) return false;
  return !itemAt(view.stages, stage.index).windows;
}

/** The same may be written in other words: the file parses, and the instruction is no ONBUILD, which runs in other builds. */
export function isRewordable({ keyword }: Instruction, { file }: DockerfileView): boolean {
  return keyword !== "ONBUILD" && file.problems.length === 0;
}
