/** Masks values that are known to be secrets, wherever and however an output repeats them. */
import { maskSpans, joinSpans, secretSpans } from "./secrets.ts";
import type { SecretSpan } from "./places.ts";
import { isPlaceholderWord, isReference } from "./placeholder.ts";
import type { ValueRange } from "./values.ts";

/** A value of a Dockerfile or an image that is a secret; `name` is what it stands behind, empty for a token. */
export interface KnownSecret {
  readonly name: string;
  readonly value: string;
}

/** The values that a run has found, in all spellings. It only grows. */
export class KnownSecrets {
  readonly #all = new Set<string>();
  /** Common words, which are hidden behind these names only: `wordpress` is a folder too. */
  readonly #names = new Map<string, Set<string>>();
  /** Made when they are needed, because each target adds values. */
  #indexes: { readonly values: Index; readonly words: Index } | undefined;

  add(secrets: readonly KnownSecret[]): void {
    for (const { name, value } of secrets) {
      if (isCommonWord(value)) this.#addWord(name, value);
      else for (const spelling of spellings(value)) for (const part of partsOf(spelling)) this.#all.add(part);
    }
    this.#indexes = undefined;
  }

  #addWord(name: string, value: string): void {
    if (name === "" || value.length < shortest || isReference(value) || isPlaceholderWord(value)) return;
    const names = this.#names.get(value);
    if (names === undefined) this.#names.set(value, new Set([name]));
    else names.add(name);
  }

  /** Returns the places of known values in a text; a text that was cut short may end inside a value. */
  spansIn(text: string): SecretSpan[] {
    if (this.#all.size === 0 && this.#names.size === 0) return [];
    this.#indexes ??= { values: new Index(this.#all), words: new Index(this.#names.keys()) };
    const { values, words } = this.#indexes;
    const spans: SecretSpan[] = [...values.placesIn(text)];
    for (const place of words.placesIn(text)) {
      const { start, end } = place;
      if (this.#names.get(text.slice(start, end))?.has(nameBefore(text, start)) === true) spans.push(place);
    }
    for (let cut = text.indexOf("…"); cut >= 0; cut = text.indexOf("…", cut + 1)) {
      const start = values.beginningBefore(text, cut);
      if (start !== undefined) spans.push({ start, end: cut, isBlock: true });
    }
    return spans;
  }

  mask(text: string): string {
    const spans = [...secretSpans(text), ...this.spansIn(text)];
    return spans.length === 0 ? text : maskSpans(text, joinSpans(spans));
  }
}

/** Length of the shortest value, and of the shortest beginning that reveals something. */
const shortest = 4;

/** Finds many values at once: the cost grows with the text, not with the number of values. */
class Index {
  readonly #sorted: readonly string[];
  /** For each value the position of the longest other one that it begins with; -1 for none. */
  readonly #parents: readonly number[];
  /** The first characters of all values: at most places no value begins. */
  readonly #starts: ReadonlySet<string>;
  readonly #longest: number;

  constructor(values: Iterable<string>) {
    this.#sorted = [...values].toSorted();
    this.#starts = new Set(this.#sorted.map((value) => value.slice(0, shortest)));
    this.#longest = this.#sorted.reduce((most, { length }) => Math.max(most, length), 0);
    const open: number[] = [];
    this.#parents = this.#sorted.map((value, i) => {
      while (open.length > 0 && !value.startsWith(this.#sorted[open.at(-1) ?? 0] ?? "")) open.pop();
      const parent = open.at(-1) ?? -1;
      open.push(i);
      return parent;
    });
  }

  /** Yields the longest value at each place where one begins. */
  *placesIn(text: string): Iterable<ValueRange> {
    if (this.#sorted.length === 0) return;
    for (let start = 0; start + shortest <= text.length; start++) {
      if (!this.#starts.has(text.slice(start, start + shortest))) continue;
      const rest = text.slice(start, start + this.#longest);
      // all values that `rest` begins with are this one or its parents
      let i = this.#firstBehind(rest) - 1;
      const common = commonLength(this.#sorted[i] ?? "", rest);
      while (i >= 0 && (this.#sorted[i]?.length ?? 0) > common) i = this.#parents[i] ?? -1;
      if (i >= 0) yield { start, end: start + (this.#sorted[i]?.length ?? 0) };
    }
  }

  /** Returns where the longest beginning of a value starts that ends at an offset. */
  beginningBefore(text: string, cut: number): number | undefined {
    for (let start = Math.max(0, cut - 256); start + shortest <= cut; start++) {
      if (!this.#starts.has(text.slice(start, start + shortest))) continue;
      const beginning = text.slice(start, cut);
      if (this.#sorted[this.#firstBehind(beginning)]?.startsWith(beginning) === true) return start;
    }
    return undefined;
  }

  /** Returns the position of the first value that sorts behind a text. */
  #firstBehind(text: string): number {
    let [from, to] = [0, this.#sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#sorted[middle] ?? "") <= text) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** Returns the length of the beginning that two texts share. */
function commonLength(a: string, b: string): number {
  let [from, to] = [0, Math.min(a.length, b.length)];
  while (from < to) {
    const middle = (from + to + 1) >> 1;
    if (b.startsWith(a.slice(from, middle), from)) from = middle;
    else to = middle - 1;
  }
  return from;
}

/** Cuts long values into parts that overlap, so that comparing them takes a bounded time. */
function partsOf(value: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at === 0 || at + 256 < value.length; at += 255) parts.push(value.slice(at, at + 511));
  return parts;
}

/** Returns the name before a value: `NAME=value`, `NAME value`, `NAME = "value`; empty for none. */
function nameBefore(text: string, at: number): string {
  let end = at;
  const isAt = (pattern: RegExp) => end > 0 && pattern.test(text[end - 1] ?? "");
  if (isAt(/["']/)) end--;
  const last = end;
  if (isAt(/\s/)) end--;
  if (isAt(/=/)) {
    end--;
    if (isAt(/\s/)) end--;
  }
  if (end === last) return "";
  let start = end;
  while (start > 0 && end - start < 256 && /[\w.-]/.test(text[start - 1] ?? "")) start--;
  return text.slice(start, end);
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
