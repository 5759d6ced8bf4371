/** The inputs of linking other than the Dockerfile. */
import type { DiffId, Digest, Image } from "../image/image.ts";

export interface OriginOptions {
  /** `--base`: number of layers of the base image. */
  readonly base?: number;
  /** `--base`: the diff IDs of the base image; several lists when its archive holds several images. */
  readonly baseDiffIds?: readonly (readonly DiffId[])[];
  /** The first history entry above the base; undefined when unknown. */
  readonly fromHistory?: number;
}

export type OriginFacts = Pick<Image, "name" | "config" | "annotations" | "attestations"> & {
  readonly layers: readonly { readonly diffId: DiffId; readonly digest?: Digest | undefined }[];
};
