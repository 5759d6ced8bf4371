/** What a run looks at: a Dockerfile, an image, or both linked by their origins. */
import type { DockerfileView } from "../build/build.ts";
import type { BuildContext } from "../context/context.ts";
import type { Range, TextEdit } from "../dockerfile/dockerfile.ts";
import type { Entry, Image } from "../image/image.ts";
import type { Origins } from "../origin/origin.ts";
import type { RootFs } from "../rootfs/rootfs.ts";

export interface ImageView {
  readonly image: Image;
  readonly rootfs: RootFs;
  readonly origins: Origins;
  /** Number of base layers that cannot be rewritten: the boundary `optimize` would use (docs/spec/layers.md, rule 7). */
  readonly fixedLayers: number;
  /** Layers that `optimize` leaves as they are because runtimes read them differently, where that was planned. */
  readonly refused?: ReadonlySet<number>;
}

/** What a run looks at: a Dockerfile, an image, or both. Linked means both, and the image's history matches the Dockerfile. */
export interface Subject {
  readonly dockerfile: DockerfileView | undefined;
  readonly image: ImageView | undefined;
  /** The folder that the build is given, where it is known. Asking it reads the disk: last, and only where it matters. */
  readonly context: BuildContext | undefined;
  /** Both are there and `origins.matches`: findings about layers can name lines, and predictions must step back where layers speak. */
  readonly linked: boolean;
  /** The comments of the Dockerfile that silence rules; for `late` rules only. */
  readonly ignores?: readonly IgnoreComment[];
}

/** A comment that silences rules, and what became of it. */
export interface IgnoreComment extends Range {
  readonly tool: "layerlint" | "hadolint" | "buildkit";
  /** None: it names no rule. */
  readonly names: readonly IgnoredName[];
  /** All of it silenced nothing, and could not have. */
  readonly unused: boolean;
  /** What of it is not understood, or names what is not there. */
  readonly problems: readonly (Range & { readonly message: string })[];
  /** Takes out what is unused, where that changes nothing else. */
  readonly removal: readonly TextEdit[] | undefined;
}

export interface IgnoredName extends Range {
  readonly name: string;
  readonly unused: boolean;
}

/** A regular file of one layer: the entry that carries its data. */
export interface Inode {
  readonly layer: number;
  readonly entry: Entry;
}
