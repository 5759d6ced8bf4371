/**
 * The types of a built image. An image is an immutable view; a layer lists its entries, and content is read on
 * demand.
 */
import type { KnownLayer, LayerFile } from "./blob.ts";
import type { ByteWork } from "./bytes/work.ts";
import type { DiffId } from "./digest.ts";
import type { BytePath, Compression, Digest, Entry } from "./entry.ts";
import type { ImageForm } from "./forms.ts";
import type { Limits } from "./limits.ts";

export type * from "./entry.ts";

export interface Layer {
  /** From 0, in manifest order. */
  readonly index: number;
  /** Digest of the uncompressed tar, from the image configuration. */
  readonly diffId: DiffId;
  /**
   * Digest of the blob as stored. A plain layer without a manifest has its diff ID here, which is the same. For a
   * compressed layer of a docker-archive it is known only after `verify` or from a stream.
   */
  readonly digest: Digest | undefined;
  readonly mediaType: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly compression: Compression;
  /** Bytes of the blob as stored in the source (equal to `tarBytes` for a plain layer). */
  readonly compressedBytes: number;
  /** Length of the uncompressed tar, padding included. */
  readonly tarBytes: number;
  /** In tar order. Two layers with the same blob share one array. Empty for a missing layer. */
  readonly entries: readonly Entry[];
  /**
   * A foreign (non-distributable) layer whose blob is not in the source, or an encrypted one. It has no entries, and
   * its content is unknown.
   */
  readonly missing: boolean;
  /** Contents of the entries that `OpenOptions.keep` asked for. */
  readonly kept: ReadonlyMap<Entry, Uint8Array>;
  /**
   * The entry's share of `compressedBytes`. The shares of all entries and of the end padding add up to it exactly
   * (docs/spec/layers.md, rule 6).
   */
  compressedShare(entry: Entry): number;
}

/** One entry of `history`, as the configuration states it (docs/spec/image-formats.md, section 3). */
export interface HistoryEntry {
  readonly created?: string;
  readonly createdBy?: string;
  readonly comment?: string;
  readonly author?: string;
  readonly emptyLayer: boolean;
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** Formats a platform: `linux/amd64`, `linux/arm/v7`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** Returns true for a non-distributable layer, whose blob may be stored elsewhere. */
export function isForeign({ mediaType }: { readonly mediaType?: string | undefined }): boolean {
  return /foreign|nondistributable/.test(mediaType ?? "");
}

/** The keys of `config` in the image configuration that layerlint reads; all others stay in `ImageConfig.raw`. */
export interface ImageConfig {
  readonly platform: Platform;
  readonly created: string | undefined;
  readonly user: string;
  /** `NAME=value` in order. */
  readonly env: readonly string[];
  readonly cmd: readonly string[] | undefined;
  readonly entrypoint: readonly string[] | undefined;
  readonly shell: readonly string[] | undefined;
  readonly workingDir: string;
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly onBuild: readonly string[];
  readonly diffIds: readonly DiffId[];
  /** Undefined when the configuration has no history at all. */
  readonly history: readonly HistoryEntry[] | undefined;
  /** The parsed JSON, unchanged. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** An in-toto statement found beside the image (docs/spec/history.md, section 3). */
export interface Attestation {
  readonly predicateType: string;
  readonly predicate: unknown;
}

/** An artifact of the source that refers to an image by digest: a signature, an attestation, an SBOM. */
export interface Referrer {
  readonly kind: "attestation" | "signature" | "sbom" | "artifact";
  /** The artifact's tag or file name, else its digest. */
  readonly name: string;
}

/** How an image is stored. A hybrid is read as one of its two formats. */
export type ImageFormat = Exclude<ImageForm, "hybrid">;

export interface Image {
  /** As given on the command line; `-` for standard input. */
  readonly name: string;
  readonly format: ImageFormat;
  readonly tags: readonly string[];
  /** Digest of the manifest; undefined for a docker-archive without one. */
  readonly digest: Digest | undefined;
  readonly configDigest: Digest;
  readonly config: ImageConfig;
  /** Annotations of the manifest and of the index entry that named it. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly attestations: readonly Attestation[];
  readonly layers: readonly Layer[];
  /** Sets `sha256` of the given file entries where it is not known yet. Entries that were streamed have it already. */
  hash(wanted: Iterable<{ readonly layer: Layer; readonly entry: Entry }>): Promise<void>;
  /** Closes file handles. The entries stay readable. */
  close(): Promise<void>;
}

export interface PlatformIndex {
  /** The index without its entries. */
  readonly rest: IndexRest;
  /** The entries of the source's index that name this index. */
  readonly entries: IndexEntry[];
}

/** An index entry without the keys that follow from the manifest's bytes. */
export interface IndexEntry {
  readonly tags: readonly string[];
  readonly rest: IndexRest;
}

/** The keys of an index other than its entries, its type and its subject. */
export type IndexRest = Readonly<Record<string, unknown>>;

/** The bytes behind an image. */
export interface ImageSource {
  readonly form: ImageForm;
  readonly configBytes: Buffer;
  /** The manifest's bytes, unchanged; undefined for a docker-archive without one. */
  readonly manifest: { readonly bytes: Buffer; readonly mediaType: string | undefined } | undefined;
  /** The index entries that name the manifest. */
  readonly indexEntries: readonly IndexEntry[];
  /** `index.json` without its entries; empty when there is none. */
  readonly topIndex: IndexRest;
  /** The index that lists the image's platforms, and the entries that name it; undefined when there is none. */
  readonly platformIndex: PlatformIndex | undefined;
  /** Other platforms of the same image, as `os/arch[/variant]`. */
  readonly otherPlatforms: readonly string[];
  /** Artifacts that refer to the image, or to the index of its platforms. */
  readonly referrers: readonly Referrer[];
  /** The blob of a layer that is not missing; readable at offsets. */
  blob(layer: number): Promise<LayerFile>;
  /** The tar of a plain layer in a file; undefined for a layer that is compressed or came as a stream. */
  plainTar(layer: Pick<Layer, "index">): Promise<LayerFile | undefined>;
  /** The result of reading the layer; undefined for a missing layer. */
  known(layer: number): KnownLayer | undefined;
  /** Throws `UserError` when a file was changed since it was opened. */
  checkUnchanged(): Promise<void>;
}

/** An open image with its bytes. */
export interface OpenedImage extends Image {
  readonly source: ImageSource;
}

export interface Progress {
  /** What is being read, in a few words. */
  readonly what: string;
  readonly doneBytes: number;
  /** 0 when unknown (standard input). */
  readonly totalBytes: number;
}

export interface OpenOptions {
  /** `os/arch[/variant]`. Default: the host's if complete, else the only complete one. */
  readonly platform?: string;
  /** Chooses the image with this manifest; platform and tag are ignored. */
  readonly manifest?: Digest;
  /** Chooses among several images in one archive. */
  readonly tag?: string;
  /**
   * Verify every blob and every diff ID, including plain layers, which are otherwise only walked. `compressed` leaves
   * out plain layers, for callers that read them in full.
   */
  readonly verify?: boolean | "compressed";
  /** Hash every file of a layer that is read in full. */
  readonly hashFiles?: boolean;
  /**
   * Returns a layer that was read before, by its index. Its blob is then not read again, so the caller must verify
   * its digest.
   */
  readonly known?: (index: number) => KnownLayer | undefined;
  /** Hashes blobs that are not decoded; default: the calling thread. */
  readonly bytes?: ByteWork;
  /** Returns the path of a file that keeps a streamed input while the image is open; called only for such an input. */
  readonly spool?: () => string;
  /** Allow more than 10 million entries and layers that inflate beyond 1000-fold and 16 GiB. */
  readonly allowHuge?: boolean;
  /** Replaces some of the default limits. */
  readonly limits?: Partial<Limits>;
  /**
   * Selects the files whose contents are kept (`Layer.kept`); called once per file, with its path and its size in
   * bytes.
   */
  readonly keep?: (path: BytePath, size: number) => boolean;
  /** The stream that `-` reads. */
  readonly stdin?: NodeJS.ReadableStream;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called before each layer that has to be decompressed. */
  readonly onCompressed?: () => void;
}
