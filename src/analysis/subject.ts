/** What a run looks at: a Dockerfile, an image, or both; and the parts of it that rules and their helpers are given. */
import type { DockerfileView } from "../build/build.ts";
import type { BuildContext } from "../context/context.ts";
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
}

/** A Dockerfile alone. */
export interface DockerfileSubject {
  readonly dockerfile: DockerfileView;
  /** As in `Subject`. It may change the words of a finding, never whether there is one. */
  readonly context: BuildContext | undefined;
}

/** One build: a Dockerfile and, where it was given, the image that was built from it. */
export interface BuildSubject {
  readonly dockerfile: DockerfileView;
  /** Its history matches the Dockerfile. */
  readonly image: ImageView | undefined;
  readonly context: BuildContext | undefined;
}

export interface ImageSubject {
  readonly image: ImageView;
  /** The Dockerfile that the image was built from, where it was given. */
  readonly dockerfile: DockerfileView | undefined;
}

/** A Dockerfile and an image that were given as a pair, whether or not the one was built from the other. */
export interface PairSubject {
  readonly dockerfile: DockerfileView;
  /** Its `origins` were looked for in the Dockerfile; `origins.matches` says whether there are any. */
  readonly image: ImageView;
}

export interface EitherSubject extends Subject {
  /** Undefined without a Dockerfile, and where the image was not built from it: then the text predicts nothing. */
  readonly build: BuildSubject | undefined;
}

/** The Dockerfile, and the image that was built from it; undefined where the image was built from another one. */
export function buildOf({ dockerfile, image, context, linked }: Subject): BuildSubject | undefined {
  const isOther = image !== undefined && !linked;
  return dockerfile === undefined || isOther ? undefined : { dockerfile, image, context };
}

/** A regular file of one layer: the entry that carries its data. */
export interface Inode {
  readonly layer: number;
  readonly entry: Entry;
}
