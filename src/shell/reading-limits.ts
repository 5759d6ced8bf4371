/** Limits for the shell parser, which takes too long on some hostile scripts. */

const maxNesting = 200;
const maxHeredocs = 1000;

/**
 * Returns true for a text that would take too long to parse. Parentheses in quotes and comments count too, which only
 * makes the limit stricter.
 */
export function isBeyondReading(text: string): boolean {
  let depth = 0;
  let deepest = 0;
  let heredocs = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "(") deepest = Math.max(deepest, ++depth);
    else if (char === ")") depth = Math.max(0, depth - 1);
    else if (char === "<" && text[at + 1] === "<") heredocs++;
  }
  return deepest > maxNesting || heredocs > maxHeredocs;
}
