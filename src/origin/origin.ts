/** The types of linking: which instruction made which layer, and with what certainty. */
import type { BuilderName } from "../build/builders.ts";
import type { Instruction } from "../dockerfile/dockerfile.ts";

/**
 * Certainty of the link between a history entry and an instruction (docs/spec/history.md, section 2, step 4).
 * `exact`: provenance, or kind and recorded text agree and nothing else fits. `aligned`: kind and position agree, the
 * text is not recorded. `guessed`: anything weaker. `none`: no instruction.
 */
export type Certainty = "exact" | "aligned" | "guessed" | "none";

/** Which evidence set the base boundary, best first (docs/spec/history.md, section 2, step 2). */
export type BaseFoundBy =
  | "option"
  | "provenance"
  | "annotation"
  | "base-image"
  | "dockerfile"
  | "buildah-comment"
  | "builder-change"
  | "last-cmd"
  | "first-layer"
  | "scratch";

export interface Base {
  /** Layers 0..layers-1 belong to the base image. */
  readonly layers: number;
  /** History entries 0..history-1 belong to the base image. */
  readonly history: number;
  readonly foundBy: BaseFoundBy;
}

/** One history entry and the instruction that made it. */
export interface HistoryLink {
  /** Index in the image's history. */
  readonly history: number;
  readonly createdBy: string | undefined;
  /** The layer it made; undefined for an empty entry, or when counts do not match. */
  readonly layer: number | undefined;
  readonly instruction: Instruction | undefined;
  readonly certainty: Certainty;
}

export interface LayerOrigin {
  readonly layer: number;
  readonly history: number | undefined;
  readonly createdBy: string | undefined;
  /** First and last instruction: the same one, except where one layer holds a whole stage. */
  readonly instruction: Instruction | undefined;
  readonly lastInstruction: Instruction | undefined;
  readonly certainty: Certainty;
  /** True below the base boundary. */
  readonly inBase: boolean;
}

/** An unlinked entry above the base, an unlinked instruction of the chain, or two of these with the same text. */
export interface Mismatch {
  readonly history: number | undefined;
  readonly layer: number | undefined;
  readonly createdBy: string | undefined;
  readonly instruction: Instruction | undefined;
}

export interface Origins {
  /** The builder of the last instruction, if its entry tells. */
  readonly builder: BuilderName | undefined;
  readonly base: Base;
  /** One per history entry, in order; empty when the image has no history. */
  readonly links: readonly HistoryLink[];
  /** One per layer. */
  readonly layers: readonly LayerOrigin[];
  readonly mismatches: readonly Mismatch[];
  /**
   * False when no RUN, COPY or ADD of the given Dockerfile matches: it did not build this image. Then no layer has an
   * instruction, and nothing may be predicted from the Dockerfile.
   */
  readonly matches: boolean;
  /** True when non-empty history entries and layers differ in number; then no layer has a `createdBy`. */
  readonly unaligned: boolean;
}
