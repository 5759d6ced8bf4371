/** The edit that deletes a whole instruction and its lines. */
import type { DockerfileView } from "../build/build.ts";
import { type Instruction, type TextEdit, heredocsOf } from "../dockerfile/dockerfile.ts";
import { lineEnd, lineStart } from "./layout.ts";

/** A linter directive for the next instruction; without that instruction it would apply to another one. */
const ORDER = /^#\s*(?:layerlint\b|hadolint\b|check\s*=|tally\b)/i;

/**
 * Removes the lines of an instruction after a FROM, and one of two blank lines that would become adjacent. Undefined
 * where that would remove a comment, or leave a comment about this instruction above the next one.
 */
export function drop({ file }: DockerfileView, instruction: Instruction): TextEdit | undefined {
  const { text, comments } = file;
  if (comments.some(({ start, end }) => start >= instruction.start && end <= instruction.end))
    return undefined;
  // a shell comment other than the shebang
  if (heredocsOf(instruction).some(({ content }) => /^[ \t]*#(?!!)/m.test(content))) return undefined;
  let start = lineStart(text, instruction.start);
  if (hasOrderAbove(text, start)) return undefined;
  const last = lineEnd(text, instruction.end);
  const end = afterBreak(text, last);
  if (end === last) {
    // the last line has no line end: remove that of the line before
    while (isBlank(text, lineStart(text, start - 1))) start = lineStart(text, start - 1);
    return { start: lineEnd(text, lineStart(text, start - 1)), end, text: "" };
  }
  if (isBlank(text, end)) {
    const above = lineStart(text, start - 1);
    if (isBlank(text, above)) start = above;
  }
  return { start, end, text: "" };
}

/** Returns true for a comment line that is a linter directive. */
export function isOrder(line: string): boolean {
  return ORDER.test(line.trim());
}

function hasOrderAbove(text: string, start: number): boolean {
  for (let at = start; at > 0;) {
    at = lineStart(text, at - 1);
    const line = text.slice(at, lineEnd(text, at)).trim();
    if (!line.startsWith("#")) return false;
    if (isOrder(line)) return true;
  }
  return false;
}

function isBlank(text: string, start: number): boolean {
  return text.slice(start, lineEnd(text, start)).trim() === "";
}

function afterBreak(text: string, end: number): number {
  const newline = text.indexOf("\n", end);
  return newline < 0 ? end : newline + 1;
}
