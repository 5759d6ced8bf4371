import type { TextEdit } from "../../src/engine/contract.ts";

/** The same edits, those that meet as one: the parts of a fix may not touch each other. */
export function mergeEdits(edits: readonly TextEdit[]): TextEdit[] {
  const merged: TextEdit[] = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = merged.at(-1);
    if (last === undefined || last.end < edit.start) merged.push(edit);
    else merged[merged.length - 1] = { start: last.start, end: edit.end, text: last.text + edit.text };
  }
  return merged;
}
