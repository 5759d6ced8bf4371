/** Combines the edits of one fix, and refuses those that overlap. */
import type { TextEdit } from "../dockerfile/dockerfile.ts";

/**
 * Merges edits that touch, because the edits of a fix may not touch each other. An edit that adds to the end of an
 * instruction then covers its last character, so that it still counts as a change of it.
 */
export function mergeEdits(edits: readonly TextEdit[], text: string): TextEdit[] {
  const merged: TextEdit[] = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = merged.at(-1);
    if (last === undefined || last.end < edit.start) {
      merged.push(edit);
      continue;
    }
    const start = last.start === last.end && last.start > 0 ? last.start - 1 : last.start;
    merged[merged.length - 1] = {
      start,
      end: edit.end,
      text: text.slice(start, last.start) + last.text + edit.text,
    };
  }
  return merged;
}
