/** The fields of a tar header block (docs/spec/layers.md, rule 1). All texts are byte strings. */

export const blockSize = 512;

export function roundUp(bytes: number): number {
  return Math.ceil(bytes / blockSize) * blockSize;
}

/** Reads a NUL-terminated field as a byte string. */
export function textField(block: Buffer, start: number, length: number): string {
  let end = start;
  const last = start + length;
  while (end < last && block[end] !== 0) end++;
  // most link and prefix fields are empty, and this saves a call into native code
  return end === start ? "" : block.toString("latin1", start, end);
}

/** Reads a number: octal digits with blanks or NULs around, or base-256 when the top bit is set; else NaN. */
export function numberField(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if ((first & 0x80) !== 0) return base256(block, start, length);
  let value = 0;
  let digits = false;
  for (let i = start; i < start + length; i++) {
    const c = block[i] ?? 0;
    if (c >= 0x30 && c <= 0x37) {
      value = value * 8 + (c - 0x30);
      digits = true;
    } else if (c === 0x20 || c === 0) {
      if (digits) break;
    } else return Number.NaN;
  }
  return value;
}

function base256(block: Buffer, start: number, length: number): number {
  const negative = ((block[start] ?? 0) & 0x40) !== 0;
  let value = negative ? -1 : 0;
  for (let i = start; i < start + length; i++) {
    const byte = block[i] ?? 0;
    const bits = i === start ? (negative ? byte | 0x80 : byte & 0x7f) : byte;
    value = i === start ? (negative ? bits - 256 : bits) : value * 256 + bits;
  }
  return value;
}

/**
 * Returns true when the checksum field of the block at `from` agrees with the block, summed as unsigned or (old
 * writers) as signed bytes.
 */
export function checksumHolds(bytes: Buffer, from = 0): boolean {
  const stated = numberField(bytes, from + 148, 8);
  if (Number.isNaN(stated)) return false;
  /* oxlint-disable typescript/no-non-null-assertion -- every byte of every header: a check of each would show */
  let unsigned = 8 * 0x20;
  for (let i = from; i < from + blockSize; i += 4) {
    unsigned += bytes[i]! + bytes[i + 1]! + bytes[i + 2]! + bytes[i + 3]!;
  }
  for (let i = from + 148; i < from + 156; i++) unsigned -= bytes[i]!;
  if (stated === unsigned) return true;
  let high = 0;
  for (let i = 0; i < blockSize; i++) if ((i < 148 || i > 155) && bytes[from + i]! > 127) high++;
  /* oxlint-enable typescript/no-non-null-assertion */
  return stated === unsigned - 256 * high;
}

export function isZero(bytes: Buffer, from: number): boolean {
  for (let i = from; i < from + blockSize; i++) if (bytes[i] !== 0) return false;
  return true;
}

/**
 * Normalizes a path: `./a`, `/a` and `a/` become `a`; an inner `..` is resolved. A path that would leave the root
 * keeps its leading `..`, so that the reader can refuse it by name; the root itself is the empty string.
 */
export function cleanPath(raw: string): string {
  if (raw !== "" && isClean(raw)) return raw;
  const parts: string[] = [];
  for (const part of raw.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** Returns true for a path without empty, `.` or `..` components; a fast path for nearly every name. */
function isClean(raw: string): boolean {
  let start = true;
  for (let i = 0; i < raw.length; i++) {
    const c = raw.charCodeAt(i);
    if (start && (c === 0x2f || c === 0x2e)) {
      if (c === 0x2f) return false;
      const next = raw.charCodeAt(i + 1);
      if (Number.isNaN(next) || next === 0x2f) return false;
      if (next === 0x2e && (i + 2 >= raw.length || raw.charCodeAt(i + 2) === 0x2f)) return false;
    }
    start = c === 0x2f;
  }
  return !start;
}
