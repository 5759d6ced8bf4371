/** Words that messages share, so that every rule and every report says a number the same way. */
import type { BytePath } from "./image/image.ts";

const units = ["kB", "MB", "GB", "TB", "PB"] as const;

/** A size people can read, in powers of ten: `0 B`, `999 B`, `1.0 kB`, `83.4 MB`. */
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

/** `1 file`, `1,204 files`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(n)} ${n === 1 ? singular : plural}`;
}

/** `1,204`. Loading the locale's own rules takes longer than linting a Dockerfile. */
export function formatNumber(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** A path of an image for people: with its leading slash, bytes read as UTF-8. */
export function showPath(path: BytePath): string {
  return `/${toText(path)}`;
}

/** A byte string as text; bytes that are not UTF-8 become U+FFFD, control characters are escaped. */
export function toText(bytes: BytePath): string {
  // oxlint-disable-next-line no-control-regex
  const ascii = /^[\x20-\x7e]*$/.test(bytes);
  if (ascii) return bytes;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    Uint8Array.from(bytes, (c) => c.charCodeAt(0)),
  );
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** The byte string of a text, for comparing it with paths of an image. */
export function toBytes(text: string): BytePath {
  // oxlint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** `a`, `a and b`, `a, b and c`. */
export function formatList(words: readonly (string | undefined)[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Cuts a line in the middle of nowhere with an ellipsis; tabs become two blanks, control characters are shown. */
export function clip(text: string, width: number): string {
  const flat = text
    .replaceAll("\t", "  ")
    // oxlint-disable-next-line no-control-regex
    .replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, "�");
  return flat.length > width ? `${flat.slice(0, Math.max(0, width - 1))}…` : flat;
}
