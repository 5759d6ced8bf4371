/** The subject of a run: a Dockerfile, an image, or both; and the views of it that rules read. */
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
  /** Layers that `optimize` keeps because runtimes read them differently; undefined when not planned. */
  readonly refused?: ReadonlySet<number>;
}

/** The subject of a run: a Dockerfile, an image, or both. */
export interface Subject {
  readonly dockerfile: DockerfileView | undefined;
  readonly image: ImageView | undefined;
  /** The build context; undefined when unknown. Its methods read the disk, so rules call them last. */
  readonly context: BuildContext | undefined;
  /**
   * True if both are given and `origins.matches`: findings about layers name lines, and layer evidence replaces
   * predictions.
   */
  readonly linked: boolean;
}

/** The view of a Dockerfile alone. */
export interface DockerfileSubject {
  readonly dockerfile: DockerfileView;
  /** As in `Subject`. It may change the text of a finding, but not whether there is one. */
  readonly context: BuildContext | undefined;
}

/** One build: a Dockerfile and, if given, the image built from it. */
export interface BuildSubject {
  readonly dockerfile: DockerfileView;
  /** The image whose history matches the Dockerfile. */
  readonly image: ImageView | undefined;
  readonly context: BuildContext | undefined;
}

export interface ImageSubject {
  readonly image: ImageView;
  /** The Dockerfile that the image was built from; undefined when not given. */
  readonly dockerfile: DockerfileView | undefined;
}

/** A Dockerfile and an image given as a pair, whether or not the image was built from it. */
export interface PairSubject {
  readonly dockerfile: DockerfileView;
  /** The image; `origins.matches` tells whether its layers are linked to the Dockerfile. */
  readonly image: ImageView;
}

export interface EitherSubject extends Subject {
  /** Undefined without a Dockerfile, and if the image was not built from it; then the text predicts nothing. */
  readonly build: BuildSubject | undefined;
}

/** Returns the Dockerfile and the image built from it; undefined if another Dockerfile built the image. */
export function buildOf({ dockerfile, image, context, linked }: Subject): BuildSubject | undefined {
  const isOther = image !== undefined && !linked;
  return dockerfile === undefined || isOther ? undefined : { dockerfile, image, context };
}

/** A regular file of one layer: the entry that carries its data. */
export interface Inode {
  readonly layer: number;
  readonly entry: Entry;
}
