/** A fix as data: edits of a Dockerfile, a new file, or an operation on the image. */
import type { PrunableKind } from "../analysis/caches/leftovers-in-layers.ts";
import type { TextEdit } from "../dockerfile/dockerfile.ts";

export type Safety = "safe" | "unsafe";

/** Without a condition it is safe; an unsafe one says why it is. */
export type Guarantee = SafeGuarantee | UnsafeGuarantee;

interface SafeGuarantee {
  readonly safety: "safe";
  readonly condition?: undefined;
}

interface UnsafeGuarantee {
  readonly safety: "unsafe";
  /** Why it is unsafe. */
  readonly condition: string;
}

/** Unsafe for the reason given, safe without one. */
export function guarantee(condition: string | undefined): Guarantee {
  return condition === undefined ? { safety: "safe" } : { safety: "unsafe", condition };
}

interface AnyFix {
  readonly description: string;
  /** Content bytes that the image loses by it, where the layers tell. */
  readonly bytes?: number;
}

/** Edits of the Dockerfile; they do not overlap, and are applied all or none. */
export type DockerfileFix = AnyFix &
  Guarantee & {
    readonly edits: readonly TextEdit[];
    readonly creates?: undefined;
    readonly operation?: undefined;
  };

/** A file of the build context that does not exist yet: nobody knows what else would read it. */
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
        /** What is merged, both ends included. */
        readonly squashes: { readonly first: number; readonly last: number };
      })
    | (UnsafeGuarantee & {
        readonly operation: "prune";
        /** What `--prune` calls the files that it removes. */
        readonly prunes: PrunableKind;
      })
  );

/**
 * A fix is data; one place applies it. It is told apart by what it has: `edits`, `creates` or an `operation`. Of several
 * fixes of a finding the first that is allowed is applied.
 */
export type Fix = DockerfileFix | NewFileFix | ImageFix;
