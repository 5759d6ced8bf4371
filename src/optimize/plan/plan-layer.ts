import type { BytePath, Entry } from "../../image/image.ts";
import type { Piece } from "../../image/writing/pieces.ts";
import { emptyFileLength, relinkedLength, renamedLength } from "../../image/tar/headers.ts";
import { ancestorsOf, parentOf, roleOf, sameAttributes, type Role } from "./names.ts";
import type { Refusal } from "./refusals.ts";
import type { Below } from "./state.ts";

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

export interface PlanOptions {
  /** Replaces markers that runtimes misread, also where nothing else is to be done. */
  readonly repair: boolean;
  /** Drops what is in the layers below already, content and attributes alike. */
  readonly dropIdentical: boolean;
  /** Files that rewrite the same content, by the entry they hide. */
  readonly isSameContent: (above: Entry, below: Entry) => boolean;
}

/** What a rewritten layer is made of. */
export interface Rewrite {
  /** Offsets are those in the tars of its sources, one after the other. */
  readonly pieces: readonly Piece[];
  /** As it will be read from the new layer, but for offsets. */
  readonly entries: readonly Entry[];
  /** The old entry that each of them has its attributes and data from. */
  readonly from: readonly Entry[];
  /** Files of the old layers whose content stays, for each source. */
  readonly files: readonly (readonly Entry[])[];
  /** Entries of the old layers that are no more, for each source. */
  readonly gone: readonly (readonly Entry[])[];
  readonly droppedEntries: number;
  readonly droppedBytes: number;
  readonly droppedMarkers: number;
  /** Hardlinks that got the data of a name that is gone. */
  readonly promoted: readonly BytePath[];
  /** Directories whose whiteout became an opaque marker. */
  readonly repaired: readonly BytePath[];
  /** Whiteouts that took the place of files which nobody sees, but which hide something. */
  readonly hiding: readonly BytePath[];
  /** Names that containers no longer see, because somebody asked for it. */
  readonly pruned: readonly BytePath[];
  readonly tarBytes: number;
  /** Nothing is left that is not below already. */
  readonly isEmpty: boolean;
}

/** A refusal that is only found while planning. */
export interface Refused {
  readonly refusal: Refusal;
}

/**
 * One layer, or several that become one. Undefined when nothing is to be done. `below` is the rewritten stack under the
 * first of them.
 */
export function planLayer(
  members: readonly LayerFacts[],
  below: Below,
  options: PlanOptions,
): Rewrite | Refused | undefined {
  return new LayerPlanner(members, below, options).plan();
}

type Action =
  | { readonly kind: "promote"; readonly root: number }
  | { readonly kind: "relink"; readonly target: BytePath }
  | { readonly kind: "marker"; readonly path: BytePath };

class LayerPlanner {
  readonly #members: readonly LayerFacts[];
  /** Of all members, one after the other; what they are to each other was found by `fates`. */
  readonly #entries: readonly Entry[];
  readonly #fates: Uint8Array;
  readonly #below: Below;
  readonly #options: PlanOptions;
  readonly #roles: readonly Role[];
  /** The last word of all members. */
  readonly #byPath = new Map<BytePath, number>();
  readonly #kept: boolean[];
  readonly #actions = new Map<number, Action>();
  /** Hardlinks by the entry that carries their data, in order. */
  readonly #links = new Map<number, number[]>();
  /** The entry that a hardlink names. */
  readonly #targets = new Map<number, number>();
  readonly #whited = new Set<BytePath>();
  readonly #opaque = new Set<BytePath>();
  /** Directories in whose place an earlier member has something else: what is below them is hidden. */
  readonly #replacing = new Set<BytePath>();
  /** Directories whose whiteout becomes an opaque marker. */
  readonly #repairs = new Set<BytePath>();
  readonly #repairedMarkers = new Set<number>();

  constructor(members: readonly LayerFacts[], below: Below, options: PlanOptions) {
    this.#members = members;
    const [only] = members;
    this.#entries = members.length === 1 ? only!.entries : members.flatMap(({ entries }) => entries);
    this.#fates = members.length === 1 ? only!.fates : joined(members.map(({ fates }) => fates));
    this.#below = below;
    this.#options = options;
    this.#roles = this.#entries.map(roleOf);
    this.#kept = this.#entries.map(() => false);
    this.#entries.forEach((entry, i) => {
      const role = this.#roles[i]!;
      if (role.kind === "whiteout") this.#whited.add(role.path);
      else if (role.kind === "opaque") this.#opaque.add(role.path);
      if (role.kind !== "ordinary") return;
      const before = this.#byPath.get(entry.path);
      if (before !== undefined && entry.kind === "dir" && this.#entries[before]!.kind !== "dir")
        this.#replacing.add(entry.path);
      this.#byPath.set(entry.path, i);
    });
  }

  plan(): Rewrite | Refused | undefined {
    const entries = this.#entries;
    this.#groupLinks();
    entries.forEach((entry, i) => {
      if (this.#roles[i]!.kind === "ordinary")
        this.#kept[i] = !this.#isDead(i) && !this.#isDescribedAgain(entry, i) && !this.#isIdentical(entry, i);
    });
    const refusal = this.#promote();
    if (refusal !== undefined) return { refusal };
    this.#hideInstead();
    this.#markers();
    const implied = this.#keepImplied();
    if (implied !== undefined)
      return { refusal: { code: this.#members.length > 1 ? "masked-dir" : "implied-dir", path: implied } };
    this.#keepFolders();
    const isChanged =
      this.#members.length > 1 ||
      this.#actions.size > 0 ||
      entries.some((_, i) => !this.#kept[i] && !this.#repairedMarkers.has(i));
    if (!isChanged && !(this.#options.repair && this.#repairedMarkers.size > 0)) return undefined;
    return this.#result();
  }

  #isDead(i: number): boolean {
    return (this.#fates[i]! & (fate.dead | fate.pruned)) !== 0;
  }

  /** A later member states the attributes of this directory. */
  #isDescribedAgain({ kind, path }: Entry, i: number): boolean {
    return kind === "dir" && this.#byPath.get(path) !== i;
  }

  /** A hardlink means the name in its own layer, whatever other members have there. */
  #groupLinks(): void {
    const rootOf = new Map<number, number>();
    let i = 0;
    for (const { entries } of this.#members) {
      const start = i;
      const own = this.#members.length === 1 ? this.#byPath : new Map<BytePath, number>();
      if (own !== this.#byPath)
        entries.forEach(({ path }, at) => {
          if (this.#roles[start + at]!.kind === "ordinary") own.set(path, start + at);
        });
      for (const entry of entries) {
        const at = i++;
        if (entry.kind !== "hardlink" || this.#roles[at]!.kind !== "ordinary") continue;
        const target = own.get(entry.link);
        if (target === undefined) continue;
        this.#targets.set(at, target);
        const root = rootOf.get(target) ?? target;
        rootOf.set(at, root);
        const group = this.#links.get(root);
        if (group === undefined) this.#links.set(root, [at]);
        else group.push(at);
      }
    }
  }

  /** The same thing stands below already, and this layer does not hide it. */
  #isIdentical(entry: Entry, i: number): boolean {
    if (!this.#options.dropIdentical || entry.kind === "hardlink" || this.#links.has(i)) return false;
    if (this.#isHiddenHere(entry.path) || this.#isAnew(entry.path)) return false;
    const old = this.#below.state.at(entry.path);
    const other = old?.entry;
    if (old === undefined || other === undefined || old.linked || other.kind !== entry.kind) return false;
    if (!sameAttributes(entry, other) || entry.link !== other.link) return false;
    if (entry.device?.join() !== other.device?.join()) return false;
    if (entry.kind === "file" && !this.#options.isSameContent(entry, other)) return false;
    return true;
  }

  /** What stands at this very name below is gone before anything is put there. */
  #isAnew(path: BytePath): boolean {
    return this.#whited.has(path) || this.#replacing.has(path);
  }

  #isHiddenHere(path: BytePath): boolean {
    if (path !== "" && this.#opaque.has("")) return true;
    for (const folder of ancestorsOf(path)) if (this.#isAnew(folder) || this.#opaque.has(folder)) return true;
    return false;
  }

  /** Where the name that carries the data of hardlinks is gone, the first one that stays takes it. */
  #promote(): Refusal | undefined {
    const entries = this.#entries;
    for (const [root, links] of this.#links) {
      const carrier = entries[root]!;
      const all = [root, ...links];
      const alive = links.filter((i) => this.#kept[i]);
      // some runtimes give an inode the attributes of its first header, some those of its last
      if (
        all.some((i) => this.#kept[i]) &&
        !all.every((i) => this.#kept[i]) &&
        !links.every((i) => haveSameOwner(entries[i]!, carrier))
      )
        return { code: "hardlink-attributes", path: carrier.path };
      if (alive.length === 0) continue;
      if (this.#kept[root]) {
        for (const i of alive) {
          const target = this.#targets.get(i)!;
          if (!this.#kept[target]) this.#actions.set(i, { kind: "relink", target: carrier.path });
        }
        continue;
      }
      if (carrier.sparse) return { code: "sparse", path: carrier.path };
      const [first, ...others] = alive;
      this.#actions.set(first!, { kind: "promote", root });
      for (const i of others) this.#actions.set(i, { kind: "relink", target: entries[first!]!.path });
    }
    return undefined;
  }

  /**
   * A file that nobody sees can still hide a directory below from one above it. Also where a marker beside that one hides
   * both: overlay runtimes misread a whiteout (optimize.md section 6, D), and umoci changes the directory's time.
   */
  #hideInstead(): void {
    const isCandidate = (i: number) => {
      const entry = this.#entries[i]!;
      const flags = this.#fates[i]!;
      if (this.#kept[i] || this.#roles[i]!.kind !== "ordinary" || entry.kind === "dir" || !this.#isDead(i))
        return false;
      const isBetween = (flags & fate.underDir) !== 0 && this.#below.isDir(entry.path);
      const isPruned = (flags & (fate.pruned | fate.covered | fate.underDir)) === fate.pruned;
      return isBetween || (isPruned && this.#below.shows(entry.path));
    };
    const candidates = [...this.#entries.keys()].filter(isCandidate);
    // a new whiteout hides what is below it: none is needed there, nor any other marker
    for (const i of candidates.sort(
      (a, b) => this.#entries[a]!.path.length - this.#entries[b]!.path.length,
    )) {
      const { path } = this.#entries[i]!;
      if (this.#whited.has(path) || this.#isHiddenHere(path)) continue;
      if (this.#replacing.has(path)) {
        if (!this.#opaque.has(path) && this.#below.hasChildren(path)) this.#repairs.add(path);
        continue;
      }
      this.#actions.set(i, { kind: "marker", path: whiteoutOf(path) });
      this.#whited.add(path);
    }
  }

  /** Something that is no directory stands where it lies, and hides it. */
  #isReplacedHere(path: BytePath): boolean {
    for (const folder of ancestorsOf(path)) {
      const at = this.#byPath.get(folder);
      if (at !== undefined && this.#kept[at] === true && this.#entries[at]!.kind !== "dir") return true;
    }
    return false;
  }

  /** What must still be hidden (optimize.md section 4). */
  #markers(): void {
    const entries = this.#entries;
    const seen = new Set<BytePath>();
    entries.forEach(({ path }, i) => {
      const role = this.#roles[i]!;
      if (role.kind !== "whiteout" && role.kind !== "opaque") return;
      // several members may hide the same
      if (seen.has(path)) return;
      seen.add(path);
      if (this.#isHiddenHere(role.path) || this.#isReplacedHere(role.path)) return;
      if (!this.#below.shows(role.path)) return;
      const again = this.#byPath.get(role.path);
      const isAgain = again !== undefined && (this.#kept[again] || this.#actions.has(again));
      if (role.kind === "opaque") {
        this.#kept[i] = this.#below.hasChildren(role.path) && (isAgain || !this.#isAnew(role.path));
        return;
      }
      if (!isAgain) this.#kept[i] = true;
      else if (entries[again]!.kind === "dir") {
        if (!this.#below.hasChildren(role.path)) return;
        this.#repairedMarkers.add(i);
        if (!this.#opaque.has(role.path)) this.#repairs.add(role.path);
      }
    });
  }

  /**
   * A directory that the layer only implies exists because of what is in it, and runtimes give it other attributes
   * because of that; so something stays in it. Returns one in which nothing can stay.
   */
  #keepImplied(): BytePath | undefined {
    const entries = this.#entries;
    const implied = new Set(this.#members.flatMap((member) => [...member.implied]));
    if (implied.size === 0) return undefined;
    const inhabited = new Set<BytePath>();
    // a marker makes no directory: it only touches one that is there
    const inhabit = (path: BytePath, isMarker: boolean) => {
      for (const folder of ancestorsOf(path)) if (!isMarker || this.#isThere(folder)) inhabited.add(folder);
    };
    entries.forEach(({ path }, i) => {
      const action = this.#actions.get(i);
      if (this.#kept[i] || action !== undefined)
        inhabit(path, action?.kind === "marker" || this.#roles[i]!.kind !== "ordinary");
    });
    const candidates = this.#candidates(implied, inhabited);
    // the deepest first: what stays there is in those above as well
    for (const folder of [...candidates.keys()].sort((a, b) => b.length - a.length)) {
      if (inhabited.has(folder)) continue;
      const { file, isLinked, marker } = candidates.get(folder)!;
      if (this.#isDescribed(folder)) continue;
      // what a member hides of another one cannot come back
      if (this.#members.length > 1 && (file !== undefined || this.#isMasked(folder))) return folder;
      let best = file;
      if (best === undefined && isLinked) return folder;
      if (best === undefined && this.#isMasked(folder)) best = marker;
      if (best === undefined) continue;
      this.#repairedMarkers.delete(best);
      this.#kept[best] = true;
      inhabit(entries[best]!.path, this.#roles[best]!.kind !== "ordinary");
    }
    return undefined;
  }

  /**
   * A marker makes overlay runtimes create its folder anew, as 0755 of root, over one that is there with other attributes.
   * In a folder that is nowhere, or hidden here, it would be a phantom.
   */
  #isMasked(folder: BytePath): boolean {
    const entry = this.#isThere(folder) ? this.#below.state.at(folder)?.entry : undefined;
    return entry?.kind === "dir" && (entry.mode !== 0o755 || entry.uid !== 0 || entry.gid !== 0);
  }

  /** Another member has an entry for it. */
  #isDescribed(folder: BytePath): boolean {
    const at = this.#byPath.get(folder);
    return at !== undefined && this.#kept[at] === true && this.#entries[at]!.kind === "dir";
  }

  /** A directory of the layers below that this layer does not hide. */
  #isThere(folder: BytePath): boolean {
    if (this.#whited.has(folder) || this.#isHiddenHere(folder)) return false;
    return this.#below.state.at(folder)?.children !== undefined;
  }

  /** What could stay in implied directories where nothing does: the cheapest entry, else a marker. */
  #candidates(implied: ReadonlySet<BytePath>, inhabited: ReadonlySet<BytePath>) {
    const entries = this.#entries;
    const found = new Map<BytePath, { file?: number; isLinked: boolean; marker?: number }>();
    entries.forEach((entry, i) => {
      const role = this.#roles[i]!.kind;
      if (this.#kept[i] || this.#actions.has(i) || role === "aufs") return;
      for (const folder of ancestorsOf(entry.path)) {
        if (!implied.has(folder) || inhabited.has(folder)) continue;
        let candidate = found.get(folder);
        if (candidate === undefined) found.set(folder, (candidate = { isLinked: false }));
        if (role !== "ordinary") candidate.marker ??= i;
        else if (entry.kind === "hardlink" || this.#links.has(i) || (this.#fates[i]! & fate.pruned) !== 0)
          candidate.isLinked = true;
        else if (candidate.file === undefined || entry.tarBytes < entries[candidate.file]!.tarBytes)
          candidate.file = i;
      }
    });
    return found;
  }

  /** Every directory on the way to something that stays is described, as it was. */
  #keepFolders(): void {
    const entries = this.#entries;
    const done = new Set<BytePath>();
    entries.forEach(({ path }, i) => {
      if (!this.#kept[i] && !this.#actions.has(i)) return;
      for (const folder of ancestorsOf(path)) {
        if (done.has(folder)) break;
        done.add(folder);
        const at = this.#byPath.get(folder);
        if (at !== undefined && entries[at]!.kind === "dir") this.#kept[at] = true;
      }
    });
  }

  /**
   * In which order what stays is written: as it stood; of several members, what hides something first, and a directory
   * before what is in it, whoever described it.
   */
  #order(): number[] {
    const entries = this.#entries;
    const stays = [...entries.keys()].filter((i) => this.#kept[i] === true || this.#actions.has(i));
    if (this.#members.length === 1) return stays;
    const ordered = new Set<number>();
    const add = (i: number) => {
      for (const folder of ["", ...[...ancestorsOf(entries[i]!.path)].reverse()]) {
        const at = this.#byPath.get(folder);
        if (at !== undefined && this.#kept[at] === true && entries[at]!.kind === "dir") ordered.add(at);
      }
      ordered.add(i);
    };
    const hides = (i: number) =>
      this.#roles[i]!.kind !== "ordinary" || this.#actions.get(i)?.kind === "marker";
    for (const i of stays) if (hides(i)) add(i);
    for (const i of stays) add(i);
    return [...ordered];
  }

  #result(): Rewrite {
    const entries = this.#entries;
    const pieces: Piece[] = [];
    const made: Entry[] = [];
    const from: Entry[] = [];
    const files: Entry[][] = this.#members.map(() => []);
    const pruned = entries.flatMap(({ path }, i) => {
      const flags = this.#fates[i]!;
      return (flags & fate.pruned) !== 0 && (flags & fate.dead) === 0 ? [path] : [];
    });
    const lists = {
      pruned,
      promoted: [] as BytePath[],
      repaired: [] as BytePath[],
      hiding: [] as BytePath[],
    };
    const place = this.#places();
    let tarBytes = 1024;
    const copy = (at: number, length: number) => {
      const last = pieces.at(-1);
      if (last?.kind === "copy" && last.at + last.length === at)
        pieces[pieces.length - 1] = { kind: "copy", at: last.at, length: last.length + length };
      else pieces.push({ kind: "copy", at, length });
      tarBytes += length;
    };
    const mark = (path: BytePath, like: Entry) => {
      pieces.push({ kind: "marker", path });
      const length = emptyFileLength(path);
      const marker = { path, kind: "file", size: 0, link: "", storedBytes: 0, extended: undefined } as const;
      made.push({ ...like, ...marker, tarBytes: length });
      from.push(like);
      tarBytes += length;
    };
    for (const i of this.#order()) {
      const entry = entries[i]!;
      const action = this.#actions.get(i);
      const { member, shift } = place(i);
      const header = { at: shift + entry.offset, length: entry.dataOffset - entry.offset };
      if (action === undefined) {
        copy(header.at, entry.tarBytes);
        made.push(entry);
        from.push(entry);
        if (entry.kind === "file") files[member]!.push(entry);
        if (this.#repairs.has(entry.path) && entry.kind === "dir") {
          lists.repaired.push(entry.path);
          mark(`${entry.path}/.wh..wh..opq`, entry);
        }
      } else if (action.kind === "marker") {
        lists.hiding.push(entry.path);
        mark(action.path, entry);
      } else if (action.kind === "relink") {
        pieces.push({ kind: "relinked", ...header, path: action.target });
        made.push({ ...entry, link: action.target });
        from.push(entry);
        tarBytes += relinkedLength(entry, action.target);
      } else {
        // both names of a file are in one member
        const root = entries[action.root]!;
        const length = root.dataOffset - root.offset;
        pieces.push({ kind: "renamed", at: shift + root.offset, length, path: entry.path });
        tarBytes += renamedLength(root, entry.path);
        if (root.tarBytes > length) copy(shift + root.dataOffset, root.tarBytes - length);
        made.push({ ...root, path: entry.path });
        from.push(root);
        if (root.kind === "file") files[member]!.push(root);
        lists.promoted.push(entry.path);
      }
    }
    return {
      pieces,
      entries: made,
      from,
      files,
      ...lists,
      ...this.#dropped(place),
      tarBytes,
      isEmpty: this.#isEmpty(made),
    };
  }

  /** The member of an entry, and where its tar begins when all of them stand one after the other. */
  #places(): (i: number) => { readonly member: number; readonly shift: number } {
    const places: { readonly first: number; readonly member: number; readonly shift: number }[] = [];
    let [first, shift] = [0, 0];
    this.#members.forEach(({ entries, tarBytes }, member) => {
      places.push({ first, member, shift });
      first += entries.length;
      shift += tarBytes;
    });
    return (i) => places.findLast((place) => place.first <= i)!;
  }

  #dropped(
    place: (i: number) => { readonly member: number },
  ): Pick<Rewrite, "gone" | "droppedEntries" | "droppedBytes" | "droppedMarkers"> {
    const dropped = { droppedEntries: 0, droppedBytes: 0, droppedMarkers: 0 };
    const gone: Entry[][] = this.#members.map(() => []);
    const promotedRoots = new Set(
      [...this.#actions.values()].flatMap((action) => (action.kind === "promote" ? [action.root] : [])),
    );
    this.#entries.forEach((entry, i) => {
      const action = this.#actions.get(i);
      if (this.#kept[i] === true || (action !== undefined && action.kind !== "marker")) return;
      if (!promotedRoots.has(i)) gone[place(i).member]!.push(entry);
      const role = this.#roles[i]!.kind;
      if (role === "whiteout" || role === "opaque") {
        if (!this.#repairedMarkers.has(i)) dropped.droppedMarkers++;
      } else if (!promotedRoots.has(i)) {
        dropped.droppedEntries++;
        if (entry.kind === "file") dropped.droppedBytes += entry.size;
      }
    });
    return { ...dropped, gone };
  }

  #isEmpty(made: readonly Entry[]): boolean {
    return made.every((entry) => {
      if (entry.kind !== "dir" || roleOf(entry).kind !== "ordinary") return false;
      const old = this.#below.state.at(entry.path);
      return old?.children !== undefined && old.entry !== undefined && sameAttributes(old.entry, entry);
    });
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

function haveSameOwner(link: Entry, root: Entry): boolean {
  return (
    link.mode === root.mode && link.uid === root.uid && link.gid === root.gid && link.mtime === root.mtime
  );
}

function whiteoutOf(path: BytePath): BytePath {
  const folder = parentOf(path);
  return folder === "" ? `.wh.${path}` : `${folder}/.wh.${path.slice(folder.length + 1)}`;
}
