/** The plan for a layer, and the input that planning needs. */
import type { Entry, Layer } from "../../image/image.ts";
import type { Refusal } from "./refusals.ts";
import type { Rewrite } from "./rewrite.ts";

/** The action that `optimize` takes on a layer, and the reason. */
export type LayerPlan =
  | {
      readonly action: "keep";
      readonly why: "base" | "shared" | "clean" | Refusal;
      /** Why a merge that the user asked for was refused. */
      readonly notMerged?: Refusal;
    }
  /** `remove`: everything that would remain is already in the layers below. */
  | {
      readonly action: "rewrite" | "remove";
      readonly rewrite: Rewrite;
      /** Indexes of the layers it is made of, lowest first; the layer itself comes last. */
      readonly sources: readonly number[];
      readonly notMerged?: Refusal;
    }
  /** The layer is merged into the layer `into`, which is above it. */
  | { readonly action: "merge"; readonly into: number };

/** Neighbouring layers, both ends included. */
export interface LayerRange {
  readonly first: number;
  readonly last: number;
}

export interface PlanInput {
  readonly layers: readonly Layer[];
  readonly os: string;
  /** Number of base layers. They stay byte for byte unless `merges` includes them. */
  readonly fixedLayers: number;
  /** Indexes of layers that other images share; they stay byte for byte. */
  readonly shared?: ReadonlySet<number>;
  /** Whether empty layers may be removed, which requires a history that can record it. */
  readonly mayRemove: boolean;
  /** Whether the user asked to remove this file although containers may see it. */
  readonly isPruned: (layer: number, entry: Entry) => boolean;
  /** Ranges to merge into one layer each, in order and without overlap; ignored unless `mayRemove` is set. */
  readonly merges?: readonly LayerRange[];
}
