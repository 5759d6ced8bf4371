/** Texts of history and Dockerfile made comparable. */

/** Runs of white space are one blank; none at the ends. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** The words that every builder keeps, whatever brackets and quotes it writes around them. */
export function bareWords(text: string): string {
  return squeeze(text.replace(/["'\\[\]{},&]/g, " "));
}

/** Matches what a word may have become: variables stand for anything. Undefined for a word without variables. */
export function variablePattern(word: string): RegExp | undefined {
  if (!word.includes("$")) return undefined;
  const source = word
    .replace(/["'\\]/g, "")
    .split(/\$\{[^}]*\}+|\$[A-Za-z_][A-Za-z0-9_]*/)
    .map((literal) => literal.replace(/[.*+?^${}()|[\]/]/g, "\\$&"))
    .join("[^]*");
  return new RegExp(`^${source}$`);
}
