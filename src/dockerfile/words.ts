/** Splits the joined text of an instruction into words as BuildKit does. Results are index ranges into that text. */
import type { Range } from "./dockerfile.ts";
import { isSpace } from "./lines.ts";

/** Splits FROM, COPY, ADD, EXPOSE, VOLUME … at blanks; quotes are kept, and removed when the word is expanded. */
export function blankWords(text: string, from: number): Range[] {
  const words: Range[] = [];
  const pattern = /[^\t\v\f\r ]+/g;
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    words.push({ start: match.index, end: match.index + match[0].length });
  }
  return words;
}

/** Splits ENV, ARG and LABEL at blanks outside quotes. An unclosed quote runs to the end. */
export function quotedWords(text: string, from: number, escape: string): Range[] {
  const words: Range[] = [];
  let start = -1;
  let quote = "";
  for (let at = from; at <= text.length; at++) {
    const char = text[at];
    if (start < 0) {
      if (char === undefined || isSpace(char)) continue;
      start = at;
    }
    if (char === undefined || (quote === "" && isSpace(char))) {
      words.push({ start, end: Math.min(at, text.length) });
      start = -1;
      continue;
    }
    if (char === escape && quote !== "'") at++;
    else if (quote === "") {
      if (char === "'" || char === '"') quote = char;
    } else if (char === quote) quote = "";
  }
  return words;
}

/**
 * Splits a text at blanks outside quotes and `${…}`, as BuildKit does to find heredocs. Undefined when a quote or
 * brace stays open; BuildKit then finds no heredocs.
 */
export function lexWords(text: string): Range[] | undefined {
  const words: Range[] = [];
  let start = -1;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (isSpace(char)) {
      if (start >= 0) words.push({ start, end: at });
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    const end = skipLexeme(text, at, "\\");
    if (end === undefined) return undefined;
    at = end - 1;
  }
  if (start >= 0) words.push({ start, end: text.length });
  return words;
}

/** Returns the end of the quoted part, escape, `${…}` or single character at `at`; undefined when it is not closed. */
function skipLexeme(text: string, at: number, escape: string): number | undefined {
  const char = text[at];
  if (char === escape) return Math.min(at + 2, text.length);
  if (char === "'") {
    const close = text.indexOf("'", at + 1);
    return close < 0 ? undefined : close + 1;
  }
  if (char === '"') {
    for (let i = at + 1; i < text.length;) {
      if (text[i] === '"') return i + 1;
      const next = text[i] === "'" ? i + 1 : skipLexeme(text, i, escape);
      if (next === undefined) return undefined;
      i = next;
    }
    return undefined;
  }
  if (char === "$" && text[at + 1] === "{") {
    for (let i = at + 2; i < text.length;) {
      if (text[i] === "}") return i + 1;
      const next = skipLexeme(text, i, escape);
      if (next === undefined) return undefined;
      i = next;
    }
    return undefined;
  }
  return at + 1;
}

/** Removes quotes and escapes; variables stay as written. */
export function unquote(text: string, escape: string): string {
  let result = "";
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote === "'") {
      if (char === "'") quote = "";
      else result += char;
    } else if (char === escape) {
      const next = text[at + 1];
      if (next === undefined) break;
      if (quote === '"' && next !== '"' && next !== "$" && next !== escape) result += char;
      result += next;
      at++;
    } else if (char === quote) quote = "";
    else if (quote === "" && (char === "'" || char === '"')) quote = char;
    else result += char;
  }
  return result;
}
