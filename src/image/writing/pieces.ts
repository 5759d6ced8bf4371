/**
 * The pieces of a rewritten layer: ranges of the old tar, a few changed headers, a few markers. `src/optimize`
 * decides which pieces; this room only writes them.
 */
import { itemAt } from "../../must.ts";
import type { BytePath } from "../entry.ts";
import { blockSize } from "../tar/fields.ts";
import { emptyFile, relinked, renamed } from "../tar/headers.ts";

/** One piece of a rewritten layer. Offsets count from the start of the old tar. */
export type Piece =
  /** Copied bit for bit. */
  | { readonly kind: "copy"; readonly at: number; readonly length: number }
  /** Header blocks with another name or link target. */
  | {
      readonly kind: "renamed" | "relinked";
      readonly at: number;
      readonly length: number;
      readonly path: BytePath;
    }
  /** A new whiteout or opaque marker. */
  | { readonly kind: "marker"; readonly path: BytePath };

/** Two zero blocks end a tar. */
export const endBlocks = Buffer.alloc(2 * blockSize);

export type Write = (chunk: Buffer) => void | Promise<void>;

/** Stores bytes that are needed later than they are read. */
export interface Shelf {
  put(chunk: Buffer): void;
  /** Returns stored bytes by position. */
  take(at: number, length: number): Buffer;
}

const takenAtOnce = 2 ** 20;

/**
 * Makes the new tar from the bytes of the old one as they pass. Bytes that are needed later go to a shelf: the data
 * of a file whose first name is removed moves to its second name.
 */
export class PieceWriter {
  readonly #pieces: readonly Piece[];
  readonly #late: readonly { readonly at: number; readonly length: number; readonly piece: number }[];
  /** Where the bytes of a late piece are on the shelf. */
  readonly #shelved = new Map<number, number>();
  readonly #shelf: Shelf;
  readonly #write: Write;
  #next = 0;
  #nextLate = 0;
  #position = 0;
  #onShelf = 0;
  #header: Buffer | undefined;

  constructor(pieces: readonly Piece[], shelf: Shelf, write: Write) {
    this.#pieces = pieces;
    this.#shelf = shelf;
    this.#write = write;
    const late: { at: number; length: number; piece: number }[] = [];
    let reached = 0;
    pieces.forEach((piece, i) => {
      if (piece.kind === "marker" || piece.length === 0) return;
      if (piece.at < reached) late.push({ at: piece.at, length: piece.length, piece: i });
      else reached = piece.at + piece.length;
    });
    this.#late = late.sort((a, b) => a.at - b.at || a.piece - b.piece);
    let offset = 0;
    for (const { length, piece } of this.#late) {
      this.#shelved.set(piece, offset);
      offset += length;
    }
  }

  /** Takes the next bytes of the old tar. */
  async push(chunk: Buffer): Promise<void> {
    this.#shelve(chunk);
    const end = this.#position + chunk.length;
    for (let piece = this.#pieces[this.#next]; piece !== undefined; piece = this.#pieces[this.#next]) {
      if (piece.kind === "marker" || this.#shelved.has(this.#next) || piece.length === 0) {
        await this.#writeWhole(piece, this.#shelved.get(this.#next));
        this.#next++;
        continue;
      }
      const last = piece.at + piece.length;
      if (piece.at >= end) break;
      const part = chunk.subarray(Math.max(0, piece.at - this.#position), last - this.#position);
      if (piece.kind === "copy") {
        const busy = this.#write(part);
        if (busy !== undefined) await busy;
      } else {
        // the reader reuses the memory of a chunk
        this.#header = Buffer.concat(this.#header === undefined ? [part] : [this.#header, part]);
        if (last <= end) await this.#writeHeader(piece, this.#header);
      }
      if (last > end) break;
      this.#header = undefined;
      this.#next++;
    }
    this.#position = end;
  }

  /** Ends the old tar and writes the remaining pieces. */
  async finish(): Promise<void> {
    for (; this.#next < this.#pieces.length; this.#next++) {
      const piece = itemAt(this.#pieces, this.#next);
      const at = this.#shelved.get(this.#next);
      if (piece.kind !== "marker" && piece.length > 0 && at === undefined)
        throw new Error(`the layer ended before byte ${piece.at + piece.length}: a bug in rewriting`);
      await this.#writeWhole(piece, at);
    }
    await this.#write(endBlocks);
  }

  /** Late pieces are in order of offset and never overlap, so one of them at a time takes its bytes. */
  #shelve(chunk: Buffer): void {
    const end = this.#position + chunk.length;
    for (let late = this.#late[this.#nextLate]; late !== undefined; late = this.#late[this.#nextLate]) {
      if (late.at >= end) return;
      const part = chunk.subarray(
        Math.max(0, late.at - this.#position),
        Math.max(0, late.at + late.length - this.#position),
      );
      this.#shelf.put(part);
      this.#onShelf += part.length;
      if (late.at + late.length > end) return;
      this.#nextLate++;
    }
  }

  async #writeWhole(piece: Piece, shelved: number | undefined): Promise<void> {
    if (piece.kind === "marker") return this.#write(emptyFile(piece.path));
    if (piece.length === 0) return;
    if (shelved === undefined || shelved + piece.length > this.#onShelf)
      throw new Error("bytes are missing on the shelf: a bug in rewriting");
    if (piece.kind !== "copy") return this.#writeHeader(piece, this.#shelf.take(shelved, piece.length));
    for (let at = 0; at < piece.length; at += takenAtOnce)
      await this.#write(this.#shelf.take(shelved + at, Math.min(takenAtOnce, piece.length - at)));
  }

  async #writeHeader(piece: Piece & { readonly path: BytePath }, raw: Buffer): Promise<void> {
    await this.#write(piece.kind === "renamed" ? renamed(raw, piece.path) : relinked(raw, piece.path));
  }
}
