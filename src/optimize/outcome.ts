/** What `optimize` did, or would do, as data for reports. */
import type { DiffId, Digest, Layer, Referrer } from "../image/image.ts";
import type { NewImage } from "../image/writing/documents.ts";
import type { LayerPlan } from "./plan/layer-plan.ts";
import type { Proof } from "./proof/prove.ts";

/** What is done with a layer of the input, or would be. */
export interface LayerOutcome {
  readonly index: number;
  readonly plan: LayerPlan;
  readonly before: LayerSize;
  /** Undefined for a layer that is gone. The stored size is an estimate until the layer is written. */
  readonly after: LayerSize | undefined;
  /** The blob is compressed again from the same tar. */
  readonly recompressed: boolean;
}

export interface LayerSize {
  readonly diffId: DiffId | undefined;
  readonly storedBytes: number;
  readonly tarBytes: number;
}

export interface OptimizeResult {
  readonly layers: readonly LayerOutcome[];
  /** Undefined for a prediction. */
  readonly written:
    | {
        readonly image: NewImage;
        /** Of the manifest; undefined for a docker-archive, which has none. */
        readonly digest: Digest | undefined;
        readonly proof: Proof;
      }
    | undefined;
  /** Signatures and the like that refer to the old image; they are not carried over. */
  readonly referrers: readonly Referrer[];
}

export function sizeOf(layer: Layer): LayerSize {
  return { diffId: layer.diffId, storedBytes: layer.compressedBytes, tarBytes: layer.tarBytes };
}
