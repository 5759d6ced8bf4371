/** The second opinion: dockerfile-ast, whose only home is this folder. */
import { itemAt } from "../must.ts";
import type * as DockerfileAst from "dockerfile-ast";
import { createRequire } from "node:module";
import type { Instruction } from "./dockerfile.ts";

// loaded when first asked: most runs offer no edit, and loading it takes longer than linting a Dockerfile
const load = createRequire(import.meta.url);

/** The bundle has it in a file of its own. */
declare const __DOCKERFILE_AST__: string | undefined;
const parser = typeof __DOCKERFILE_AST__ === "undefined" ? "dockerfile-ast" : __DOCKERFILE_AST__;

/**
 * Whether dockerfile-ast cuts the text into the same instructions at the same lines. Never throws. It is not asked about
 * plain text, which leaves nothing to disagree about: asking takes as long as everything else that lint does.
 */
export function crossCheck(text: string, instructions: readonly Instruction[]): boolean {
  return isPlain(text) || agrees(text, instructions);
}

/**
 * ASCII without heredocs, directives but `syntax`, doubled escapes, escapes in comments, and escapes before the end of
 * the file or an empty line: then instructions end where a line does not end in a backslash
 * (docs/spec/dockerfile.md, rows A to X).
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

/** The second parser's own answer. */
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
