/** What is done with the layers of an image, and what that is decided from. */
import type { Entry, Layer } from "../../image/image.ts";
import type { Refusal } from "./refusals.ts";
import type { Rewrite } from "./rewrite.ts";

/** What is to be done with a layer, and why. */
export type LayerPlan =
  | {
      readonly action: "keep";
      readonly why: "base" | "shared" | "clean" | Refusal;
      /** Why it was not merged with others, although the user asked for it. */
      readonly notMerged?: Refusal;
    }
  /** `remove`: what would be left is below already. `notMerged` as above. */
  | {
      readonly action: "rewrite" | "remove";
      readonly rewrite: Rewrite;
      /** The layers that it is made of, in order: itself, after those that are merged into it. */
      readonly sources: readonly number[];
      readonly notMerged?: Refusal;
    }
  /** Its content goes into a layer above it. */
  | { readonly action: "merge"; readonly into: number };

/** Neighbouring layers, both ends included. */
export interface LayerRange {
  readonly first: number;
  readonly last: number;
}

export interface PlanInput {
  readonly layers: readonly Layer[];
  readonly os: string;
  /** Layers of the base, which stay byte for byte, unless they are to be merged. */
  readonly fixedLayers: number;
  /** Layers that other images have as well, which stay byte for byte. */
  readonly shared?: ReadonlySet<number>;
  /** Emptied layers may go: the history can say so. */
  readonly mayRemove: boolean;
  /** Files to be removed although they can be seen. */
  readonly isPruned: (layer: number, entry: Entry) => boolean;
  /** What becomes one layer, as far as it may; in order, without overlap. Only where `mayRemove` is set. */
  readonly merges?: readonly LayerRange[];
}
