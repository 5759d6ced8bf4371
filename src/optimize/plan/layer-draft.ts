/** A layer being planned: its entries, the facts known about each, and the decision made for each. */
import { rootPath } from "../../byte-path.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import type { LayersBelow } from "./layers-below.ts";
import { ancestorsOf, roleOf, type Role } from "./path-roles.ts";

/** What is known of an entry before its layer is planned. */
export const entryFlag = {
  /** No container sees it. */
  dead: 1,
  /** A layer above hides it, or a folder of it. */
  covered: 2,
  /** The layers above have a directory at its name, and nothing else. */
  underDir: 4,
  /** Removed on request, although containers may see it; also a hardlink to such a file. */
  pruned: 8,
} as const;

export interface LayerFacts {
  readonly entries: readonly Entry[];
  /** Size of the layer's tar in bytes. */
  readonly tarBytes: number;
  /** One sum of `entryFlag` values per entry, in the order of `entries`. */
  readonly flags: Uint8Array;
  /** Directories that have no entry in the layer but hold some of its entries, and that no layer above hides. */
  readonly implied: ReadonlySet<BytePath>;
}

/** A change of an entry: it takes the data of `root`, links to another target, or becomes a whiteout. */
export type Action =
  | { readonly kind: "promote"; readonly root: DraftEntry }
  | { readonly kind: "relink"; readonly target: BytePath }
  | { readonly kind: "marker"; readonly path: BytePath };

/** An entry, its role, and what happens to it. */
export interface DraftEntry {
  readonly entry: Entry;
  readonly role: Role;
  /** A sum of `entryFlag` values. */
  readonly flags: number;
  readonly member: DraftMember;
  /** Whether the entry is copied unchanged. */
  isKept: boolean;
  action: Action | undefined;
}

/** One of the layers that a draft merges; the only one if nothing is merged. */
export interface DraftMember {
  readonly implied: ReadonlySet<BytePath>;
  readonly entries: readonly DraftEntry[];
  /** Byte offset of the member's tar in the concatenated tars of all members. */
  readonly shift: number;
}

/** The new layer being planned, made of one old layer or of several that are merged. */
export class LayerDraft {
  readonly members: readonly DraftMember[];
  /** The entries of all members, from the lowest member to the highest. */
  readonly entries: readonly DraftEntry[];
  readonly below: LayersBelow;
  /** The last entry of each name. */
  readonly byPath = new Map<BytePath, DraftEntry>();
  /** Hardlinks by the entry that carries their data, in order. */
  readonly links = new Map<DraftEntry, DraftEntry[]>();
  /** Hardlink to the entry that it names as its target. */
  readonly targets = new Map<DraftEntry, DraftEntry>();
  readonly whited = new Set<BytePath>();
  readonly opaque = new Set<BytePath>();
  /** Directories that replace a non-directory of an earlier member; the layers below are hidden at these paths. */
  readonly replacing = new Set<BytePath>();
  /** Directories whose whiteout becomes an opaque marker. */
  readonly repairs = new Set<BytePath>();
  /** The whiteouts that `repairs` replaces. */
  readonly repairedMarkers = new Set<DraftEntry>();

  constructor(layers: readonly LayerFacts[], below: LayersBelow) {
    let shift = 0;
    this.members = layers.map((layer) => {
      const member = memberOf(layer, shift);
      shift += layer.tarBytes;
      return member;
    });
    this.entries = this.members.flatMap(({ entries }) => entries);
    this.below = below;
    for (const each of this.entries) {
      const { role, entry } = each;
      if (role.kind === "whiteout") this.whited.add(role.path);
      else if (role.kind === "opaque") this.opaque.add(role.path);
      if (role.kind !== "ordinary") continue;
      const before = this.byPath.get(entry.path);
      if (before !== undefined && entry.kind === "dir" && before.entry.kind !== "dir")
        this.replacing.add(entry.path);
      this.byPath.set(entry.path, each);
    }
  }

  get isMerge(): boolean {
    return this.members.length > 1;
  }

  /** Whether the layer hides whatever the layers below have at this path, even if it adds an entry there itself. */
  isAnew(path: BytePath): boolean {
    return this.whited.has(path) || this.replacing.has(path);
  }

  isHiddenHere(path: BytePath): boolean {
    if (path !== "" && this.opaque.has(rootPath)) return true;
    for (const folder of ancestorsOf(path)) if (this.isAnew(folder) || this.opaque.has(folder)) return true;
    return false;
  }

  /** A directory of the layers below that this layer does not hide. */
  isThere(folder: BytePath): boolean {
    if (this.whited.has(folder) || this.isHiddenHere(folder)) return false;
    return this.below.rootfs.at(folder)?.isDir === true;
  }

  /** The directory entry at this path, or undefined. */
  dirAt(path: BytePath): DraftEntry | undefined {
    const found = this.byPath.get(path);
    return found?.entry.kind === "dir" ? found : undefined;
  }
}

/** Whether the entry is invisible in the old image or pruned from the new one. */
export function isUnseen({ flags }: DraftEntry): boolean {
  return (flags & (entryFlag.dead | entryFlag.pruned)) !== 0;
}

/** Whether the entry is in the new layer, unchanged or changed. */
export function stays({ isKept, action }: DraftEntry): boolean {
  return isKept || action !== undefined;
}

/** Whether the new layer has an entry at this path that is not a whiteout written in its place. */
export function keepsName({ isKept, action }: DraftEntry): boolean {
  return isKept || (action !== undefined && action.kind !== "marker");
}

function memberOf({ entries, flags, implied }: LayerFacts, shift: number): DraftMember {
  const drafts: DraftEntry[] = [];
  const member = { implied, entries: drafts, shift };
  entries.forEach((entry, i) => {
    drafts.push({
      entry,
      role: roleOf(entry),
      flags: flags[i] ?? 0,
      member,
      isKept: false,
      action: undefined,
    });
  });
  return member;
}
