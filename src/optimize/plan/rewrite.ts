import type { BytePath, Entry } from "../../image/image.ts";
import { sameAttributes } from "../../rootfs/attributes.ts";
import { emptyFileLength, relinkedLength, renamedLength } from "../../image/tar/headers.ts";
import type { Piece } from "../../image/writing/pieces.ts";
import { fate, type Draft } from "./draft.ts";
import { ancestorsOf, roleOf } from "./path-roles.ts";

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

export function assemble(draft: Draft): Rewrite {
  const entries = draft.entries;
  const pieces: Piece[] = [];
  const made: Entry[] = [];
  const from: Entry[] = [];
  const files: Entry[][] = draft.members.map(() => []);
  const pruned = entries.flatMap(({ path }, i) => {
    const flags = draft.fates[i]!;
    return (flags & fate.pruned) !== 0 && (flags & fate.dead) === 0 ? [path] : [];
  });
  const lists = {
    pruned,
    promoted: [] as BytePath[],
    repaired: [] as BytePath[],
    hiding: [] as BytePath[],
  };
  const place = placesIn(draft);
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
  for (const i of orderOf(draft)) {
    const entry = entries[i]!;
    const action = draft.actions.get(i);
    const { member, shift } = place(i);
    const header = { at: shift + entry.offset, length: entry.dataOffset - entry.offset };
    if (action === undefined) {
      copy(header.at, entry.tarBytes);
      made.push(entry);
      from.push(entry);
      if (entry.kind === "file") files[member]!.push(entry);
      if (draft.repairs.has(entry.path) && entry.kind === "dir") {
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
    ...countDropped(draft, place),
    tarBytes,
    isEmpty: isEmpty(draft, made),
  };
}

/**
 * In which order what stays is written: as it stood; of several members, what hides something first, and a directory
 * before what is in it, whoever described it.
 */
function orderOf(draft: Draft): number[] {
  const entries = draft.entries;
  const stays = [...entries.keys()].filter((i) => draft.kept[i] === true || draft.actions.has(i));
  if (draft.members.length === 1) return stays;
  const ordered = new Set<number>();
  const add = (i: number) => {
    for (const folder of ["", ...[...ancestorsOf(entries[i]!.path)].reverse()]) {
      const at = draft.byPath.get(folder);
      if (at !== undefined && draft.kept[at] === true && entries[at]!.kind === "dir") ordered.add(at);
    }
    ordered.add(i);
  };
  const hides = (i: number) => draft.roles[i]!.kind !== "ordinary" || draft.actions.get(i)?.kind === "marker";
  for (const i of stays) if (hides(i)) add(i);
  for (const i of stays) add(i);
  return [...ordered];
}

/** The member of an entry, and where its tar begins when all of them stand one after the other. */
function placesIn(draft: Draft): (i: number) => { readonly member: number; readonly shift: number } {
  const locations: { readonly first: number; readonly member: number; readonly shift: number }[] = [];
  let [first, shift] = [0, 0];
  draft.members.forEach(({ entries, tarBytes }, member) => {
    locations.push({ first, member, shift });
    first += entries.length;
    shift += tarBytes;
  });
  return (i) => locations.findLast((place) => place.first <= i)!;
}

function countDropped(
  draft: Draft,
  place: (i: number) => { readonly member: number },
): Pick<Rewrite, "gone" | "droppedEntries" | "droppedBytes" | "droppedMarkers"> {
  const dropped = { droppedEntries: 0, droppedBytes: 0, droppedMarkers: 0 };
  const gone: Entry[][] = draft.members.map(() => []);
  const promotedRoots = new Set(
    [...draft.actions.values()].flatMap((action) => (action.kind === "promote" ? [action.root] : [])),
  );
  draft.entries.forEach((entry, i) => {
    const action = draft.actions.get(i);
    if (draft.kept[i] === true || (action !== undefined && action.kind !== "marker")) return;
    if (!promotedRoots.has(i)) gone[place(i).member]!.push(entry);
    const role = draft.roles[i]!.kind;
    if (role === "whiteout" || role === "opaque") {
      if (!draft.repairedMarkers.has(i)) dropped.droppedMarkers++;
    } else if (!promotedRoots.has(i)) {
      dropped.droppedEntries++;
      if (entry.kind === "file") dropped.droppedBytes += entry.size;
    }
  });
  return { ...dropped, gone };
}

function isEmpty(draft: Draft, made: readonly Entry[]): boolean {
  return made.every((entry) => {
    if (entry.kind !== "dir" || roleOf(entry).kind !== "ordinary") return false;
    const old = draft.below.rootfs.at(entry.path);
    return old?.isDir === true && old.entry !== undefined && sameAttributes(old.entry, entry);
  });
}
