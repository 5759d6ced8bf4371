/** An image of a source before its layers are read. */
import type { Digest } from "../digest.ts";
import type { ImageFormat, IndexEntry, IndexRest, Platform, PlatformIndex, Referrer } from "../image.ts";
import type { BlobRef } from "./blobs.ts";

/** One image of a source, for one platform, before its layers are read. */
export interface Candidate {
  readonly format: ImageFormat;
  /** Candidates of one group are platforms of the same image. */
  readonly group: string;
  readonly tags: string[];
  readonly platform: Platform | undefined;
  readonly digest: Digest | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly config: BlobRef | undefined;
  readonly layers: readonly BlobRef[];
  /** Blobs that should be here and are not; foreign layers may be absent. */
  readonly missing: readonly string[];
  readonly attestations: BlobRef[];
  readonly referrers: Referrer[];
  /** The manifest as it stands; undefined for a docker-archive without one. */
  readonly manifest: { readonly bytes: Buffer; readonly mediaType: string | undefined } | undefined;
  /** What index entries say of the manifest; once for each that names it. */
  readonly indexEntries: IndexEntry[];
  /** What the index of the source says besides its entries. */
  readonly topIndex: IndexRest;
  /** The index of its platforms, below the one of the source. */
  readonly platformIndex: PlatformIndex | undefined;
  /** Both indexes are there. */
  readonly hybrid: boolean;
}
