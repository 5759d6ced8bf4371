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
  /** Blobs that the source should hold but does not; foreign layers may be absent. */
  readonly missing: readonly string[];
  readonly attestations: BlobRef[];
  readonly referrers: Referrer[];
  /** The manifest's bytes, unchanged; undefined for a docker-archive without one. */
  readonly manifest: { readonly bytes: Buffer; readonly mediaType: string | undefined } | undefined;
  /** The index entries that name the manifest. */
  readonly indexEntries: IndexEntry[];
  /** The index of the source without its entries. */
  readonly topIndex: IndexRest;
  /** The index that lists the image's platforms, nested in the source's index. */
  readonly platformIndex: PlatformIndex | undefined;
  /** True when the source has both `manifest.json` and `index.json`. */
  readonly hybrid: boolean;
}
