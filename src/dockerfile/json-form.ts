/** The exec form: a JSON array of strings (dockerfile.md rows A and B). */
import type { Range } from "./dockerfile.ts";

export interface JsonForm {
  readonly strings: readonly string[];
  /** Index range of each string, quotes included. */
  readonly ranges: readonly Range[];
}

const keywords = new Set(["RUN", "CMD", "ENTRYPOINT", "SHELL", "COPY", "ADD", "VOLUME"]);

export function acceptsJson(keyword: string): boolean {
  return keywords.has(keyword);
}

/** Undefined where BuildKit falls back to the shell form. It decodes one value and ignores what follows. */
export function readJsonForm(text: string, from: number): JsonForm | undefined {
  if (text[from] !== "[") return undefined;
  const ranges: Range[] = [];
  let at = from + 1;
  for (; at < text.length && text[at] !== "]"; at++) {
    if (text[at] !== '"') continue;
    const start = at;
    for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    ranges.push({ start, end: at + 1 });
  }
  if (text[at] !== "]") return undefined;
  let strings: unknown;
  try {
    strings = JSON.parse(text.slice(from, at + 1));
  } catch {
    return undefined;
  }
  if (!Array.isArray(strings) || strings.length !== ranges.length) return undefined;
  if (!strings.every((item) => typeof item === "string")) return undefined;
  return { strings, ranges };
}
