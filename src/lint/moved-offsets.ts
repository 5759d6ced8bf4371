/** Follows places of a Dockerfile through the edits of fixes. */
import type { Dockerfile, Instruction, Range, TextEdit } from "../dockerfile/dockerfile.ts";

/** The edits of each round, in order; those of one round are of the text before it. */
type Rounds = readonly (readonly TextEdit[])[];

/** Returns where an offset of the first text is after all rounds. What is replaced moves to the start of its replacement. */
function movedOffset(offset: number, rounds: Rounds): number {
  let at = offset;
  for (const edits of rounds) {
    let shift = 0;
    let inside: number | undefined;
    for (const { start, end, text } of edits) {
      if (end <= at && (start < end || start <= at)) shift += text.length - (end - start);
      else if (start <= at) inside = start;
      if (inside !== undefined) break;
    }
    // edits are sorted, so those before an edit around the offset are counted
    at = (inside ?? at) + shift;
  }
  return at;
}

/**
 * Returns the instruction of the new file that an instruction of the first one became or is a part of; undefined when
 * it was removed. `rounds` must be sorted by place.
 */
export function movedInstruction(
  instruction: Range,
  rounds: Rounds,
  file: Pick<Dockerfile, "instructions">,
): Instruction | undefined {
  let { start, end } = instruction;
  for (const edits of rounds) {
    if (edits.some((edit) => edit.start <= start && end <= edit.end && edit.text.trim() === ""))
      return undefined;
    [start, end] = [movedOffset(start, [edits]), movedOffset(end, [edits])];
  }
  return file.instructions.find((each) => each.start <= start && start < each.end);
}
