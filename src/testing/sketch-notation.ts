/** The notation of layer sketches, text → items. The meaning of an item is in sketch.ts. */
import type { EntryKind } from "../image/image.ts";

export interface SketchItem {
  /** A byte string; without the trailing slash of a directory. */
  readonly path: string;
  readonly kind: EntryKind;
  /** Byte string: symlink target as written, hardlink target as a path. */
  readonly link: string;
  readonly size: number;
  /** Files only: literal text, a name that stands for fixed bytes, or undefined for bytes no other file has. */
  readonly content: { readonly text: string } | { readonly name: string } | undefined;
  /** `mode`, `uid`, `gid`, `mtime`, `stored`, `char`, `block`, `fifo`, `xattr.<name>` as written. */
  readonly attributes: ReadonlyMap<string, string>;
}

const units: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};
const attributeNames = /^(?:mode|uid|gid|mtime|stored|char|block|fifo|xattr\..+)$/;

/** Reads one layer. Throws an Error that quotes the place when the text is not a sketch. */
export function parseSketch(text: string): SketchItem[] {
  const items: SketchItem[] = [];
  let at = 0;
  const fail = (why: string): never => {
    throw new Error(`sketch: ${why} at ${at} of ${JSON.stringify(text)}`);
  };

  const quoted = (): string => {
    const end = /^"(?:[^"\\]|\\.)*"/.exec(text.slice(at))?.[0] ?? fail("unfinished string");
    at += end.length;
    return JSON.parse(end) as string;
  };
  // a name in quotes is bytes already, one char each; a bare one is text, so UTF-8
  const name = (): string => {
    if (text[at] === '"') return quoted();
    const [word = ""] = /^[^\s()[\]≡→"]*/.exec(text.slice(at)) ?? [];
    at += word.length;
    return Buffer.from(word, "utf8").toString("latin1");
  };
  const list = (close: string): string[] => {
    const parts: string[] = [];
    at++;
    for (;;) {
      while (text[at] === " ") at++;
      if (text[at] === '"') {
        parts.push(JSON.stringify(quoted()));
      } else {
        const [word = ""] = /^[^,)\]]*/.exec(text.slice(at)) ?? [];
        at += word.length;
        if (word !== "") parts.push(word.trim());
      }
      if (text[at] === ",") at++;
      else if (text[at] === close) break;
      else fail(`expected , or ${close}`);
    }
    at++;
    return parts;
  };

  while (at < text.length) {
    if (/[\s∅]/.test(text.charAt(at))) {
      at++;
      continue;
    }
    const path = name();
    if (path === "") fail("no name");
    let kind: EntryKind = path.endsWith("/") ? "dir" : "file";
    let link = "";
    if (text[at] === "→" || text[at] === "≡") {
      kind = text[at] === "→" ? "symlink" : "hardlink";
      at++;
      link = name();
    }
    const parts = text[at] === "(" ? list(")") : [];
    if (parts.length > 0 && kind !== "file") fail("only a file has ( )");
    if (text[at] === "[") parts.unshift("0", ...list("]"));
    else if (parts.length === 0) parts.push("0");
    items.push(toItem(path.replace(/\/+$/, ""), kind, link, parts, fail));
  }
  return items;
}

function toItem(
  path: string,
  kind: EntryKind,
  link: string,
  parts: readonly string[],
  fail: (why: string) => never,
): SketchItem {
  const [first = "0", ...rest] = parts;
  let content: SketchItem["content"];
  let size = 0;
  if (first.startsWith('"')) {
    const text = JSON.parse(first) as string;
    content = { text };
    size = Buffer.byteLength(text);
  } else {
    const [, number, unit = ""] =
      /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(first) ?? fail(`${first} is not a size`);
    size = Math.round(Number(number) * (units[unit] ?? fail(`${unit} is not a unit`)));
  }
  const attributes = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf("=");
    if (equals > 0) attributes.set(part.slice(0, equals), part.slice(equals + 1));
    else if (/^0[0-7]{3,4}$/.test(part)) attributes.set("mode", part);
    else if (part === "fifo") attributes.set("fifo", "");
    else if (kind === "file" && content === undefined && /^[A-Za-z_][\w-]*$/.test(part))
      content = { name: part };
    else fail(`${part} is neither a content name nor an attribute`);
  }
  for (const attribute of attributes.keys())
    if (!attributeNames.test(attribute)) fail(`unknown attribute ${attribute}`);
  const special = (["char", "block", "fifo"] as const).find((device) => attributes.has(device));
  return { path, kind: special ?? kind, link, size, content, attributes };
}
