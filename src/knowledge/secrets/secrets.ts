/** Finds and masks secrets in text. */
import { commandSecrets } from "./command-secrets.ts";
import { realTokensIn, tokenShapesIn, type FoundToken } from "./issuers.ts";
import { secretNamePattern } from "./names.ts";
import { isPlaceholder, isPublished } from "./placeholder.ts";
import { loginsAndShapes, namedSecrets, urlLogins, type SecretSpan } from "./places.ts";
import { keySpans } from "./private-keys.ts";

/** Masks a value but for a few characters that identify it; short values are masked completely. */
export function maskValue(secret: string): string {
  const shown = secret.length >= 16 ? secret.slice(0, 4) : "";
  return `${shown}****`;
}

/**
 * Returns every place of a text that no output may show: keys, tokens, logins in URLs, values of names such as
 * `NPM_TOKEN`, secrets of command lines. In order, without overlaps. `isSource` as for `namedSecrets`.
 */
export function secretSpans(text: string, isSource = false): SecretSpan[] {
  if (!maybeSecret.test(text)) return [];
  return joinSpans([
    ...keySpans(text),
    ...tokenShapesIn(text)
      .filter(({ value }) => !isPublished(value))
      .map(({ at, value }) => ({ start: at, end: at + value.length })),
    ...loginsAndShapes(text),
    ...namedSecrets(text, isSource),
    ...commandSecrets(text),
  ]);
}

/** Every place has one of these: a long word, a sign before a value, or a dash. */
const maybeSecret = /[A-Za-z0-9+/_.-]{20}|[=:@%-]|\s["']?\S{3}/;

/** Sorts spans and joins those that overlap. */
export function joinSpans(spans: readonly SecretSpan[]): SecretSpan[] {
  if (spans.length < 2) return [...spans];
  const joined: SecretSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (last === undefined || span.start >= last.end) joined.push(span);
    else joined[joined.length - 1] = { ...last, end: Math.max(last.end, span.end) };
  }
  return joined;
}

/** Replaces spans, which are in order. Line ends stay where they are. */
export function maskSpans(text: string, spans: readonly SecretSpan[]): string {
  let masked = "";
  let done = 0;
  for (const { start, end, isBlock } of spans) {
    masked += text.slice(done, start);
    const lines = text.slice(start, end).split("\n");
    masked += lines
      .map((line, i) => {
        if (i === 0 && isBlock !== true) return maskValue(line);
        return line.trim() === ""
          ? line
          : `${/^\s*/.exec(line)?.[0] ?? ""}****${line.endsWith("\r") ? "\r" : ""}`;
      })
      .join("\n");
    done = end;
  }
  return masked + text.slice(done);
}

/** Masks every secret in a text. Digests, versions, paths and placeholders are left alone. */
export function maskSecrets(text: string): string {
  const spans = secretSpans(text);
  return spans.length === 0 ? text : maskSpans(text, spans);
}

/** Returns tokens of known formats and passwords in URLs, without the placeholders of documentation. */
export function tokensIn(text: string): FoundToken[] {
  const found = realTokensIn(text);
  if (!text.includes("://")) return found;
  for (const { start, end, name } of urlLogins(text)) {
    const value = text.slice(start, end);
    if (name !== undefined && !isPlaceholder(value))
      found.push({ name: "a password in a URL", value, at: start });
  }
  return found;
}

export interface FoundAssignment {
  readonly name: string;
  readonly value: string;
}

/** Returns `NAME=value` pairs whose name suggests a secret and whose value is not a placeholder. */
export function assignmentsIn(text: string): FoundAssignment[] {
  return namedSecrets(text, false).flatMap(({ name = "", start, end }) => {
    const value = text.slice(start, end);
    return !secretNamePattern.test(name) || isPlaceholder(value) ? [] : [{ name, value }];
  });
}
