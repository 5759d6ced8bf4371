/** Physical lines, and the logical lines BuildKit's scanner joins from them. */
import { itemAt } from "../must.ts";
import type { Position } from "./dockerfile.ts";

/** Returns true for a blank, as Go's unicode.IsSpace does. */
export function isSpace(char: string | undefined): boolean {
  if (char === undefined) return false;
  if (char <= "~") return char === " " || (char >= "\t" && char <= "\r");
  return /[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(char);
}

/** Returns the range of a text without the blanks at its ends. */
export function trimmed(text: string): { readonly start: number; readonly end: number } {
  let start = 0;
  while (start < text.length && isSpace(text[start])) start++;
  let end = text.length;
  while (end > start && isSpace(text[end - 1])) end--;
  return { start, end };
}

/** One physical line: offsets into the text, without BOM and line end. */
export interface Line {
  readonly start: number;
  /** Without `\n` and the carriage returns before it. */
  readonly end: number;
  /** Start of the next line. */
  readonly next: number;
}

export interface Lines {
  readonly text: string;
  readonly all: readonly Line[];
  positionAt(offset: number): Position;
}

/** Splits a text into lines; only `\n` ends a line (docs/spec/dockerfile.md, row V). */
export function splitLines(text: string): Lines {
  const all: Line[] = [];
  const bom = text.startsWith("\ufeff") ? 1 : 0;
  let start = bom;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const next = newline < 0 ? text.length : newline + 1;
    let end = newline < 0 ? text.length : newline;
    while (end > start && text[end - 1] === "\r") end--;
    all.push({ start, end, next });
    start = next;
  }
  return {
    text,
    all,
    positionAt(offset) {
      const at = Math.max(bom, Math.min(offset, text.length));
      let low = 0;
      let high = all.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (itemAt(all, middle).next <= at) low = middle + 1;
        else high = middle;
      }
      const line = all[low];
      if (line !== undefined) return { line: low + 1, column: at - line.start + 1 };
      const last = all.at(-1);
      if (last === undefined || text.endsWith("\n")) return { line: low + 1, column: 1 };
      return { line: low, column: at - last.start + 1 };
    },
  };
}

interface Segment {
  /** Index into the joined text. */
  readonly at: number;
  /** Offset into the file. */
  readonly start: number;
}

/** A logical line: the joined text of an instruction, with the file offset of each character. */
export interface Logical {
  readonly text: string;
  /** Returns the file offset of character `index`; for `index` = length, the end of the last character. */
  offset(index: number): number;
  /** Returns the file offsets of characters `from`..`to`, and the end after the last: one longer than the slice. */
  offsets(from: number, to: number): number[];
}

/** Joins pieces of the file; `pieces` are offset pairs in order. */
export function join(
  text: string,
  pieces: readonly { readonly start: number; readonly end: number }[],
): Logical {
  const segments: Segment[] = [];
  let joined = "";
  for (const { start, end } of pieces) {
    if (end <= start) continue;
    segments.push({ at: joined.length, start });
    joined += text.slice(start, end);
  }
  const fallback = pieces[0]?.start ?? 0;
  function segmentOf(index: number): Segment | undefined {
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (itemAt(segments, middle).at <= index) low = middle;
      else high = middle - 1;
    }
    return segments[low];
  }
  function offset(index: number): number {
    const clamped = Math.min(index, joined.length);
    if (clamped === joined.length && clamped > 0) return offset(clamped - 1) + 1;
    const segment = segmentOf(clamped);
    return segment === undefined ? fallback : segment.start + clamped - segment.at;
  }
  return {
    text: joined,
    offset,
    offsets(from, to) {
      const result: number[] = [];
      for (const [i, { at, start }] of segments.entries()) {
        const end = Math.min(to, segments[i + 1]?.at ?? to);
        for (let index = Math.max(from, at); index < end; index++) result.push(start + index - at);
      }
      const last = result.at(-1);
      result.push(last === undefined ? offset(from) : last + 1);
      return result;
    },
  };
}
