/** Where the bytes of a blob are, and what is known of a layer after it was read. */
import type { DiffId } from "./digest.ts";
import type { FileHandle } from "node:fs/promises";
import type { ByteWork } from "./bytes/work.ts";
import type { BytePath, Compression, Digest, Entry } from "./entry.ts";
import type { Budget } from "./limits.ts";

/** The bytes of one blob: a piece of a file on disk, read at offsets, or a stream that can be read once. */
export type BlobSource =
  | {
      readonly kind: "file";
      readonly handle: FileHandle;
      /** Of the first byte of the blob in the file. */
      readonly offset: number;
      readonly size: number;
      /** For messages: `image.tar: blobs/sha256/ab…`. */
      readonly name: string;
    }
  | {
      readonly kind: "stream";
      readonly chunks: AsyncIterable<Uint8Array>;
      /** Undefined when not known before the end. */
      readonly size: number | undefined;
      readonly name: string;
    };

/** A blob in a file. */
export type LayerFile = BlobSource & {
  readonly kind: "file";
  /** The path of a file that holds nothing else. */
  readonly path: string | undefined;
};

/** A layer's content with the digest of its blob; undefined for a plain layer that was only walked. */
export interface KnownLayer {
  readonly content: LayerContent;
  readonly digest: Digest | undefined;
}

export interface ReadLayerOptions {
  /** Compared when the blob is read in full; a mismatch is a `UserError` that names the blob. */
  readonly digest?: Digest | undefined;
  /** Compared when `verify` is set; a blob that stands for several layers has a diff ID from each. */
  readonly diffIds?: readonly DiffId[] | undefined;
  /** As the manifest says; another length is a `UserError`. */
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
  /** Where blobs are hashed that are not decoded as well; default: here. */
  readonly bytes?: ByteWork | undefined;
  /** Counts what all layers of an image take; default: a budget of its own. */
  readonly budget?: Budget | undefined;
}

/** What is known of a layer after it was read once. */
export interface LayerContent {
  readonly compression: Compression;
  /** Bytes of the blob. */
  readonly compressedBytes: number;
  /** Bytes of the uncompressed tar. */
  readonly tarBytes: number;
  readonly entries: readonly Entry[];
  readonly kept: ReadonlyMap<Entry, Uint8Array>;
  /** Computed on the way; undefined where nothing states it to compare with, and for a plain layer that was only walked. */
  readonly digest: Digest | undefined;
  /** Of a compressed layer only with `verify`. */
  readonly diffId: DiffId | undefined;
  compressedShare(entry: Entry): number;
  /** Sets `sha256` of the given entries where it is missing. Only a plain layer on disk ever has to read for it. */
  hash(entries: readonly Entry[]): Promise<void>;
}
