/** Normalizes texts of history and Dockerfile for comparison. */

/** Replaces runs of white space by one blank, and trims the ends. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Removes brackets and quotes, which differ between builders, and keeps the words. */
export function bareWords(text: string): string {
  return squeeze(text.replace(/["'\\[\]{},&]/g, " "));
}

/**
 * Returns a pattern for the values a word may expand to, in which a variable matches anything; undefined for a word
 * without variables.
 */
export function variablePattern(word: string): RegExp | undefined {
  if (!word.includes("$")) return undefined;
  const source = word
    .replace(/["'\\]/g, "")
    .split(/\$\{[^}]*\}+|\$[A-Za-z_][A-Za-z0-9_]*/)
    .map((literal) => literal.replace(/[.*+?^${}()|[\]/]/g, "\\$&"))
    .join("[^]*");
  return new RegExp(`^${source}$`);
}
