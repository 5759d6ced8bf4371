/** A layer while it is decided what stays of it: its entries with what is known of each, and what is done with each. */
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
  /** Its content goes although containers see it. */
  pruned: 8,
} as const;

export interface LayerFacts {
  readonly entries: readonly Entry[];
  /** Of its tar. */
  readonly tarBytes: number;
  /** By entry; a sum of `entryFlag`. */
  readonly flags: Uint8Array;
  /** Directories that the layer implies, and that nothing above hides. */
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
  /** A sum of `entryFlag`. */
  readonly flags: number;
  readonly member: DraftMember;
  /** It stays as it is. */
  isKept: boolean;
  action: Action | undefined;
}

/** One of the layers that become one. */
export interface DraftMember {
  readonly implied: ReadonlySet<BytePath>;
  readonly entries: readonly DraftEntry[];
  /** Where its tar begins when the tars of all members stand one after the other. */
  readonly shift: number;
}

/** A layer, or several that become one, while it is decided what stays of it. */
export class LayerDraft {
  readonly members: readonly DraftMember[];
  /** Of all members, one after the other. The flags say what the members are to each other. */
  readonly entries: readonly DraftEntry[];
  readonly below: LayersBelow;
  /** The last entry of each name. */
  readonly byPath = new Map<BytePath, DraftEntry>();
  /** Hardlinks by the entry that carries their data, in order. */
  readonly links = new Map<DraftEntry, DraftEntry[]>();
  /** The entry that a hardlink names. */
  readonly targets = new Map<DraftEntry, DraftEntry>();
  readonly whited = new Set<BytePath>();
  readonly opaque = new Set<BytePath>();
  /** Directories in whose place an earlier member has something else: what is below them is hidden. */
  readonly replacing = new Set<BytePath>();
  /** Directories whose whiteout becomes an opaque marker. */
  readonly repairs = new Set<BytePath>();
  /** The whiteouts of those. */
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

  /** The layer removes what is at this very name below, before it puts anything there. */
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

  /** The directory entry of this path, if there is one. */
  dirAt(path: BytePath): DraftEntry | undefined {
    const found = this.byPath.get(path);
    return found?.entry.kind === "dir" ? found : undefined;
  }
}

/** No container sees it, or none is to see it after the rewrite. */
export function isUnseen({ flags }: DraftEntry): boolean {
  return (flags & (entryFlag.dead | entryFlag.pruned)) !== 0;
}

/** It is in the new layer, unchanged or changed. */
export function stays({ isKept, action }: DraftEntry): boolean {
  return isKept || action !== undefined;
}

/** Its name is in the new layer, and no marker took its place. */
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
