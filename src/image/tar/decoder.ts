/** Decodes tar headers: v7, ustar, GNU and pax. */
import { asBytePath } from "../../byte-path.ts";
import { UserError } from "../../errors.ts";
import type { Entry, EntryKind } from "../entry.ts";
import { blockSize, checksumHolds, cleanPath, isZero, numberField, roundUp, textField } from "./fields.ts";
import { Extended } from "./extended.ts";
import { parsePax, paxSparseMap, paxTime, paxXattrs } from "./pax.ts";

/** Largest size, in bytes, of pax records and long names; larger ones count as hostile. */
const maxMeta = 8 * 2 ** 20;
/** Linux stops at 4096 and Windows at 32,767; each level of a path becomes a directory. */
const maxPath = 2 ** 15;

/** Entry kinds by type byte; every other type is read as a file. */
const kinds: ReadonlyMap<number, EntryKind> = new Map([
  [0x31, "hardlink"],
  [0x32, "symlink"],
  [0x33, "char"],
  [0x34, "block"],
  [0x35, "dir"],
  [0x36, "fifo"],
]);
const typeFile = 0x30;
const typeSparse = 0x53;
const typeLongName = 0x4c;
const typeLongLink = 0x4b;
const typePax = 0x78;
const typeGlobalPax = 0x67;
const nothing = Buffer.alloc(0);

/**
 * An entry whose stored size may not be known yet, so its offsets are set last. They start as undefined for V8's
 * sake: a field that held only small integers allocates an object for every number once a value exceeds 31 bits, as
 * in a large archive.
 */
type Draft = {
  -readonly [K in keyof Entry]: K extends "offset" | "dataOffset" | "storedBytes" | "tarBytes"
    ? number | undefined
    : Entry[K];
};

/**
 * Decodes the headers of one tar. It requests the bytes it needs next (`at`, `want`), takes exactly those, and calls
 * `onEntry` for each member, so that a file and a stream give the same entries. It never requests file content.
 */
export class TarDecoder {
  at = 0;
  want = blockSize;
  /** True after the end blocks; all later bytes are padding. */
  done = false;
  readonly #name: string;
  readonly #onEntry: (entry: Entry) => void;
  #state: "header" | "zero" | "meta" | "sparse" | "peek" = "header";
  #start = 0;
  #metaType = 0;
  #metaSize = 0;
  #hasGlobal = false;
  #local: ReadonlyMap<string, string> | undefined;
  #global = new Map<string, string>();
  #longName: string | undefined;
  #longLink: string | undefined;
  /** The extended headers before the next member's own header; undefined when there are none. */
  #extended: Extended | undefined;
  #draft: Draft | undefined;
  /** The draft's size as its header states it. */
  #statedSize = 0;

  constructor(name: string, onEntry: (entry: Entry) => void) {
    this.#name = name;
    this.#onEntry = onEntry;
  }

  /** Takes the bytes `[at, at + want)`, which start at `from` in `bytes`. Keeps no reference to them. */
  push(bytes: Buffer, from: number): void {
    switch (this.#state) {
      case "meta":
        return this.#meta(bytes.subarray(from, from + this.want));
      case "sparse":
        return this.#sparseExtension(bytes, from);
      case "peek":
        return this.#peek(bytes, from);
      default:
        return this.#header(bytes, from);
    }
  }

  /**
   * Ends the input after `length` bytes. Throws `UserError` when that is neither at the end blocks nor on a header
   * boundary.
   */
  finish(length: number): void {
    if (this.done) return;
    if (this.#state === "peek" && length === this.at) {
      this.#finishDraft(0);
      return;
    }
    const boundary = (this.#state === "header" && this.#start === this.at) || this.#state === "zero";
    if (!boundary || length !== this.at)
      throw this.#error(`ends after ${length} bytes in the middle of a member; it is truncated`);
  }

  #header(bytes: Buffer, from: number): void {
    if (isZero(bytes, from)) {
      if (this.#state === "zero") {
        this.done = true;
        this.want = 0;
      } else this.#state = "zero";
      this.at += blockSize;
      if (!this.done) this.#start = this.at;
      return;
    }
    if (this.#state === "zero" || !checksumHolds(bytes, from))
      throw this.#error(`has no valid tar header at byte ${this.at}; it is damaged or not a tar archive`);
    const size = numberField(bytes, from + 124, 12);
    if (!(size >= 0 && size <= Number.MAX_SAFE_INTEGER))
      throw this.#error(`has a member without a valid size at byte ${this.at}; it is damaged`);
    // old writers use NUL as the type of a file
    const type = bytes[from + 156] || typeFile;
    if (type === typePax || type === typeGlobalPax || type === typeLongName || type === typeLongLink)
      return this.#startMeta(type, size);
    this.#member(bytes, from, type, size);
  }

  #startMeta(type: number, size: number): void {
    if (size > maxMeta)
      throw this.#error(
        `has an extended header of ${size} bytes at byte ${this.at}; that is not a valid archive`,
      );
    if (type === typeGlobalPax) this.#hasGlobal = true;
    this.at += blockSize;
    if (size === 0) return (this.#extended ??= new Extended()).add(type, nothing);
    this.#metaType = type;
    this.#metaSize = size;
    this.#state = "meta";
    this.want = size;
  }

  #meta(data: Buffer): void {
    const at = this.at;
    this.at += roundUp(this.#metaSize);
    this.want = blockSize;
    this.#state = "header";
    if (this.#metaType === typeLongName) this.#longName = textField(data, 0, data.length);
    else if (this.#metaType === typeLongLink) this.#longLink = textField(data, 0, data.length);
    else {
      const records = parsePax(data);
      if (records === undefined) throw this.#error(`has a malformed pax header at byte ${at}; it is damaged`);
      if (this.#metaType === typeGlobalPax) for (const [key, value] of records) this.#global.set(key, value);
      else this.#local = this.#local === undefined ? records : new Map([...this.#local, ...records]);
    }
    (this.#extended ??= new Extended()).add(this.#metaType, data);
  }

  #member(bytes: Buffer, from: number, type: number, headerSize: number): void {
    const pax = paxOf(this.#global, this.#local);
    const statedSize = number(pax?.get("size")) ?? headerSize;
    const rawPath =
      pax?.get("GNU.sparse.name") ?? pax?.get("path") ?? this.#longName ?? headerName(bytes, from);
    const rawLink = pax?.get("linkpath") ?? this.#longLink ?? textField(bytes, from + 157, 100);
    let kind = kinds.get(type) ?? "file";
    // v7 has no type for directories, only a name that ends in a slash
    if (type === typeFile && rawPath.endsWith("/")) kind = "dir";
    const sparsePax =
      pax !== undefined &&
      (pax.has("GNU.sparse.major") || pax.has("GNU.sparse.size") || pax.has("GNU.sparse.realsize"));
    const paxReal = number(pax?.get("GNU.sparse.realsize")) ?? number(pax?.get("GNU.sparse.size"));
    const realSize = paxReal ?? (type === typeSparse ? numberField(bytes, from + 483, 12) : statedSize);
    if (!(statedSize <= Number.MAX_SAFE_INTEGER && realSize >= 0 && realSize <= Number.MAX_SAFE_INTEGER))
      throw this.#error(`has a member without a valid size at byte ${this.#start}; it is damaged`);
    if (rawPath.length > maxPath || rawLink.length > maxPath)
      throw this.#error(
        `has a name of more than ${maxPath} bytes at byte ${this.#start}; no system supports that`,
      );
    const time = pax === undefined ? undefined : paxTime(pax.get("mtime") ?? "");
    const isDevice = kind === "char" || kind === "block";
    // all entries have the same fields in the same order, so that V8 gives them one hidden class
    const draft: Draft = {
      path: asBytePath(cleanPath(rawPath)),
      kind,
      size: kind === "file" ? realSize : 0,
      mode: (numberField(bytes, from + 100, 8) || 0) & 0o7777,
      uid: number(pax?.get("uid")) ?? (numberField(bytes, from + 108, 8) || 0),
      gid: number(pax?.get("gid")) ?? (numberField(bytes, from + 116, 8) || 0),
      mtime: time?.seconds ?? (numberField(bytes, from + 136, 12) || 0),
      mtimeNs: time?.nanos ?? 0,
      link: asBytePath(kind === "hardlink" ? cleanPath(rawLink) : kind === "symlink" ? rawLink : ""),
      device: isDevice
        ? [numberField(bytes, from + 329, 8) || 0, numberField(bytes, from + 337, 8) || 0]
        : undefined,
      xattrs: pax === undefined ? undefined : paxXattrs(pax),
      offset: undefined,
      dataOffset: undefined,
      storedBytes: undefined,
      tarBytes: undefined,
      sparse: type === typeSparse || sparsePax,
      extended: this.#extended?.of(kind),
      sha256: undefined,
    };
    if (this.#hasGlobal) draft.portabilityIssue = "global-header";
    else if (kind === "hardlink" && statedSize > 0) draft.portabilityIssue = "link-with-size";
    this.#extended = undefined;
    this.#hasGlobal = false;
    this.#local = this.#longName = this.#longLink = undefined;
    this.#draft = draft;
    this.#statedSize = statedSize;
    this.at += blockSize;
    this.want = blockSize;
    if (sparsePax) this.#addToMap(paxSparseMap(pax));
    if (type === typeSparse) this.#addToMap(gnuSparseMap(bytes, from + 386, 4));
    if (type === typeSparse && bytes[from + 482] === 1) this.#state = "sparse";
    else if (kind !== "file" && statedSize > 0) this.#state = "peek";
    else this.#finishDraft(statedSize);
  }

  #sparseExtension(bytes: Buffer, from: number): void {
    this.at += blockSize;
    this.#addToMap(gnuSparseMap(bytes, from, 21));
    if (bytes[from + 504] !== 1) this.#finishDraft(this.#statedSize);
  }

  #addToMap(pieces: string | undefined): void {
    const draft = this.#draft;
    if (draft === undefined || !pieces) return;
    draft.sparseMap = draft.sparseMap === undefined ? pieces : `${draft.sparseMap},${pieces}`;
    if (draft.sparseMap.length > maxMeta)
      throw this.#error(
        `has a sparse file of too many pieces at byte ${this.#start}; that is not a valid archive`,
      );
  }

  /**
   * Only files have data, but some writers store a size and even data with links and directories
   * (docs/spec/layers.md, case 38).
   */
  #peek(bytes: Buffer, from: number): void {
    if (isZero(bytes, from) || checksumHolds(bytes, from)) {
      this.#finishDraft(0);
      this.#header(bytes, from);
    } else this.#finishDraft(this.#statedSize);
  }

  #finishDraft(storedBytes: number): void {
    const draft = this.#draft;
    if (draft === undefined) return;
    const end = this.at + roundUp(storedBytes);
    draft.offset = this.#start;
    draft.dataOffset = this.at;
    draft.storedBytes = storedBytes;
    draft.tarBytes = end - this.#start;
    this.#draft = undefined;
    this.#state = "header";
    this.want = blockSize;
    this.at = this.#start = end;
    this.#onEntry(draft as Entry);
  }

  #error(what: string): UserError {
    return new UserError(`${this.#name}: the tar ${what}`);
  }
}

/**
 * Returns the records that apply to a member. An empty value deletes a record (POSIX), except for extended
 * attributes.
 */
function paxOf(
  global: ReadonlyMap<string, string>,
  local: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> | undefined {
  const records = global.size === 0 ? local : new Map([...global, ...(local ?? [])]);
  if (records === undefined) return undefined;
  const taken = [...records.keys()].filter(
    (key) => records.get(key) === "" && !/^(?:SCHILY|LIBARCHIVE)\.xattr\./.test(key),
  );
  return taken.length === 0 ? records : new Map([...records].filter(([key]) => !taken.includes(key)));
}

function number(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  return Number(text);
}

/** Returns the name and, for ustar, the prefix before it; GNU headers have times in that field. */
function headerName(bytes: Buffer, from: number): string {
  const name = textField(bytes, from, 100);
  // `ustar` and a NUL; GNU has a blank instead
  const isUstar =
    bytes[from + 257] === 0x75 &&
    bytes[from + 258] === 0x73 &&
    bytes[from + 261] === 0x72 &&
    bytes[from + 262] === 0;
  const prefix = isUstar ? textField(bytes, from + 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Reads a sparse map in GNU's format from a block: up to `count` pieces, ended by a zero. */
function gnuSparseMap(bytes: Buffer, from: number, count: number): string {
  const numbers: number[] = [];
  for (let at = from; at < from + 24 * count && bytes[at + 12] !== 0; at += 24)
    numbers.push(numberField(bytes, at, 12), numberField(bytes, at + 12, 12));
  return numbers.join();
}
