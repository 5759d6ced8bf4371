/**
 * Shell patterns of `*`, `?` and `\` escapes, as in `${x#pattern}`. Time is at most proportional to the length of the
 * value times that of the pattern.
 */
import { itemAt } from "../must.ts";

/** A character, or `*` or `?` as symbols. */
type Token = string | typeof star | typeof one;

const star = Symbol("*");
const one = Symbol("?");

/** Length of the longest value that is searched, because a match is tried from each character. */
const maxSearched = 10_000;

const maxLength = 2 ** 20;

export function trimPrefix(value: string, pattern: string, greedy: boolean): string {
  const chars = Array.from(value);
  const end = matchEnd(tokens(pattern), chars, 0, greedy);
  return end === undefined ? value : chars.slice(end).join("");
}

export function trimSuffix(value: string, pattern: string, greedy: boolean): string {
  const chars = Array.from(value).toReversed();
  const end = matchEnd(tokens(pattern).toReversed(), chars, 0, greedy);
  return end === undefined ? value : chars.slice(end).toReversed().join("");
}

/** Replaces the first match or all matches, each as long as possible; undefined when value or result are too long. */
export function replaceMatches(
  value: string,
  pattern: string,
  replacement: string,
  all: boolean,
): string | undefined {
  const chars = Array.from(value);
  if (chars.length > maxSearched) return undefined;
  const wanted = tokens(pattern);
  let result = "";
  let at = 0;
  let isDone = false;
  /** An empty match does not count where the one before it ended. */
  let previous = -1;
  while (at <= chars.length) {
    const end = isDone ? undefined : matchEnd(wanted, chars, at, true);
    if (end === undefined || (end === at && at === previous)) {
      result += chars[at] ?? "";
      at++;
      continue;
    }
    result += replacement;
    if (result.length > maxLength) return undefined;
    isDone = !all;
    previous = end;
    if (end > at) at = end;
    else {
      result += chars[at] ?? "";
      at++;
    }
  }
  return result;
}

export function escapePattern(text: string): string {
  return text.replace(/[*?\\]/g, "\\$&");
}

function tokens(pattern: string): Token[] {
  const found: Token[] = [];
  const chars = Array.from(pattern);
  for (let at = 0; at < chars.length; at++) {
    const char = itemAt(chars, at);
    if (char === "\\") found.push(chars[++at] ?? "\\");
    else if (char === "*") {
      if (found.at(-1) !== star) found.push(star);
    } else found.push(char === "?" ? one : char);
  }
  return found;
}

/**
 * Returns the end of a match that begins at `from`: as late as possible, or as early as possible. Tracks all states
 * of the pattern at once.
 */
function matchEnd(
  wanted: readonly Token[],
  chars: readonly string[],
  from: number,
  greedy: boolean,
): number | undefined {
  let end: number | undefined;
  let states = new Set<number>();
  const enter = (set: Set<number>, state: number) => {
    set.add(state);
    if (wanted[state] === star) enter(set, state + 1);
  };
  enter(states, 0);
  for (let at = from; states.size > 0; at++) {
    if (states.has(wanted.length)) {
      end = at;
      if (!greedy) return end;
    }
    const char = chars[at];
    if (char === undefined) return end;
    const next = new Set<number>();
    for (const state of states) {
      const token = wanted[state];
      if (token === star) enter(next, state);
      else if (token === one || token === char) enter(next, state + 1);
    }
    states = next;
  }
  return end;
}
