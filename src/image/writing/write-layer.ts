import { createHash } from "node:crypto";
import type { LayerFile } from "../blob.ts";
import type { Compression, Digest, Entry } from "../image.ts";
import { checkDigest, chunksOf, ContentHasher, decompress, reusedChunksOf } from "../layer/read-layer.ts";
import { compressor, type Codec } from "./compress.ts";
import { PieceWriter, type Piece, type Shelf, type Write } from "./pieces.ts";

/** A layer of the input, and what its bytes must come to. */
export interface LayerInput {
  readonly file: LayerFile;
  readonly compression: Compression;
  readonly digest: Digest | undefined;
  readonly diffId: Digest;
}

export interface Written {
  readonly digest: Digest;
  readonly diffId: Digest;
  readonly size: number;
  readonly tarBytes: number;
}

export interface WriteOptions {
  readonly codec: Codec;
  readonly shelf: Shelf;
  readonly signal: AbortSignal | undefined;
  readonly onBytes: ((bytes: number) => void) | undefined;
}

/** Hashes bytes on their way. */
class Measured {
  readonly #hash = createHash("sha256");
  bytes = 0;

  add(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.bytes += chunk.length;
  }

  digest(): Digest {
    return `sha256:${this.#hash.digest("hex")}`;
  }
}

/**
 * Makes a new layer of the pieces of an old one, or of several that stand one after the other, reading each once. The
 * files of `hashed` (those of each input) get their `sha256`, and the old layers are compared with digest and diff ID; a
 * mismatch is a `UserError`.
 */
export async function rewriteLayer(
  inputs: readonly LayerInput[],
  pieces: readonly Piece[],
  hashed: readonly (readonly Entry[])[],
  write: Write,
  options: WriteOptions,
): Promise<Written> {
  const out = compressing(options.codec, write);
  const writer = new PieceWriter(pieces, options.shelf, (chunk) => out.write(chunk));
  for (const [i, input] of inputs.entries()) {
    const hasher = new ContentHasher(hashed[i] ?? []);
    await readThrough(input, options, (chunk) => {
      if (!hasher.done) hasher.push(chunk);
      return writer.push(chunk);
    });
  }
  await writer.finish();
  return out.finish();
}

/** Stores the same tar in another way. */
export async function recompressLayer(
  input: LayerInput,
  write: Write,
  options: Omit<WriteOptions, "shelf">,
): Promise<Written> {
  const out = compressing(options.codec, write);
  await readThrough(input, options, (chunk) => out.write(chunk));
  return out.finish();
}

/** Copies a blob as it is; a plain one is compared with the diff ID, a compressed one only where its digest is known. */
export async function copyBlob(
  { file, compression, digest, diffId }: LayerInput,
  write: Write,
  { signal, onBytes }: Pick<WriteOptions, "signal" | "onBytes">,
): Promise<{ readonly digest: Digest; readonly size: number }> {
  const blob = new Measured();
  for await (const chunk of reusedChunksOf(file, signal)) {
    blob.add(chunk);
    onBytes?.(chunk.length);
    await write(chunk);
  }
  const found = blob.digest();
  checkDigest(file.name, "digest", digest, found);
  if (compression === "none") checkDigest(file.name, "diff ID", diffId, found);
  return { digest: found, size: blob.bytes };
}

function compressing(codec: Codec, write: Write) {
  const tar = new Measured();
  const blob = codec.compression === "none" ? tar : new Measured();
  const out = compressor(codec, (chunk) => {
    if (blob !== tar) blob.add(chunk);
    return write(chunk);
  });
  return {
    write(chunk: Buffer): void | Promise<void> {
      tar.add(chunk);
      return out.write(chunk);
    },
    async finish(): Promise<Written> {
      await out.finish();
      const diffId = tar.digest();
      const digest = blob === tar ? diffId : blob.digest();
      return { digest, diffId, size: blob.bytes, tarBytes: tar.bytes };
    },
  };
}

async function readThrough(
  { file, compression, digest, diffId }: LayerInput,
  { signal, onBytes, codec }: Pick<WriteOptions, "signal" | "onBytes" | "codec">,
  sink: Write,
): Promise<void> {
  const tar = new Measured();
  const blob = compression === "none" ? tar : new Measured();
  const input = async function* () {
    // a compressor still works on a piece when it takes the next
    const isDirect = compression === "none" && codec.compression === "none";
    for await (const chunk of isDirect ? reusedChunksOf(file, signal) : chunksOf(file, signal)) {
      onBytes?.(chunk.length);
      if (blob !== tar) blob.add(chunk);
      yield chunk;
    }
  };
  await decompress(
    compression,
    input(),
    (chunk) => {
      tar.add(chunk);
      return sink(chunk);
    },
    file.name,
  );
  const found = tar.digest();
  // a wrong digest explains a wrong diff ID, so it is said first
  checkDigest(file.name, "digest", digest, blob === tar ? found : blob.digest());
  checkDigest(file.name, "diff ID", diffId, found);
}
