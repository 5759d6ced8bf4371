import { UserError } from "../../errors.ts";
import type { Entry, EntryKind } from "../image.ts";
import { blockSize, checksumHolds, cleanPath, isZero, numberField, roundUp, textField } from "./fields.ts";
import { parsePax, paxTime, paxXattrs } from "./pax.ts";

/** Larger pax records and long names are hostile. */
const maxMeta = 8 * 2 ** 20;
/** Linux stops at 4096 and Windows at 32,767; each level of a path becomes a directory. */
const maxPath = 2 ** 15;

const kinds: Readonly<Record<string, EntryKind>> = {
  "1": "hardlink",
  "2": "symlink",
  "3": "char",
  "4": "block",
  "5": "dir",
  "6": "fifo",
};

/** What a header says before it is known how much data follows. */
interface Pending {
  readonly kind: EntryKind;
  readonly path: string;
  readonly link: string;
  readonly statedSize: number;
  readonly realSize: number;
  readonly sparse: boolean;
  readonly header: Buffer;
  readonly pax: ReadonlyMap<string, string> | undefined;
}

/**
 * Decodes the headers of one tar. It says which bytes it wants next (`at`, `want`), is given exactly those, and calls
 * `onEntry` for each member; so a reader at offsets and a stream get the same entries. It never wants file content.
 */
export class TarDecoder {
  at = 0;
  want = blockSize;
  /** The end blocks were seen; whatever follows is padding. */
  done = false;
  readonly #name: string;
  readonly #onEntry: (entry: Entry) => void;
  #state: "header" | "zero" | "meta" | "sparse" | "peek" = "header";
  #start = 0;
  #metaType = "";
  #metaSize = 0;
  #hasGlobal = false;
  #local: ReadonlyMap<string, string> | undefined;
  #global = new Map<string, string>();
  #longName: string | undefined;
  #longLink: string | undefined;
  #pending: Pending | undefined;

  constructor(name: string, onEntry: (entry: Entry) => void) {
    this.#name = name;
    this.#onEntry = onEntry;
  }

  /** Takes the bytes `[at, at + want)`. */
  push(bytes: Buffer): void {
    switch (this.#state) {
      case "meta":
        return this.#meta(bytes);
      case "sparse":
        return this.#sparseExtension(bytes);
      case "peek":
        return this.#peek(bytes);
      default:
        return this.#header(bytes);
    }
  }

  /** The input ended after `length` bytes. Throws when that is neither at the end blocks nor on a header boundary. */
  finish(length: number): void {
    if (this.done) return;
    if (this.#state === "peek" && length === this.at) {
      this.#emit(0);
      return;
    }
    const boundary = (this.#state === "header" && this.#start === this.at) || this.#state === "zero";
    if (!boundary || length !== this.at)
      throw this.#error(`ends after ${length} bytes in the middle of a member; it is truncated`);
  }

  #header(block: Buffer): void {
    if (isZero(block)) {
      if (this.#state === "zero") {
        this.done = true;
        this.want = 0;
      } else this.#state = "zero";
      this.at += blockSize;
      if (!this.done) this.#start = this.at;
      return;
    }
    if (this.#state === "zero" || !checksumHolds(block))
      throw this.#error(`has no valid tar header at byte ${this.at}; it is damaged or no tar`);
    const size = numberField(block, 124, 12);
    if (!(size >= 0 && size <= Number.MAX_SAFE_INTEGER))
      throw this.#error(`has a member without a valid size at byte ${this.at}; it is damaged`);
    const type = block[156] === 0 ? "0" : String.fromCharCode(block[156] ?? 0);
    if (type === "x" || type === "g" || type === "L" || type === "K") return this.#startMeta(type, size);
    this.#member(block, type, size);
  }

  #startMeta(type: string, size: number): void {
    if (size > maxMeta)
      throw this.#error(
        `has an extended header of ${size} bytes at byte ${this.at}; that is no sound archive`,
      );
    if (type === "g") this.#hasGlobal = true;
    this.at += blockSize;
    if (size === 0) return;
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
    if (this.#metaType === "L") this.#longName = textField(data, 0, data.length);
    else if (this.#metaType === "K") this.#longLink = textField(data, 0, data.length);
    else {
      const records = parsePax(data);
      if (records === undefined) throw this.#error(`has a malformed pax header at byte ${at}; it is damaged`);
      if (this.#metaType === "g") for (const [key, value] of records) this.#global.set(key, value);
      else this.#local = this.#local === undefined ? records : new Map([...this.#local, ...records]);
    }
  }

  #member(block: Buffer, type: string, headerSize: number): void {
    const pax = this.#global.size === 0 ? this.#local : new Map([...this.#global, ...(this.#local ?? [])]);
    const paxSize = number(pax?.get("size"));
    const statedSize = paxSize ?? headerSize;
    const rawPath = pax?.get("GNU.sparse.name") ?? pax?.get("path") ?? this.#longName ?? headerName(block);
    const rawLink = pax?.get("linkpath") ?? this.#longLink ?? textField(block, 157, 100);
    let kind = kinds[type] ?? "file";
    // v7 writers know no type for directories, only a name that ends in a slash
    if (type === "0" && rawPath.endsWith("/")) kind = "dir";
    const sparsePax =
      pax?.has("GNU.sparse.major") === true ||
      pax?.has("GNU.sparse.size") === true ||
      pax?.has("GNU.sparse.realsize") === true;
    const paxReal = number(pax?.get("GNU.sparse.realsize")) ?? number(pax?.get("GNU.sparse.size"));
    const realSize = type === "S" ? (paxReal ?? numberField(block, 483, 12)) : (paxReal ?? statedSize);
    if (!(statedSize <= Number.MAX_SAFE_INTEGER && realSize >= 0 && realSize <= Number.MAX_SAFE_INTEGER))
      throw this.#error(`has a member without a valid size at byte ${this.#start}; it is damaged`);
    if (rawPath.length > maxPath || rawLink.length > maxPath)
      throw this.#error(
        `has a name of more than ${maxPath} bytes at byte ${this.#start}; no system takes that`,
      );
    this.#pending = {
      kind,
      path: cleanPath(rawPath),
      link: kind === "hardlink" ? cleanPath(rawLink) : kind === "symlink" ? rawLink : "",
      statedSize,
      realSize,
      sparse: type === "S" || sparsePax,
      header: block,
      pax,
    };
    this.#local = this.#longName = this.#longLink = undefined;
    this.at += blockSize;
    this.want = blockSize;
    const state =
      type === "S" && block[482] === 1 ? "sparse" : kind !== "file" && statedSize > 0 ? "peek" : undefined;
    if (state === undefined) return this.#emit(statedSize);
    this.#state = state;
    // the reader uses the block's memory again
    this.#pending = { ...this.#pending, header: Buffer.from(block) };
  }

  #sparseExtension(block: Buffer): void {
    this.at += blockSize;
    if (block[504] !== 1) this.#emit(this.#pending?.statedSize ?? 0);
  }

  /** Only files have data, but some writers store a size and even data with links and directories (layers.md case 38). */
  #peek(block: Buffer): void {
    if (isZero(block) || checksumHolds(block)) {
      this.#emit(0);
      this.#header(block);
    } else this.#emit(this.#pending?.statedSize ?? 0);
  }

  #emit(storedBytes: number): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    const { header, pax, kind } = pending;
    const offset = this.#start;
    const dataOffset = this.at;
    const time = paxTime(pax?.get("mtime") ?? "");
    const device = kind === "char" || kind === "block";
    const quirk = this.#hasGlobal
      ? "global-header"
      : kind === "hardlink" && pending.statedSize > 0
        ? "link-with-size"
        : undefined;
    this.#hasGlobal = false;
    this.#pending = undefined;
    this.#state = "header";
    this.at = dataOffset + roundUp(storedBytes);
    this.want = blockSize;
    this.#start = this.at;
    this.#onEntry({
      path: pending.path,
      kind,
      size: kind === "file" ? pending.realSize : 0,
      mode: (numberField(header, 100, 8) || 0) & 0o7777,
      uid: number(pax?.get("uid")) ?? (numberField(header, 108, 8) || 0),
      gid: number(pax?.get("gid")) ?? (numberField(header, 116, 8) || 0),
      mtime: time?.seconds ?? (numberField(header, 136, 12) || 0),
      mtimeNs: time?.nanos ?? 0,
      link: pending.link,
      device: device ? [numberField(header, 329, 8) || 0, numberField(header, 337, 8) || 0] : undefined,
      xattrs: pax === undefined ? undefined : paxXattrs(pax),
      offset,
      dataOffset,
      storedBytes,
      tarBytes: this.at - offset,
      sparse: pending.sparse,
      sha256: undefined,
      ...(quirk === undefined ? {} : { quirk }),
    });
  }

  #error(what: string): UserError {
    return new UserError(`${this.#name}: the tar ${what}`);
  }
}

function number(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  return Number(text);
}

/** Name and, for ustar (not GNU, whose header has times there), the prefix before it. */
function headerName(block: Buffer): string {
  const name = textField(block, 0, 100);
  // `ustar` and a NUL; GNU has a blank there
  const isUstar = block[257] === 0x75 && block[258] === 0x73 && block[262] === 0 && block[261] === 0x72;
  const prefix = isUstar ? textField(block, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}
