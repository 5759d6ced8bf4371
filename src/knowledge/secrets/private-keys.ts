/** Finds private keys: RFC 7468 and the formats of OpenSSH, PGP (RFC 9580), OpenVPN and PuTTY, also inside strings. */
import type { SecretSpan } from "./places.ts";

export interface FoundKey {
  readonly name: string;
  /** A passphrase protects it. */
  readonly encrypted: boolean;
}

/** The first line of a block, up to five words; `PRIVATE KEY BLOCK` is PGP's. */
const begin = /-----BEGIN ((?:[A-Za-z0-9]{1,20} ){0,4}(?:PRIVATE KEY(?: BLOCK)?|Static key V1))-----/g;

interface Block {
  readonly kind: string;
  /** Range of what is between the first and the last line; the block may be cut off. */
  readonly start: number;
  readonly end: number;
}

function blocksIn(text: string): Block[] {
  if (!text.includes("-----BEGIN ")) return [];
  const blocks: Block[] = [];
  begin.lastIndex = 0;
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const [, kind = ""] = match;
    const start = begin.lastIndex;
    const next = text.indexOf("-----", start);
    const end = next < 0 ? text.length : next;
    blocks.push({ kind, start, end });
    begin.lastIndex = end;
  }
  return blocks;
}

/** Returns what no output may show of private keys, line by line. */
export function keySpans(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const { start, end } of blocksIn(text)) {
    const line = /[^\s\\"',]+(?:\\(?![nrt"])[^\s\\"',]*)*/g;
    for (const match of text.slice(start, end).matchAll(line)) {
      // `\n` in a JSON string: the letter belongs to the escape
      const isEscape = /^[nrt]/.test(match[0]) && text[start + match.index - 1] === "\\" ? 1 : 0;
      const from = start + match.index + isEscape;
      const to = start + match.index + match[0].length;
      if (to - from >= 2) spans.push({ start: from, end: to, isBlock: true });
    }
  }
  if (!text.includes("Private-Lines: ")) return spans;
  const count = /Private-Lines: (\d{1,4})[^\n]*\n/g;
  for (let match = count.exec(text); match !== null; match = count.exec(text)) {
    let line = count.lastIndex;
    for (let left = Number(match[1]); left > 0 && line < text.length; left--) {
      const next = text.indexOf("\n", line);
      const end = next < 0 ? text.length : next;
      spans.push({ start: line, end, isBlock: true });
      line = end + 1;
    }
    count.lastIndex = line;
  }
  return spans;
}

/** Returns the first private key of a text. In JSON, YAML and source code its line ends may be written as `\n`. */
export function privateKeyIn(text: string): FoundKey | undefined {
  for (const { kind, start, end } of blocksIn(text)) {
    const body = unescaped(text.slice(start, end));
    const material = body
      .replace(/^[A-Za-z-]+:.*$/gm, "")
      .replace(/^#.*$/gm, "")
      // strings that source code joins
      .replace(/["'][^\S\n]*[+.]?[^\S\n]*\\?$/gm, "")
      .replace(/[\s"'\\,]/g, "");
    if (material.length < 40 || !/^[A-Za-z0-9+/=]+$/.test(material)) continue;
    if (new Set(material).size < 10) continue;
    return { name: `a private key (${kind})`, encrypted: isEncrypted(kind, body, material) };
  }
  if (/^PuTTY-User-Key-File-[23]: /m.test(text) && /^Private-Lines: \d/m.test(text)) {
    return { name: "a PuTTY private key", encrypted: !/^Encryption: none\s*$/m.test(text) };
  }
  return undefined;
}

/** Line ends that JSON and `.env` files write as two characters, escaped once or more. */
export function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\+(?:r\\+)?n|\\+r/g, "\n").replace(/\\+t/g, "\t");
}

/**
 * Returns true for an encrypted key. PKCS #8 and PEM state it in the header; the OpenSSH format names its cipher at a
 * fixed offset.
 */
function isEncrypted(kind: string, body: string, material: string): boolean {
  if (kind.includes("ENCRYPTED") || /^Proc-Type: 4,ENCRYPTED/m.test(body)) return true;
  if (kind !== "OPENSSH PRIVATE KEY") return false;
  try {
    const cipher = atob(material.slice(0, 64)).slice(19, 23);
    return cipher !== "none";
  } catch {
    return false;
  }
}
