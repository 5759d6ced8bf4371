import { createHash, type Hash } from "node:crypto";
import type { BytePath, Entry } from "../image.ts";
import { TarDecoder } from "./decoder.ts";

/** Contents above this are never kept, whoever asks. */
export const maxKept = 2 ** 20;

/**
 * The same headers as `walkTar`, from chunks of a stream: every regular file is hashed as it passes, and the contents
 * that `keep` asks for are kept.
 */
export class TarFeed {
  readonly kept = new Map<Entry, Uint8Array>();
  readonly #decoder: TarDecoder;
  readonly #keep: (path: BytePath, size: number) => boolean;
  /** Position in the tar of the next byte to come. */
  #position = 0;
  #partial = Buffer.alloc(0);
  #file:
    | { readonly entry: Entry; readonly hash: Hash; left: number; readonly keeping: Buffer | undefined }
    | undefined;

  constructor(
    name: string,
    onEntry: (entry: Entry) => void,
    keep: (path: BytePath, size: number) => boolean = () => false,
  ) {
    this.#keep = keep;
    this.#decoder = new TarDecoder(name, (entry) => {
      onEntry(entry);
      this.#open(entry);
    });
  }

  get length(): number {
    return this.#position;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const file = this.#file;
      if (file !== undefined) {
        const piece = chunk.subarray(at, at + file.left);
        file.hash.update(piece);
        if (file.keeping !== undefined) piece.copy(file.keeping, file.keeping.length - file.left);
        file.left -= piece.length;
        at += piece.length;
        this.#position += piece.length;
        if (file.left === 0) this.#close();
        continue;
      }
      const decoder = this.#decoder;
      const skip = decoder.done
        ? chunk.length - at
        : Math.min(decoder.at - this.#position - this.#partial.length, chunk.length - at);
      if (skip > 0) {
        at += skip;
        this.#position += skip;
        continue;
      }
      at += this.#collect(chunk, at);
    }
  }

  finish(): void {
    this.#decoder.finish(this.#decoder.done ? this.#decoder.at : this.#position + this.#partial.length);
  }

  /** Gathers the bytes that the decoder wants; mostly they lie in one chunk. Returns how many were taken. */
  #collect(chunk: Buffer, at: number): number {
    const decoder = this.#decoder;
    const missing = decoder.want - this.#partial.length;
    const piece = chunk.subarray(at, at + missing);
    if (piece.length < missing) {
      this.#partial = Buffer.concat([this.#partial, piece]);
      return piece.length;
    }
    const block = this.#partial.length === 0 ? piece : Buffer.concat([this.#partial, piece]);
    this.#partial = Buffer.alloc(0);
    const start = decoder.at;
    this.#position = start + block.length;
    const taken = piece.length;
    decoder.push(block);
    // a block that turned out to be data (layers.md case 38) is behind us already: data of links is not hashed
    return taken;
  }

  #open(entry: Entry): void {
    if (entry.kind !== "file") return;
    const keeping =
      entry.size <= maxKept && !entry.sparse && this.#keep(entry.path, entry.size)
        ? Buffer.alloc(entry.storedBytes)
        : undefined;
    if (keeping !== undefined) this.kept.set(entry, keeping);
    this.#file = { entry, hash: createHash("sha256"), left: entry.storedBytes, keeping };
    if (entry.storedBytes === 0) this.#close();
  }

  #close(): void {
    const file = this.#file;
    if (file === undefined) return;
    file.entry.sha256 = file.hash.digest("hex");
    this.#file = undefined;
  }
}
