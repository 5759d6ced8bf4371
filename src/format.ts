/** Formats numbers, sizes and lists for messages, the same way in all rules and reports. */

const units = ["kB", "MB", "GB", "TB", "PB"] as const;

/** Formats a size in bytes for people, in powers of ten: `0 B`, `999 B`, `1.0 kB`, `83.4 MB`. */
export function formatBytes(bytes: number): string {
  if (Math.abs(bytes) < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit++;
  } while (Math.abs(Number(value.toFixed(1))) >= 1000 && unit < units.length - 1);
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** Formats a count with its noun: `1 file`, `1,204 files`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(n)} ${n === 1 ? singular : plural}`;
}

/** Formats a number: `1,204`. Does not use the locale, which takes longer to load than linting a Dockerfile. */
export function formatNumber(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Joins words: `a`, `a and b`, `a, b and c`. */
export function formatList(words: readonly (string | undefined)[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Control characters of a hostile name or text would drive the terminal: they are shown. Line breaks and tabs stay. */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/g, "�");
}

/** Cuts a line to a length, with an ellipsis; tabs become two blanks, control characters become visible. */
export function clip(text: string, width: number): string {
  const flat = text
    .replaceAll("\t", "  ")
    // oxlint-disable-next-line no-control-regex
    .replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, "�");
  return flat.length > width ? `${flat.slice(0, Math.max(0, width - 1))}…` : flat;
}
