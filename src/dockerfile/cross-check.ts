/** Cross-checks our parser against dockerfile-ast; only this folder may import that package. */
import { createRequire } from "node:module";
import type * as DockerfileAst from "dockerfile-ast";
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

/** Returns true if dockerfile-ast finds the same instructions. */
export function agrees(text: string, instructions: readonly Instruction[]): boolean {
  return differences(text, instructions).size === 0;
}

/**
 * Returns the instructions that only one of the two parsers finds, as their text, so that a difference stays the same
 * when lines move. Asks dockerfile-ast about plain text as well. Never throws.
 */
export function differences(text: string, instructions: readonly Instruction[]): ReadonlySet<string> {
  const found = new Set<string>();
  const lines = text.split(/\r\n|\r|\n/);
  const add = (who: string, [keyword, first, last]: Found) =>
    found.add(`${who}: ${keyword} ${lines.slice(first - 1, last).join("\n")}`);
  const ours = instructions.map(({ keyword, line, endLine }): Found => [keyword, line, endLine]);
  let theirs: readonly Found[];
  try {
    const { DockerfileParser } = load(parser) as typeof DockerfileAst;
    theirs = DockerfileParser.parse(text)
      .getInstructions()
      .map((each): Found => {
        const { start, end } = each.getRange();
        return [each.getKeyword(), start.line + 1, end.line + 1];
      });
  } catch {
    return new Set(["dockerfile-ast failed"]);
  }
  const [our, their] = [ours, theirs].map((all) => new Set(all.map((each) => each.join(" "))));
  for (const each of ours) if (their?.has(each.join(" ")) !== true) add("ours", each);
  for (const each of theirs) if (our?.has(each.join(" ")) !== true) add("theirs", each);
  return found;
}

type Found = readonly [keyword: string, firstLine: number, lastLine: number];
