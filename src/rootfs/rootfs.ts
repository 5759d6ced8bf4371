/** The result of applying layers: what is live, what is dead and why, and what looked odd. */
import type { BytePath, Entry, Layer } from "../image/image.ts";

/** Why a file is no longer visible (docs/spec/layers.md, rule 4). */
export type Cause =
  | "deleted"
  | "opaque"
  | "replaced"
  | "overwritten"
  | "metadata-only"
  | "identical"
  | "duplicate-entry"
  | "aufs-metadata";

/** A regular file whose bytes are in a layer although no container can see it. */
export interface DeadFile {
  /** The last name the inode had. */
  readonly path: BytePath;
  /** Content bytes. */
  readonly bytes: number;
  /** The entry that carried the data, in layer `addedIn`. */
  readonly entry: Entry;
  /** Layer indexes, from 0. */
  readonly addedIn: number;
  readonly hiddenIn: number;
  readonly cause: Cause;
  /** What replaced it: the new file of `overwritten`, `metadata-only`, `identical`, `duplicate-entry`; the new entry of `replaced`. */
  readonly by: Entry | undefined;
  /** The layer with the bytes of `by`: a lower one than `hiddenIn` if a hardlink replaced the file. */
  readonly byLayer: number;
  /** The path of the whiteout, opaque directory or replaced ancestor that took it, when it was not its own name: `a` for `a/f` under `.wh.a`. Else equal to `path`. */
  readonly through: BytePath;
}

export type NoteCode =
  | "dangling-whiteout"
  | "invalid-whiteout"
  | "parent-not-dir"
  | "path-through-symlink"
  | "conflict-in-layer"
  | "missing-parent"
  | "hardlink-to-lower-layer"
  | "dangling-hardlink"
  | "duplicate-entry"
  | "recreated-directory"
  | "whiteout-and-file"
  | "aufs-metadata"
  | "overlay-whiteout-device"
  | "estargz-metadata"
  | "escaping-path";

/** A peculiarity of a layer: runtimes treat it differently, or it explains a number. */
export interface Note {
  readonly code: NoteCode;
  readonly layer: number;
  readonly path: BytePath;
}

/** An inode that is visible in the end. */
export interface LiveFile {
  /** The entry that carried the data. */
  readonly entry: Entry;
  readonly layer: number;
  /** All its names in the final tree, in byte order; `paths[0]` names it. */
  readonly paths: readonly BytePath[];
}

/** A name of the final tree. Hardlinks share the `entry` of their inode's carrier. */
export interface LiveNode {
  readonly path: BytePath;
  /** The entry that gave kind and attributes; undefined for an implied directory (no entry, mode 0755). */
  readonly entry: Entry | undefined;
  readonly layer: number;
  readonly kind: Exclude<Entry["kind"], "hardlink">;
}

export interface RootFs {
  /**
   * Sum of the sizes of all file inodes in all layers: `liveBytes + deadBytes`, always (docs/spec/layers.md, rule 5).
   */
  readonly contentBytes: number;
  readonly deadBytes: number;
  readonly liveBytes: number;
  /** In the order in which they died: by layer, within one layer in byte order of path. */
  readonly deadFiles: readonly DeadFile[];
  readonly notes: readonly Note[];
  /**
   * Names that more happened to than that a file replaced a file of a layer below: a whiteout or an opaque directory is
   * about them, something of another kind stood there, one layer has them twice. All other names, unless they lie below
   * one of these or belong to a hardlink, are visible as their last layer has them.
   */
  readonly contested: ReadonlySet<BytePath>;
  /** Each visible file inode once. */
  readonly live: readonly LiveFile[];
  /** Every visible name in byte order, parents before children; computed on demand. */
  tree(): Iterable<LiveNode>;
  /** The visible node at a path, or undefined. */
  at(path: BytePath): LiveNode | undefined;
}

/** What `applyLayers` needs of a layer. */
export type LayerEntries = Pick<Layer, "index" | "entries"> & Partial<Pick<Layer, "missing">>;
