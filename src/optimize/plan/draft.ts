import type { BytePath, Entry } from "../../image/image.ts";
import { ancestorsOf, roleOf, type Role } from "./path-roles.ts";
import type { LayersBelow } from "./layers-below.ts";

/** What is known of an entry from the layers above (liveness.ts). */
export const fate = {
  /** No container sees it. */
  dead: 1,
  /** It or a folder of it is hidden above. */
  covered: 2,
  /** A directory stands at its name above, and nothing else does. */
  underDir: 4,
  /** Its content goes although it can be seen. */
  pruned: 8,
} as const;

export interface LayerFacts {
  readonly entries: readonly Entry[];
  /** Of its tar. */
  readonly tarBytes: number;
  /** By entry; a sum of `fate`. */
  readonly fates: Uint8Array;
  /** Directories that the layer implies, and that nothing above hides. */
  readonly implied: ReadonlySet<BytePath>;
}

/** What is done with an entry that does not stay as it is: it takes the data of `root`, names another target, or hides. */
export type Action =
  | { readonly kind: "promote"; readonly root: number }
  | { readonly kind: "relink"; readonly target: BytePath }
  | { readonly kind: "marker"; readonly path: BytePath };

/** A layer, or several that become one, while it is decided what stays of it. */
export class Draft {
  readonly members: readonly LayerFacts[];
  /** Of all members, one after the other; what they are to each other was found by `fates`. */
  readonly entries: readonly Entry[];
  readonly fates: Uint8Array;
  readonly below: LayersBelow;
  readonly roles: readonly Role[];
  /** The last word of all members. */
  readonly byPath = new Map<BytePath, number>();
  /** Stays as it is. */
  readonly kept: boolean[];
  /** By entry. */
  readonly actions = new Map<number, Action>();
  /** Hardlinks by the entry that carries their data, in order. */
  readonly links = new Map<number, number[]>();
  /** The entry that a hardlink names. */
  readonly targets = new Map<number, number>();
  readonly whited = new Set<BytePath>();
  readonly opaque = new Set<BytePath>();
  /** Directories in whose place an earlier member has something else: what is below them is hidden. */
  readonly replacing = new Set<BytePath>();
  /** Directories whose whiteout becomes an opaque marker. */
  readonly repairs = new Set<BytePath>();
  /** The whiteouts of those. */
  readonly repairedMarkers = new Set<number>();

  constructor(members: readonly LayerFacts[], below: LayersBelow) {
    this.members = members;
    const [only] = members;
    this.entries = members.length === 1 ? only!.entries : members.flatMap(({ entries }) => entries);
    this.fates = members.length === 1 ? only!.fates : joined(members.map(({ fates }) => fates));
    this.below = below;
    this.roles = this.entries.map(roleOf);
    this.kept = this.entries.map(() => false);
    this.entries.forEach((entry, i) => {
      const role = this.roles[i]!;
      if (role.kind === "whiteout") this.whited.add(role.path);
      else if (role.kind === "opaque") this.opaque.add(role.path);
      if (role.kind !== "ordinary") return;
      const before = this.byPath.get(entry.path);
      if (before !== undefined && entry.kind === "dir" && this.entries[before]!.kind !== "dir")
        this.replacing.add(entry.path);
      this.byPath.set(entry.path, i);
    });
  }

  isDead(i: number): boolean {
    return (this.fates[i]! & (fate.dead | fate.pruned)) !== 0;
  }

  /** What stands at this very name below is gone before anything is put there. */
  isAnew(path: BytePath): boolean {
    return this.whited.has(path) || this.replacing.has(path);
  }

  isHiddenHere(path: BytePath): boolean {
    if (path !== "" && this.opaque.has("")) return true;
    for (const folder of ancestorsOf(path)) if (this.isAnew(folder) || this.opaque.has(folder)) return true;
    return false;
  }

  /** A directory of the layers below that this layer does not hide. */
  isThere(folder: BytePath): boolean {
    if (this.whited.has(folder) || this.isHiddenHere(folder)) return false;
    return this.below.rootfs.at(folder)?.isDir === true;
  }
}

function joined(all: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of all) {
    result.set(each, at);
    at += each.length;
  }
  return result;
}
