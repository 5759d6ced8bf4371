/** Cross-checks our parser against dockerfile-ast; only this folder may import that package. */
import { itemAt } from "../must.ts";
import type * as DockerfileAst from "dockerfile-ast";
import { createRequire } from "node:module";
import type { Instruction } from "./dockerfile.ts";

// loaded on first use: most runs offer no edit, and loading it takes longer than linting a Dockerfile
const load = createRequire(import.meta.url);

/** Path of the package in the bundle, which keeps it in a separate file. */
declare const __DOCKERFILE_AST__: string | undefined;
const parser = typeof __DOCKERFILE_AST__ === "undefined" ? "dockerfile-ast" : __DOCKERFILE_AST__;

/**
 * Returns true if dockerfile-ast splits the text into the same instructions at the same lines. Never throws. Plain
 * text is not ambiguous and skips the check, which takes as long as all the rest of lint.
 */
export function crossCheck(text: string, instructions: readonly Instruction[]): boolean {
  return isPlain(text) || agrees(text, instructions);
}

/**
 * Returns true for ASCII text without heredocs, directives other than `syntax`, doubled escapes, escapes in comments,
 * and escapes before the end of the file or an empty line. In such text an instruction ends at the first line without
 * a final backslash (docs/spec/dockerfile.md, rows A to X).
 */
export function isPlain(text: string): boolean {
  return (
    /^(?:[\t\n\x20-\x7e]|\r\n)*$/.test(text) &&
    !/<<|`|\\\\|#[^\n#]*\\|\\[ \t]*(?:$|\r?\n[ \t]*(?:\r?\n|$))/.test(text) &&
    !/^[ \t]*\\/m.test(text) &&
    !/\\[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*(?:#[^\n]*)?$/.test(text.replaceAll("\r", "")) &&
    !/^[ \t]*#[ \t]*(?!syntax\b)\w+[ \t]*=/im.test(text)
  );
}

/** Compares the instructions with those that dockerfile-ast finds. */
export function agrees(text: string, instructions: readonly Instruction[]): boolean {
  try {
    const { DockerfileParser } = load(parser) as typeof DockerfileAst;
    const theirs = DockerfileParser.parse(text).getInstructions();
    if (theirs.length !== instructions.length) return false;
    return instructions.every((ours, i) => {
      const their = itemAt(theirs, i);
      const range = their.getRange();
      return (
        their.getKeyword() === ours.keyword &&
        range.start.line + 1 === ours.line &&
        range.end.line + 1 === ours.endLine
      );
    });
  } catch {
    return false;
  }
}
