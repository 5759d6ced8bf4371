/**
 * Paths of an image as bytes, and their conversion to text. Names in a tar are not always UTF-8, so a `BytePath` is a
 * string with one char (0..255) per byte (docs/spec/layers.md, "Notation"). Comparing two of them with `<` compares
 * bytes. Only the report turns them into readable text.
 */

declare const isBytePath: unique symbol;

/** One char per byte. Cleaned: no leading `./` or `/`, no trailing `/`, no `..`. The root is the empty string. */
export type BytePath = string & { readonly [isBytePath]: true };

/** Brands a string whose chars are bytes: from a tar header, or joined from byte paths. */
export function asBytePath(bytes: string): BytePath {
  return bytes as BytePath;
}

export const rootPath: BytePath = asBytePath("");

/** Returns the part of a path before the slash at `end`. */
export function folderUpTo(path: BytePath, end: number): BytePath {
  return asBytePath(path.slice(0, end));
}

/** Returns the folder of a path; the root is the empty string. */
export function parentOf(path: BytePath): BytePath {
  return folderUpTo(path, Math.max(0, path.lastIndexOf("/")));
}

/** Joins a folder and a name. */
export function pathIn(folder: BytePath, name: string): BytePath {
  return asBytePath(folder === "" ? name : `${folder}/${name}`);
}

/** Formats a path for people: with a leading slash, decoded as UTF-8. */
export function showPath(path: BytePath): string {
  return `/${toText(path)}`;
}

/** Decodes a byte string; bytes that are not UTF-8 become U+FFFD, control characters are escaped. */
export function toText(bytes: BytePath): string {
  // oxlint-disable-next-line no-control-regex
  const ascii = /^[\x20-\x7e]*$/.test(bytes);
  if (ascii) return bytes;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    Uint8Array.from(bytes, (c) => c.charCodeAt(0)),
  );
  return escapeControls(text);
}

/** Writes control characters as `\x1b`, so that a name is one line and drives no terminal. */
export function escapeControls(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** Encodes a text as a byte string, to compare it with paths of an image. */
export function toBytes(text: string): BytePath {
  // oxlint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return asBytePath(text);
  return asBytePath(String.fromCharCode(...new TextEncoder().encode(text)));
}
