/** A fix as data: edits of a Dockerfile, a new file, or an operation on the image. */
import type { PrunableKind } from "../analysis/caches/leftovers-in-layers.ts";
import type { TextEdit } from "../dockerfile/dockerfile.ts";

export type Safety = "safe" | "unsafe";

/** Whether a fix is safe; an unsafe fix has a condition. */
export type Guarantee = SafeGuarantee | UnsafeGuarantee;

interface SafeGuarantee {
  readonly safety: "safe";
  readonly condition?: undefined;
}

interface UnsafeGuarantee {
  readonly safety: "unsafe";
  /** Why the fix is unsafe. */
  readonly condition: string;
}

/** Returns unsafe with a condition, safe without one. */
export function guarantee(condition: string | undefined): Guarantee {
  return condition === undefined ? { safety: "safe" } : { safety: "unsafe", condition };
}

interface AnyFix {
  readonly description: string;
  /** Content bytes that the fix saves; undefined without layer evidence. */
  readonly bytes?: number;
}

/** Edits of the Dockerfile; they do not overlap, and are applied all or none. */
export type DockerfileFix = AnyFix &
  Guarantee & {
    readonly edits: readonly TextEdit[];
    readonly creates?: undefined;
    readonly operation?: undefined;
  };

/** A new file of the build context; always unsafe, because other builds may read it. */
export type NewFileFix = AnyFix &
  UnsafeGuarantee & {
    readonly creates: { readonly name: string; readonly text: string };
    readonly edits?: undefined;
    readonly operation?: undefined;
  };

/** An operation of `layerlint optimize`. */
export type ImageFix = AnyFix & {
  readonly edits?: undefined;
  readonly creates?: undefined;
} & (
    | (SafeGuarantee & { readonly operation: "drop-dead" | "drop-identical" })
    | (UnsafeGuarantee & {
        readonly operation: "squash";
        /** The layers to merge, both ends included. */
        readonly squashes: { readonly first: number; readonly last: number };
      })
    | (UnsafeGuarantee & {
        readonly operation: "prune";
        /** The `--prune` kind of the removed files. */
        readonly prunes: PrunableKind;
      })
  );

/**
 * A fix as data, discriminated by its property `edits`, `creates` or `operation`. Of several fixes of a finding, the
 * first allowed one is applied.
 */
export type Fix = DockerfileFix | NewFileFix | ImageFix;
