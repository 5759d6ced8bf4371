/** The nouns of a built image. An image is an immutable view; a layer lists its entries, and content is read on demand. */
import type { DiffId } from "./digest.ts";
import type { KnownLayer, LayerFile } from "./blob.ts";
import type { ByteWork } from "./bytes/work.ts";

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
   * Digest of the blob as stored. A plain layer has its diff ID here, which is the same, where no manifest describes it;
   * of a compressed one in a docker-archive it is known only after `verify` or from a stream.
   */
  readonly digest: Digest | undefined;
  readonly mediaType: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly compression: Compression;
  /** Bytes of the blob as stored in the source (equal to `tarBytes` for a plain layer). */
  readonly compressedBytes: number;
  /** Length of the uncompressed tar, padding included. */
  readonly tarBytes: number;
  /** In tar order. Two layers with the same blob share one array. Empty for a layer whose content is not here. */
  readonly entries: readonly Entry[];
  /** A foreign (non-distributable) layer whose blob is not in the source, or an encrypted one: it has no entries, and nothing can be said of it. */
  readonly missing: boolean;
  /** Contents of the entries that `OpenOptions.keep` asked for. */
  readonly kept: ReadonlyMap<Entry, Uint8Array>;
  /** The entry's share of `compressedBytes`. Over all entries and the end padding they add up to it exactly (docs/spec/layers.md, rule 6). */
  compressedShare(entry: Entry): number;
}

/** `created_by` and friends as the configuration states them (docs/spec/image-formats.md, section 3). */
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

/** `linux/amd64`, `linux/arm/v7`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** A layer that may not be distributed; its bytes may be elsewhere. */
export function isForeign({ mediaType }: { readonly mediaType?: string | undefined }): boolean {
  return /foreign|nondistributable/.test(mediaType ?? "");
}

/** What layerlint reads of `config` in the image configuration; everything else stays in `ImageConfig.raw`. */
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
  /** The parsed JSON as it stands. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** An in-toto statement found beside the image (docs/spec/history.md, section 3). */
export interface Attestation {
  readonly predicateType: string;
  readonly predicate: unknown;
}

/** What else a source holds that speaks of an image by its digest. */
export interface Referrer {
  readonly kind: "attestation" | "signature" | "sbom" | "artifact";
  /** Its tag or file, else its digest. */
  readonly name: string;
}

/** How an image is stored. A hybrid is read as one or the other. */
export type ImageFormat = Exclude<ImageForm, "hybrid">;

export interface Image {
  /** As given on the command line; `-` for standard input. */
  readonly name: string;
  readonly format: ImageFormat;
  readonly tags: readonly string[];
  /** Of the manifest; undefined for a docker-archive without one. */
  readonly digest: Digest | undefined;
  readonly configDigest: Digest;
  readonly config: ImageConfig;
  /** Of the manifest and of the index entry that named it. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly attestations: readonly Attestation[];
  readonly layers: readonly Layer[];
  /** Sets `sha256` of the given file entries where it is not known yet. Entries that were streamed have it already. */
  hash(wanted: Iterable<{ readonly layer: Layer; readonly entry: Entry }>): Promise<void>;
  /** Closes file handles. The entries stay readable. */
  close(): Promise<void>;
}

export interface PlatformIndex {
  /** What it says besides its entries. */
  readonly rest: IndexRest;
  /** What is said of it; once for each entry that names it. */
  readonly entries: IndexEntry[];
}

/** What an entry of an index says, but for what follows from the manifest's bytes. */
export interface IndexEntry {
  readonly tags: readonly string[];
  readonly rest: IndexRest;
}

/** The keys of an index but for its entries, its type and what it refers to. */
export type IndexRest = Readonly<Record<string, unknown>>;

/** The bytes behind an image. */
export interface ImageSource {
  readonly form: ImageForm;
  readonly configBytes: Buffer;
  /** The manifest as it stands; undefined for a docker-archive without one. */
  readonly manifest: { readonly bytes: Buffer; readonly mediaType: string | undefined } | undefined;
  /** What index entries say of the manifest; once for each that names it. */
  readonly indexEntries: readonly IndexEntry[];
  /** What `index.json` says besides its entries; empty where there is none. */
  readonly topIndex: IndexRest;
  /** The index of the image's platforms, where there is one: what it says, and what is said of it. */
  readonly platformIndex: PlatformIndex | undefined;
  /** Other platforms of the same image, as `os/arch[/variant]`. */
  readonly otherPlatforms: readonly string[];
  /** Of the image, or of the index of its platforms. */
  readonly referrers: readonly Referrer[];
  /** The blob of a layer that is not missing; readable at offsets. */
  blob(layer: number): Promise<LayerFile>;
  /** Its tar, where it lies in a file as it is; undefined for one that is compressed or came as a stream. */
  plainTar(layer: Pick<Layer, "index">): Promise<LayerFile | undefined>;
  /** What was read of it; undefined for a missing layer. */
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
  /** The one image with this manifest, whatever its platform and tags. */
  readonly manifest?: Digest;
  /** Chooses among several images in one archive. */
  readonly tag?: string;
  /**
   * Verify every blob and every diff ID, also those that would only be walked; `compressed` leaves out plain layers, for
   * callers that read those in full themselves.
   */
  readonly verify?: boolean | "compressed";
  /** Hash every file on the way, where a layer is read in full. */
  readonly hashFiles?: boolean;
  /** What is known already of a layer, by its index. Its blob is not read then, so its digest has to be verified. */
  readonly known?: (index: number) => KnownLayer | undefined;
  /** Where blobs are hashed that are not decoded as well; default: here. */
  readonly bytes?: ByteWork;
  /** Where an input that can be read once is kept while the image is open; asked when there is such an input. */
  readonly spool?: () => string;
  /** Allow more than 10 million entries and layers that inflate beyond 1000-fold and 16 GiB. */
  readonly allowHuge?: boolean;
  /** Other limits than those. */
  readonly limits?: Partial<Limits>;
  /** Which files' contents to keep (`Layer.kept`); asked once per file, with its path and size. */
  readonly keep?: (path: BytePath, size: number) => boolean;
  /** Where `-` is read from. */
  readonly stdin?: NodeJS.ReadableStream;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called before each layer that has to be decompressed. */
  readonly onCompressed?: () => void;
}
