/** Applies text edits, and checks that the rest of the Dockerfile is unchanged. */
import type { Dockerfile, Instruction, TextEdit } from "../dockerfile/dockerfile.ts";
import { itemAt } from "../must.ts";
import { SortedEdits } from "./sorted-edits.ts";

/** Applies edits, which must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Returns true if two edits overlap or touch, because the result would then depend on their order. */
export function collide(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some((x) => b.some((y) => x.start <= y.end && y.start <= x.end));
}

/**
 * Checks an edited Dockerfile (docs/spec/dockerfile.md, "Conditions every rewrite shares"): it parses, a second
 * parser finds the same instructions, and the stages and every instruction and comment outside the edits are
 * unchanged. What the second parser read differently before the edits does not count. It is asked about plain text only
 * with `asksAlways`. Returns the first violation; undefined when there is none.
 */
export function whatBroke(
  before: Dockerfile,
  after: Dockerfile,
  list: readonly TextEdit[],
  asksAlways = false,
): string | undefined {
  const problem = after.problems[0];
  if (problem !== undefined) return problem.message;
  if ((asksAlways || !after.agrees) && [...after.differences].some((each) => !before.differences.has(each)))
    return "two parsers read the result differently";
  const edits = new SortedEdits(list);
  const starts = new Map(after.instructions.map((instruction) => [instruction.start, instruction]));
  for (const instruction of before.instructions) {
    if (edits.change(instruction)) continue;
    const now = starts.get(edits.moved(instruction.start));
    if (now === undefined || sliceOf(before, instruction) !== sliceOf(after, now)) {
      return `line ${instruction.line} (${instruction.keyword}) became another instruction`;
    }
  }
  const comments = new Set(after.comments.map(({ start }) => start));
  for (const comment of before.comments) {
    if (!edits.change(comment) && !comments.has(edits.moved(comment.start)))
      return `the comment in line ${comment.line} got lost`;
  }
  return stagesBroke(before, after, edits);
}

function stagesBroke(before: Dockerfile, after: Dockerfile, edits: SortedEdits): string | undefined {
  const kept = before.stages.filter(({ from }) => !edits.replace(from));
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

/**
 * Returns true if every instruction stands where the edits put it: none was swallowed by the one before it. This also
 * covers edited instructions, which `whatBroke` leaves out. An instruction that an edit begins or ends in, as when two
 * RUNs are joined, counts as moved.
 */
export function keepsInstructions(before: Dockerfile, after: Dockerfile, list: readonly TextEdit[]): boolean {
  const edits = new SortedEdits(list);
  const ends = new Map(after.instructions.map(({ start, end }) => [start, end]));
  return before.instructions.every(
    ({ start, end }) => edits.replace({ start, end }) || ends.get(edits.moved(start)) === edits.moved(end),
  );
}

function sliceOf(file: Dockerfile, { start, end }: Instruction): string {
  return file.text.slice(start, end);
}
