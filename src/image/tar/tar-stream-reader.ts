/** Reads the entries of a tar that comes as a stream. */
import { ContentDigest } from "../bytes/content-digest.ts";
import type { BytePath, Entry } from "../entry.ts";
import { TarDecoder } from "./decoder.ts";

/** Largest file content, in bytes, that is ever kept. */
export const maxKept = 2 ** 20;
const nothing = Buffer.alloc(0);

/**
 * Reads the same entries as `walkTar`, from the chunks of a stream. With `hashing`, it hashes every regular file as
 * it passes; it keeps the contents that `keep` selects.
 */
export class TarStreamReader {
  readonly kept = new Map<Entry, Uint8Array>();
  readonly #decoder: TarDecoder;
  readonly #keep: (path: BytePath, size: number) => boolean;
  readonly #digest: ContentDigest | undefined;
  /** Position in the tar of the next byte to come. */
  #position = 0;
  #partial = nothing;
  #file:
    | {
        readonly entry: Entry;
        readonly digest: ContentDigest | undefined;
        left: number;
        readonly keeping: Buffer | undefined;
      }
    | undefined;

  constructor(
    name: string,
    onEntry: (entry: Entry) => void,
    {
      keep = () => false,
      hashing = true,
    }: { keep?: ((path: BytePath, size: number) => boolean) | undefined; hashing?: boolean } = {},
  ) {
    this.#keep = keep;
    this.#digest = hashing ? new ContentDigest() : undefined;
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
        const length = Math.min(file.left, chunk.length - at);
        if (file.digest !== undefined || file.keeping !== undefined) {
          const piece = chunk.subarray(at, at + length);
          file.digest?.add(piece, file.entry.storedBytes);
          if (file.keeping !== undefined) piece.copy(file.keeping, file.keeping.length - file.left);
        }
        file.left -= length;
        at += length;
        this.#position += length;
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

  /** Gathers the bytes that the decoder requests, mostly from one chunk. Returns how many were taken. */
  #collect(chunk: Buffer, at: number): number {
    const decoder = this.#decoder;
    const { want } = decoder;
    const taken = Math.min(want - this.#partial.length, chunk.length - at);
    // computed before the push, which advances the decoder
    const end = decoder.at + want;
    if (taken === want) {
      this.#position = end;
      decoder.push(chunk, at);
      return taken;
    }
    const gathered = Buffer.concat([this.#partial, chunk.subarray(at, at + taken)]);
    if (gathered.length < want) this.#partial = gathered;
    else {
      this.#partial = nothing;
      this.#position = end;
      decoder.push(gathered, 0);
    }
    // a block that turned out to be data (docs/spec/layers.md, case 38) has passed already; data of links is not
    // hashed
    return taken;
  }

  #open(entry: Entry): void {
    if (entry.kind !== "file") return;
    const keeping =
      entry.size <= maxKept && !entry.sparse && this.#keep(entry.path, entry.size)
        ? Buffer.alloc(entry.storedBytes)
        : undefined;
    if (keeping !== undefined) this.kept.set(entry, keeping);
    if (this.#digest === undefined && keeping === undefined) return;
    this.#file = {
      entry,
      digest: this.#digest,
      left: entry.storedBytes,
      keeping,
    };
    if (entry.storedBytes === 0) this.#close();
  }

  #close(): void {
    const file = this.#file;
    if (file === undefined) return;
    if (file.digest !== undefined) file.entry.sha256 = file.digest.end();
    this.#file = undefined;
  }
}
