/** The inputs of linking other than the Dockerfile. */
import type { DiffId, Digest, Image, ImageConfig } from "../image/image.ts";

export interface OriginOptions {
  /** `--base`: number of layers of the base image. */
  readonly base?: number;
  /** `--base`: the configuration of the base image; several when its archive holds several images. */
  readonly bases?: readonly ImageConfig[];
  /** The first history entry above the base; undefined when unknown. */
  readonly fromHistory?: number;
}

export type OriginFacts = Pick<Image, "name" | "config" | "annotations" | "attestations"> & {
  readonly layers: readonly { readonly diffId: DiffId; readonly digest?: Digest | undefined }[];
};
