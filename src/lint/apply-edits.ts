/** Text edits: applying them, and checking that nothing but what they mean to change has changed. */
import { itemAt } from "../must.ts";
import type { Dockerfile, Instruction, TextEdit } from "../dockerfile/dockerfile.ts";

/** The edits must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** True where two edits share a character or meet: then the order would decide what comes out. */
export function collide(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some((x) => b.some((y) => x.start <= y.end && y.start <= x.end));
}

/**
 * What an edited Dockerfile must still be (docs/spec/dockerfile.md, "Conditions every rewrite shares"): it parses, a
 * second parser cuts it into the same instructions, every instruction and comment that no edit touches is there as it
 * was, and so are the stages. Undefined when all is well, else what is not.
 */
export function whatBroke(
  before: Dockerfile,
  after: Dockerfile,
  edits: readonly TextEdit[],
): string | undefined {
  const problem = after.problems[0];
  if (problem !== undefined) return problem.message;
  if (!after.agrees) return "two parsers read the result differently";
  const moved = mover(edits);
  const starts = new Map(after.instructions.map((instruction) => [instruction.start, instruction]));
  for (const instruction of before.instructions) {
    if (touches(edits, instruction)) continue;
    const now = starts.get(moved(instruction.start));
    if (now === undefined || sliceOf(before, instruction) !== sliceOf(after, now)) {
      return `line ${instruction.line} (${instruction.keyword}) became another instruction`;
    }
  }
  const comments = new Set(after.comments.map(({ start }) => start));
  for (const comment of before.comments) {
    if (!touches(edits, comment) && !comments.has(moved(comment.start)))
      return `the comment in line ${comment.line} got lost`;
  }
  return stagesBroke(before, after, edits);
}

function stagesBroke(before: Dockerfile, after: Dockerfile, edits: readonly TextEdit[]): string | undefined {
  const kept = before.stages.filter(({ from }) => !swallows(edits, from));
  if (kept.length !== after.stages.length) return "the stages are not the same";
  const names = (file: Dockerfile) => new Map(file.stages.map((stage) => [stage.index, stage.name]));
  const [then, now] = [names(before), names(after)];
  const same = kept.every((stage, i) => {
    const other = itemAt(after.stages, i);
    const parent = stage.parent === undefined ? undefined : then.get(stage.parent);
    const itsParent = other.parent === undefined ? undefined : now.get(other.parent);
    return stage.name === other.name && parent === itsParent;
  });
  return same ? undefined : "the stages are not the same";
}

/** An edit changes the range, or adds to its end. What ends before it or begins behind it leaves it as it was. */
function touches(edits: readonly TextEdit[], range: { start: number; end: number }): boolean {
  return edits.some(
    ({ start, end }) =>
      (start < range.end && range.start < end) ||
      (start === end && range.start < start && start <= range.end),
  );
}

function swallows(edits: readonly TextEdit[], range: { start: number; end: number }): boolean {
  return edits.some(({ start, end }) => start <= range.start && range.end <= end);
}

/** Where an offset of the text before stands afterwards, if no edit covers it. */
function mover(edits: readonly TextEdit[]): (offset: number) => number {
  return (offset) =>
    edits.reduce(
      (sum, { start, end, text }) => (end <= offset ? sum + text.length - (end - start) : sum),
      offset,
    );
}

function sliceOf(file: Dockerfile, { start, end }: Instruction): string {
  return file.text.slice(start, end);
}
