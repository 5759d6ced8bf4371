/** What links are found from, beside the Dockerfile. */
import type { DiffId, Digest, Image } from "../image/image.ts";

export interface OriginOptions {
  /** `--base`: number of layers of the base image. */
  readonly base?: number;
  /** `--base`: the layers of the base image; several where it may be one of them. */
  readonly baseDiffIds?: readonly (readonly DiffId[])[];
  /** The first history entry above the base, where it is known. */
  readonly fromHistory?: number;
}

export type OriginFacts = Pick<Image, "name" | "config" | "annotations" | "attestations"> & {
  readonly layers: readonly { readonly diffId: DiffId; readonly digest?: Digest | undefined }[];
};
