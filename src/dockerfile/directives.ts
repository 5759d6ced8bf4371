/** Parser directives: the comment block at the top of the file (docs/spec/dockerfile.md, rows K and L). */
import type { Directive, Problem } from "./dockerfile.ts";
import { isSpace, type Lines } from "./lines.ts";

const pattern = /^([a-zA-Z]+)[\t\n\f\r ]*=([^]+)$/;
const notBlank = /[^\t\n\f\r ]/;
const known = new Set(["syntax", "escape", "check"]);

export interface Directives {
  readonly all: readonly Directive[];
  readonly escape: "\\" | "`";
  readonly problems: readonly Problem[];
}

/** Reads the directives; any line that is not a known directive ends the block. */
export function readDirectives(lines: Lines): Directives {
  const all: Directive[] = [];
  const problems: Problem[] = [];
  let escape: "\\" | "`" = "\\";
  for (const line of lines.all) {
    let start = line.start;
    while (start < line.end && isSpace(lines.text[start])) start++;
    if (lines.text[start] !== "#") break;
    let word = start + 1;
    while (word < line.end && isSpace(lines.text[word])) word++;
    const [, written = "", rest = ""] = pattern.exec(lines.text.slice(word, line.end)) ?? [];
    const name = written.toLowerCase();
    if (!known.has(name)) break;
    const value = valueOf(rest);
    const range = { start, end: line.end };
    if (all.some((other) => other.name === name)) {
      const message = `only one ${name} parser directive can be used`;
      problems.push({ code: "duplicate-directive", message, ...range });
      continue;
    }
    all.push({ name, value, ...range });
    if (name !== "escape") continue;
    if (value === "\\" || value === "`") escape = value;
    else {
      const message = `invalid escape token '${value}': it must be \` or \\`;
      problems.push({ code: "invalid-escape", message, ...range });
    }
  }
  return { all, escape, problems };
}

/** Trims a value; a value of blanks only becomes one blank. */
function valueOf(text: string): string {
  const start = text.search(notBlank);
  if (start < 0) return text.slice(-1);
  let end = text.length;
  while (/[\t\n\f\r ]/.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
