/** A fix as data: edits of a Dockerfile, a new file, or an operation on the image. */
import type { PrunableKind } from "../analysis/caches/leftovers-in-layers.ts";
import type { TextEdit } from "../dockerfile/dockerfile.ts";

export type Safety = "safe" | "unsafe";

/**
 * A fix is data; one place applies it. Without `edits` and `creates` it describes an image operation. Of several fixes of
 * a finding the first that is allowed is applied.
 */
export interface Fix {
  readonly description: string;
  readonly safety: Safety;
  /** Why it is unsafe; required when it is. */
  readonly condition?: string;
  /** Of the Dockerfile; they do not overlap, and are applied all or none. */
  readonly edits?: readonly TextEdit[];
  /** A file of the build context that does not exist yet. Always unsafe. */
  readonly creates?: { readonly name: string; readonly text: string };
  /** Content bytes that the image loses by it, where the layers tell. */
  readonly bytes?: number;
  /** An operation of `layerlint optimize`. */
  readonly operation?: "drop-dead" | "drop-identical" | "squash" | "prune";
  /** What `squash` merges, both ends included. */
  readonly squashes?: { readonly first: number; readonly last: number };
  /** What `--prune` calls the files that `prune` removes. */
  readonly prunes?: PrunableKind;
}
