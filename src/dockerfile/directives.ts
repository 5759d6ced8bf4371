/** Parser directives: the comment block at the top of the file (dockerfile.md rows K and L). */
import type { Directive, Problem } from "./dockerfile.ts";
import { isSpace, type Lines } from "./lines.ts";

const pattern = /^#[\t\n\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*$/;
const known = new Set(["syntax", "escape", "check"]);

export interface Directives {
  readonly all: readonly Directive[];
  readonly escape: "\\" | "`";
  readonly problems: readonly Problem[];
}

/** Any line that is no known directive ends the block. */
export function readDirectives(lines: Lines): Directives {
  const all: Directive[] = [];
  const problems: Problem[] = [];
  let escape: "\\" | "`" = "\\";
  for (const line of lines.all) {
    let start = line.start;
    while (start < line.end && isSpace(lines.text[start])) start++;
    const match = pattern.exec(lines.text.slice(start, line.end));
    const name = match?.[1]!.toLowerCase();
    const value = match?.[2];
    if (name === undefined || value === undefined || !known.has(name)) break;
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
