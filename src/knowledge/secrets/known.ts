/** Masks values that are known to be secrets, wherever and however an output repeats them. */
import { maskSpans, joinSpans, secretSpans } from "./secrets.ts";
import type { SecretSpan } from "./places.ts";
import { isPlaceholderWord, isReference } from "./placeholder.ts";

/** A value of a Dockerfile or an image that is a secret; `name` is what it stands behind, empty for a token. */
export interface KnownSecret {
  readonly name: string;
  readonly value: string;
}

/** The values that a run has found, in all spellings. It only grows. */
export class KnownSecrets {
  /** Longest first, because a value may be a part of another one. */
  #values: readonly string[] = [];
  readonly #all = new Set<string>();
  /** Common words, which are hidden behind their name only: `wordpress` is a folder too. */
  readonly #words = new Map<string, RegExp>();

  add(secrets: readonly KnownSecret[]): void {
    const before = this.#all.size;
    for (const { name, value } of secrets) {
      if (isCommonWord(value)) this.#addWord(name, value);
      else for (const spelling of spellings(value)) this.#all.add(spelling);
    }
    if (this.#all.size > before) this.#values = [...this.#all].toSorted((a, b) => b.length - a.length);
  }

  #addWord(name: string, value: string): void {
    if (name === "" || value.length < 4 || isReference(value) || isPlaceholderWord(value)) return;
    const key = `${name}\0${value}`;
    if (this.#words.has(key)) return;
    this.#words.set(key, new RegExp(`${literal(name)}(?:\\s?=\\s?|\\s)["']?(${literal(value)})`, "dg"));
  }

  /** Returns the places of known values in a text; a text that was cut short may end inside a value. */
  spansIn(text: string): SecretSpan[] {
    const spans: SecretSpan[] = [];
    for (const value of this.#values)
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length))
        spans.push({ start: at, end: at + value.length });
    for (let cut = text.indexOf("…"); cut >= 0; cut = text.indexOf("…", cut + 1))
      for (const value of this.#values) {
        const length = beginningBefore(text, cut, value);
        if (length > 0) spans.push({ start: cut - length, end: cut, isBlock: true });
      }
    for (const pattern of this.#words.values())
      for (const { indices } of text.matchAll(pattern)) {
        const [start = 0, end = 0] = indices?.[1] ?? [];
        spans.push({ start, end });
      }
    return spans;
  }

  mask(text: string): string {
    const spans = [...secretSpans(text), ...this.spansIn(text)];
    return spans.length === 0 ? text : maskSpans(text, joinSpans(spans));
  }
}

/** Returns the length of the beginning of a value that ends at an offset; fewer than four characters reveal nothing. */
function beginningBefore(text: string, cut: number, value: string): number {
  const longest = Math.min(value.length - 1, cut, 256);
  for (let length = longest; length >= 4; length--)
    if (text.startsWith(value.slice(0, length), cut - length)) return length;
  return 0;
}

/** Returns a value as written, without quotes, in a JSON string, on one line, and its lines. */
function spellings(value: string): string[] {
  const plain = [value, unquoted(value), value.replace(/\s+/g, " ")];
  const all = new Set([...plain, ...plain.map((each) => JSON.stringify(each).slice(1, -1))]);
  if (/\n/.test(value)) for (const line of value.split(/[\\`]?\r?\n/)) all.add(line.trim());
  return [...all].filter((each) => each.length >= 6 && !isReference(each) && !isCommonWord(each));
}

/** Removes quotes and escapes as a shell does: `abc"d e"` → `abcd e`, `abc\ d` → `abc d`. */
function unquoted(value: string): string {
  return value
    .replace(/[\\`]\r?\n/g, "")
    .replace(
      /\$?"((?:[^"\\]|\\.)*)"|\$?'([^']*)'/g,
      (_, double?: string, single?: string) => double ?? single ?? "",
    )
    .replace(/\\(.)/g, "$1");
}

/** A value that other texts may hold by chance. */
function isCommonWord(value: string): boolean {
  return value.length < 6 || /^(?:[a-z]+|[A-Z]+|\d+)$/.test(value) || (value.length < 8 && !/\d/.test(value));
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** Returns all secrets of a text that is a Dockerfile, a record of a builder, or a part of one. */
export function secretsOf(text: string): KnownSecret[] {
  return secretSpans(text, true).map(({ start, end, name = "" }) => ({
    name,
    value: text.slice(start, end),
  }));
}

/** Returns the secrets of a command in exec form: its words in one line would need quotes. */
export function secretsOfWords(words: readonly string[]): KnownSecret[] {
  return [...secretsOf(JSON.stringify(words)), ...words.flatMap(secretsOf)].map(({ name, value }) => ({
    name,
    value: value.replace(/\\(["\\])/g, "$1"),
  }));
}
