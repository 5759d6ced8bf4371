/** Writes one layer: copied, rewritten from pieces, or recompressed. */
import { type DiffId, asDiffId, sha256Digest } from "../digest.ts";
import { createHash } from "node:crypto";
import { reusedChunksOf } from "../bytes/digest.ts";
import type { LayerFile } from "../blob.ts";
import type { Compression, Entry } from "../entry.ts";
import { chunksOf, ContentHasher, decompress } from "../layer/read-layer.ts";
import { compressor, type Codec } from "./compress.ts";
import { PieceWriter, type Piece, type Shelf, type Write } from "./pieces.ts";

/** A layer of the input. Its digest is checked elsewhere (verify.ts). */
export interface LayerInput {
  readonly file: LayerFile;
  readonly compression: Compression;
}

export interface Written {
  /** Undefined for a plain layer, whose blob has the same digest. */
  readonly diffId: DiffId | undefined;
}

export interface WriteOptions {
  readonly codec: Codec;
  readonly shelf: Shelf;
  readonly signal: AbortSignal | undefined;
  readonly onBytes: ((bytes: number) => void) | undefined;
}

/**
 * Makes a new layer from the pieces of an old layer, or of several concatenated ones, reading each once. Sets
 * `sha256` of the files in `hashed`, which has a list for each input.
 */
export async function rewriteLayer(
  inputs: readonly LayerInput[],
  pieces: readonly Piece[],
  hashed: readonly (readonly Entry[])[],
  write: Write,
  options: WriteOptions,
): Promise<Written> {
  const out = compressing(options.codec, write);
  const writer = new PieceWriter(pieces, options.shelf, out.write);
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

/** Stores the same tar with another compression. */
export async function recompressLayer(
  input: LayerInput,
  write: Write,
  options: Omit<WriteOptions, "shelf">,
): Promise<Written> {
  const out = compressing(options.codec, write);
  await readThrough(input, options, out.write);
  return out.finish();
}

/** Copies a blob as it is. */
export async function copyBlob(
  file: LayerFile,
  write: Write,
  { signal, onBytes }: Pick<WriteOptions, "signal" | "onBytes">,
): Promise<void> {
  for await (const chunk of reusedChunksOf(file, signal)) {
    onBytes?.(chunk.length);
    await write(chunk);
  }
}

/** Compresses a tar and computes its diff ID, which the compressed blob does not contain. */
function compressing(codec: Codec, write: Write): { readonly write: Write; finish(): Promise<Written> } {
  const out = compressor(codec, write);
  if (codec.compression === "none")
    return {
      write: out.write,
      async finish() {
        await out.finish();
        return { diffId: undefined };
      },
    };
  const tar = createHash("sha256");
  return {
    write(chunk) {
      tar.update(chunk);
      return out.write(chunk);
    },
    async finish() {
      await out.finish();
      return { diffId: asDiffId(sha256Digest(tar.digest("hex"))) };
    },
  };
}

async function readThrough(
  { file, compression }: LayerInput,
  { signal, onBytes, codec }: Pick<WriteOptions, "signal" | "onBytes" | "codec">,
  sink: Write,
): Promise<void> {
  const input = async function* () {
    // a compressor still reads a piece when it takes the next one
    const isDirect = compression === "none" && codec.compression === "none";
    for await (const chunk of isDirect ? reusedChunksOf(file, signal) : chunksOf(file, signal)) {
      onBytes?.(chunk.length);
      yield chunk;
    }
  };
  await decompress(compression, input(), sink, file.name);
}
