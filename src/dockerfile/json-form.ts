/** The exec form: a JSON array of strings (docs/spec/dockerfile.md, rows A and B). */
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

/**
 * Reads the JSON form; undefined when BuildKit falls back to the shell form. The whole rest of the text must be JSON.
 * (Older versions of BuildKit read one value and ignored the text after it.)
 */
export function readJsonForm(text: string, from: number): JsonForm | undefined {
  const strings = readJsonArray(text.slice(from));
  if (strings === undefined || !strings.every((item) => typeof item === "string")) return undefined;
  const ranges: Range[] = [];
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== '"') continue;
    const start = at;
    for (at++; text[at] !== '"'; at++) if (text[at] === "\\") at++;
    ranges.push({ start, end: at + 1 });
  }
  return { strings, ranges };
}

export function readJsonArray(text: string): readonly unknown[] | undefined {
  if (!text.startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
