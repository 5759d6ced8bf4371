/** The second opinion: dockerfile-ast, whose only home is this folder. */
import { DockerfileParser } from "dockerfile-ast";
import type { Instruction } from "./dockerfile.ts";

/** Whether dockerfile-ast cuts the text into the same instructions at the same lines. Never throws. */
export function crossCheck(text: string, instructions: readonly Instruction[]): boolean {
  try {
    const theirs = DockerfileParser.parse(text).getInstructions();
    if (theirs.length !== instructions.length) return false;
    return instructions.every((ours, i) => {
      const range = theirs[i]!.getRange();
      return (
        theirs[i]!.getKeyword() === ours.keyword &&
        range.start.line + 1 === ours.line &&
        range.end.line + 1 === ours.endLine
      );
    });
  } catch {
    return false;
  }
}
