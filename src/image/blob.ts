/** The source of a blob's bytes, and the result of reading a layer. */
import type { FileHandle } from "node:fs/promises";
import type { ByteWork } from "./bytes/work.ts";
import type { DiffId } from "./digest.ts";
import type { BytePath, Compression, Digest, Entry } from "./entry.ts";
import type { Budget } from "./limits.ts";

/** The bytes of one blob: a range of a file on disk, read at offsets, or a stream that can be read once. */
export type BlobSource =
  | {
      readonly kind: "file";
      readonly handle: FileHandle;
      /** Offset of the blob's first byte in the file. */
      readonly offset: number;
      readonly size: number;
      /** For messages: `image.tar: blobs/sha256/ab…`. */
      readonly name: string;
    }
  | {
      readonly kind: "stream";
      readonly chunks: AsyncIterable<Uint8Array>;
      /** Bytes; undefined when unknown until the stream ends. */
      readonly size: number | undefined;
      readonly name: string;
    };

/** A blob in a file. */
export type LayerFile = BlobSource & {
  readonly kind: "file";
  /** Path of a file that holds only this blob; undefined otherwise. */
  readonly path: string | undefined;
};

/** A layer's content with the digests of its blob; none for a plain layer that was only walked. */
export interface KnownLayer {
  readonly content: LayerContent;
  readonly digests: readonly Digest[];
}

export interface ReadLayerOptions {
  /** Compared when the blob is read in full; a mismatch is a `UserError` that names the blob. */
  readonly digest?: Digest | undefined;
  /**
   * Compared when the layer is read in full, and when it is empty or has no end; a blob that several layers
   * share has a diff ID from each.
   */
  readonly diffIds?: readonly DiffId[] | undefined;
  /** Bytes as the manifest states; any other length is a `UserError`. */
  readonly statedSize?: number | undefined;
  /** Read plain layers in full too, and check digest and diff ID. */
  readonly verify?: boolean | "compressed" | undefined;
  /** Hash every file of a layer that is read in full. */
  readonly hashFiles?: boolean | undefined;
  readonly keep?: ((path: BytePath, size: number) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of blob bytes read since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Called before a layer is decompressed. */
  readonly onCompressed?: (() => void) | undefined;
  /** Hashes blobs that are not decoded; default: the calling thread. */
  readonly bytes?: ByteWork | undefined;
  /** Counts the entries and bytes of all layers of an image; default: a budget for this layer alone. */
  readonly budget?: Budget | undefined;
}

/** The result of reading a layer once. */
export interface LayerContent {
  readonly compression: Compression;
  /** Bytes of the blob. */
  readonly compressedBytes: number;
  /** Bytes of the uncompressed tar. */
  readonly tarBytes: number;
  readonly entries: readonly Entry[];
  readonly kept: ReadonlyMap<Entry, Uint8Array>;
  /**
   * Digests of the blob, one with each algorithm that a document states; none for a plain layer that was only walked,
   * and for a compressed one in a file without `verify`.
   */
  readonly digests: readonly Digest[];
  /** Digests of the uncompressed tar, as above; a compressed layer always has them. */
  readonly diffIds: readonly Digest[];
  compressedShare(entry: Entry): number;
  /** Sets `sha256` of the given entries where it is missing. */
  hash(entries: readonly Entry[]): Promise<void>;
}
