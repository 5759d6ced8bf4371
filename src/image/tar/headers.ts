/**
 * Header blocks that a rewrite changes. All others are copied unchanged, so these change as little as possible: a
 * name or a link target, and the checksum.
 */
import { asBytePath } from "../../byte-path.ts";
import { itemAt } from "../../must.ts";
import type { BytePath, Entry } from "../entry.ts";
import { blockSize, numberField, roundUp } from "./fields.ts";
import { parsePax, paxRecordLength, recordsOf } from "./pax.ts";

const nameField = [0, 100] as const;
const linkField = [157, 100] as const;
const prefixField = [345, 155] as const;

/**
 * Returns the header blocks of a member with another name. `raw` are its present blocks: pax and GNU headers, then
 * its own.
 */
export function renamed(raw: Buffer, path: BytePath): Buffer {
  return changed(raw, "path", "L", nameField, path);
}

/** Returns the header blocks of a hardlink with another target. */
export function relinked(raw: Buffer, target: BytePath): Buffer {
  return changed(raw, "linkpath", "K", linkField, target);
}

/** Returns the header block of an empty file: a whiteout or an opaque marker. */
export function emptyFile(path: BytePath): Buffer {
  const header = Buffer.alloc(blockSize);
  header.write("0000644\0", 100, "latin1");
  for (const at of [108, 116]) header.write("0000000\0", at, "latin1");
  for (const at of [124, 136]) header.write("00000000000\0", at, "latin1");
  header.write("0", 156, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  return renamed(header, path);
}

/** Returns the number of bytes that `renamed` gives for an entry. */
export function renamedLength(entry: Entry, path: BytePath): number {
  return changedLength(entry, "path", nameField, path);
}

/** Returns the number of bytes that `relinked` gives for a hardlink. */
export function relinkedLength(entry: Entry, target: BytePath): number {
  return changedLength(entry, "linkpath", linkField, target);
}

/** Returns the number of bytes that `emptyFile` gives. */
export function emptyFileLength(path: BytePath): number {
  if (path.length <= nameField[1]) return blockSize;
  return 2 * blockSize + roundUp(paxRecordLength("path", path));
}

function changedLength(
  { offset, dataOffset, extended }: Entry,
  key: "path" | "linkpath",
  field: readonly [start: number, length: number],
  value: BytePath,
): number {
  const rest = dataOffset - offset - (extended?.gnu ?? 0);
  if (value.length <= field[1] && extended?.inPax !== true) return rest;
  const written = paxRecordLength(key, value);
  if (extended?.pax === undefined) return rest + blockSize + roundUp(written);
  return rest - roundUp(extended.pax) + roundUp(extended.others + written);
}

/** Returns the header blocks of a file of `size` bytes in an image archive; one, unless the name is long. */
export function archiveMember(path: string, size: number): Buffer {
  const blocks = emptyFile(asBytePath(path));
  const header = blocks.subarray(-blockSize);
  writeSize(header, size);
  writeChecksum(header);
  return blocks;
}

function changed(
  raw: Buffer,
  key: "path" | "linkpath",
  gnuType: "L" | "K",
  field: readonly [start: number, length: number],
  value: BytePath,
): Buffer {
  const { metas, rest } = blocksOf(raw);
  const main = Buffer.from(rest);
  const inPax = metas.some(({ type, data }) => type === "x" && parsePax(data)?.has(key) === true);
  const others = metas.filter(({ type }) => type !== gnuType);
  main.fill(0, field[0], field[0] + field[1]);
  // GNU headers have times where ustar headers have the prefix of the name
  if (key === "path" && main.toString("latin1", 257, 263) === "ustar\0")
    main.fill(0, prefixField[0], prefixField[0] + prefixField[1]);
  main.write(value.slice(0, field[1]), field[0], "latin1");
  writeChecksum(main);
  if (value.length <= field[1] && !inPax) return Buffer.concat([...others.map(({ blocks }) => blocks), main]);
  const written = record(key, value);
  // of several pax headers, the last one wins
  const at = others.findLastIndex(({ type }) => type === "x");
  const pax =
    at < 0
      ? paxHeader(emptyPaxHeader(), written)
      : paxHeader(itemAt(others, at).blocks, withRecord(itemAt(others, at).data, key, written));
  const parts = others.map(({ blocks }) => blocks);
  if (at < 0) parts.push(pax);
  else parts[at] = pax;
  return Buffer.concat([...parts, main]);
}

interface Meta {
  readonly type: string;
  /** Header block and padded data. */
  readonly blocks: Buffer;
  readonly data: Buffer;
}

function blocksOf(raw: Buffer): { metas: Meta[]; rest: Buffer } {
  const metas: Meta[] = [];
  let at = 0;
  while (at < raw.length) {
    const type = String.fromCharCode(raw[at + 156] ?? 0);
    if (!"xgLK".includes(type)) break;
    const size = numberField(raw, at + 124, 12);
    const end = at + blockSize + roundUp(size);
    metas.push({
      type,
      blocks: raw.subarray(at, end),
      data: raw.subarray(at + blockSize, at + blockSize + size),
    });
    at = end;
  }
  if (raw.length - at < blockSize) throw new Error("header blocks without a header: a bug in rewriting");
  return { metas, rest: raw.subarray(at) };
}

/** Returns the records of a pax header with one of them replaced. */
function withRecord(data: Buffer, key: string, written: Buffer): Buffer {
  const kept = [...recordsOf(data)].filter((other) => other.key !== key);
  return Buffer.concat([...kept.map(({ raw }) => raw), written]);
}

function record(key: string, value: string): Buffer {
  return Buffer.from(`${paxRecordLength(key, value)} ${key}=${value}\n`, "latin1");
}

function emptyPaxHeader(): Buffer {
  const header = emptyFile(asBytePath("PaxHeaders.0/x"));
  header.write("x", 156, "latin1");
  return header;
}

function paxHeader(like: Buffer, data: Buffer): Buffer {
  const blocks = Buffer.alloc(blockSize + roundUp(data.length));
  like.copy(blocks, 0, 0, blockSize);
  data.copy(blocks, blockSize);
  writeSize(blocks, data.length);
  writeChecksum(blocks);
  return blocks;
}

/** Writes the size field: octal, or base-256 from 8 GiB on. */
function writeSize(header: Buffer, size: number): void {
  if (size < 8 ** 11) header.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  else {
    header.fill(0, 124, 136);
    header[124] = 0x80;
    header.writeUIntBE(size, 130, 6);
  }
}

function writeChecksum(header: Buffer): void {
  header.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of header.subarray(0, blockSize)) sum += byte;
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}
