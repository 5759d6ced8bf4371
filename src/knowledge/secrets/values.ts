/** Reads a value that follows its name in a shell, JSON, YAML, ini or connection string. Every reader is linear. */

export interface ValueRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Longest value that is read; what follows is no part of a password. */
const longest = 8192;

/** Characters that mean nothing in a word. */
const plain = /[\w.,:=/@%+~^*?![\]{}#-]{1,8192}/y;

/**
 * Reads a shell word: quotes, concatenation (`abc"d e"`), escapes (`abc\ d`), continuation lines. `opened` is the quote
 * before the name (`"`, `\"`), which ends the word; empty for none. Values in quotes come without them.
 */
export function readWord(text: string, at: number, opened: string, ends = ""): ValueRange {
  const limit = Math.min(text.length, at + longest);
  let i = at;
  let pieces = 0;
  let inner: ValueRange | undefined;
  while (i < limit) {
    if (ends === "") {
      plain.lastIndex = i;
      if (plain.test(text)) {
        pieces += 2;
        i = Math.min(plain.lastIndex, limit);
        if (i === limit) break;
      }
    }
    if (opened !== "" && closesAt(text, i, opened)) break;
    const dollar = text[i] === "$" && (text[i + 1] === "'" || text[i + 1] === '"') ? 1 : 0;
    const quote = quoteAt(text, i + dollar);
    if (quote !== "") {
      const isFirst = i === at;
      if (!isFirst && !opensAt(text, i + dollar, quote)) break;
      const from = i + dollar + quote.length;
      const close = closing(text, from, quote, limit, dollar === 1 || quote.length > 1);
      if (close < 0) {
        // not closed: the first line at least
        i = isFirst ? lineEnd(text, from, limit) : limit;
        if (isFirst) inner = { start: from, end: i };
        pieces++;
        break;
      }
      inner = { start: from, end: close };
      pieces++;
      i = close + quote.length;
      continue;
    }
    const char = text[i] ?? "";
    if (char === "\\") {
      const next = afterLineBreak(text, i);
      if (next > 0 && /\s/.test(text[next] ?? " ")) break;
      i = next > 0 ? next : i + 2;
      pieces += 2;
      continue;
    }
    if (/[\s;|&<>()`]/.test(char) || ends.includes(char)) break;
    i++;
    pieces += 2;
  }
  if (pieces === 1 && inner !== undefined) return inner;
  let end = Math.min(i, limit);
  while (end > at + 1 && /[,.\]})]/.test(text[end - 1] ?? "")) end--;
  return { start: at, end };
}

/** Reads to the end of the quotes that stand before the name, else to the end of the line, without a comment. */
export function readLine(text: string, at: number, opened: string): ValueRange {
  const limit = Math.min(text.length, at + longest);
  const quote = quoteAt(text, at);
  if (quote !== "" && quote !== opened) {
    const close = closing(text, at + quote.length, quote, limit, true);
    return { start: at + quote.length, end: close < 0 ? lineEnd(text, at, limit) : close };
  }
  if (opened !== "") {
    const close = closing(text, at, opened, limit, true);
    if (close >= 0) return { start: at, end: close };
  }
  const end = lineEnd(text, at, limit);
  const comment = text.slice(at, end).search(/\s#/);
  let last = comment < 0 ? end : at + comment;
  while (last > at && /[\s,\\]/.test(text[last - 1] ?? "")) last--;
  return { start: at, end: last };
}

/** Reads a YAML block (`key: |`): the lines that are indented deeper than `indent`. */
export function readBlock(text: string, at: number, indent: number): ValueRange {
  const limit = Math.min(text.length, at + longest);
  const start = lineEnd(text, at, limit);
  let end = start;
  while (end < limit) {
    const next = lineEnd(text, end + 1, limit);
    const line = text.slice(end + 1, next);
    if (line.trim() !== "" && line.length - line.trimStart().length <= indent) break;
    end = next;
  }
  return { start, end };
}

/** Returns the quote at an offset with the backslashes before it: `"`, `'`, `\"`, `\\\"`; empty for none. */
export function quoteAt(text: string, at: number): string {
  let i = at;
  while (text[i] === "\\" && i < at + 8) i++;
  const char = text[i];
  return char === '"' || char === "'" ? text.slice(at, i + 1) : "";
}

/** Returns the quote that ends at an offset, with the backslashes before it. */
export function quoteBefore(text: string, at: number): string {
  const char = text[at - 1];
  if (char !== '"' && char !== "'") return "";
  let i = at - 1;
  while (i > 0 && text[i - 1] === "\\" && i > at - 9) i--;
  return text.slice(i, at);
}

function closesAt(text: string, at: number, quote: string): boolean {
  return text.startsWith(quote, at) && text[at - 1] !== "\\";
}

/**
 * Returns true if a quote inside a word opens a quoted part (`abc"d e"`), false if it closes what began before the word
 * (`"cd x; A=abc"`): by the number of such quotes before it on its line.
 */
function opensAt(text: string, at: number, quote: string): boolean {
  if (quote.length > 1) return /[A-Za-z0-9]/.test(text[at + quote.length] ?? " ");
  let count = 0;
  for (let i = at - 1; i >= 0 && i > at - 400 && text[i] !== "\n"; i--)
    if (text[i] === quote && text[i - 1] !== "\\") count++;
  return count % 2 === 0;
}

/** Returns the offset of the closing quote; -1 for none. */
function closing(text: string, from: number, quote: string, limit: number, escapes: boolean): number {
  const isPlain = quote.length === 1;
  for (let i = from; i < limit; i++) {
    if (isPlain && text[i] === "\\" && (escapes || quote === '"')) {
      i++;
      continue;
    }
    if (text.startsWith(quote, i) && (isPlain || text[i - 1] !== "\\")) return i;
  }
  return -1;
}

/** Returns the end of the line, at most `longest` further. */
export function lineEnd(text: string, at: number, limit = text.length): number {
  const last = Math.min(limit, at + longest);
  const end = text.slice(at, last).indexOf("\n");
  return end < 0 ? last : at + end;
}

/** Returns the start of the line of an offset, at most `most` characters before it. */
export function lineStart(text: string, at: number, most = 400): number {
  const from = Math.max(0, at - most);
  return from + text.slice(from, at).lastIndexOf("\n") + 1;
}

/** Returns the offset after backslashes and a line break; 0 for none. A break in nested quotes has a few, as in `quoteAt`. */
function afterLineBreak(text: string, at: number): number {
  let i = at;
  while (text[i] === "\\" && i < at + 8) i++;
  if (text[i] === "\r") i++;
  return text[i] === "\n" ? i + 1 : 0;
}
