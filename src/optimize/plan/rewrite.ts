/** Assembles the new layer of a draft from pieces of the old tars. */
import { pathIn, asBytePath, rootPath } from "../../byte-path.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import { emptyFileLength, relinkedLength, renamedLength } from "../../image/tar/headers.ts";
import type { Piece } from "../../image/writing/pieces.ts";
import { sameAttributes } from "../../rootfs/attributes.ts";
import {
  entryFlag,
  keepsName,
  stays,
  type DraftEntry,
  type DraftMember,
  type LayerDraft,
} from "./layer-draft.ts";
import { ancestorsOf, roleOf } from "./path-roles.ts";

/** A rewritten layer. */
export interface Rewrite {
  /** Offsets count in the concatenated tars of the sources. */
  readonly pieces: readonly Piece[];
  /** The new layer's entries; their offsets are not those in the new tar. */
  readonly entries: readonly Entry[];
  /** For each of `entries`, the old entry that gives its attributes and data. */
  readonly from: readonly Entry[];
  /** Files whose content stays, per source. */
  readonly files: readonly (readonly Entry[])[];
  /** Dropped entries, per source. */
  readonly gone: readonly (readonly Entry[])[];
  readonly droppedEntries: number;
  readonly droppedBytes: number;
  readonly droppedMarkers: number;
  /** Hardlinks that became the file, because the entry with the data was dropped. */
  readonly promoted: readonly BytePath[];
  /** Directories whose whiteout became an opaque marker. */
  readonly repaired: readonly BytePath[];
  /** Paths of dropped files that a whiteout replaced, because they hid something below. */
  readonly hiding: readonly BytePath[];
  /** Paths removed on request that containers saw. */
  readonly pruned: readonly BytePath[];
  readonly tarBytes: number;
  /** Whether the layers below already have everything that is left. */
  readonly isEmpty: boolean;
}

export function assemble(draft: LayerDraft): Rewrite {
  const layer = new NewLayer();
  for (const each of orderOf(draft)) layer.add(each, draft);
  const { pieces, entries, from, files, promoted, repaired, hiding, tarBytes } = layer;
  return {
    pieces,
    entries,
    from,
    files: draft.members.map((member) => files.get(member) ?? []),
    pruned: draft.entries.flatMap(({ entry, flags }) =>
      (flags & entryFlag.pruned) !== 0 && (flags & entryFlag.dead) === 0 ? [entry.path] : [],
    ),
    promoted,
    repaired,
    hiding,
    ...countDropped(draft),
    tarBytes,
    isEmpty: isEmpty(draft, entries),
  };
}

/** Collects the pieces and entries of the new layer. */
class NewLayer {
  readonly pieces: Piece[] = [];
  readonly entries: Entry[] = [];
  readonly from: Entry[] = [];
  readonly files = new Map<DraftMember, Entry[]>();
  readonly promoted: BytePath[] = [];
  readonly repaired: BytePath[] = [];
  readonly hiding: BytePath[] = [];
  /** Includes the two 512-byte blocks that end a tar. */
  tarBytes = 1024;

  add(each: DraftEntry, draft: LayerDraft): void {
    const { entry, action, member } = each;
    if (action === undefined) {
      this.#copy(member.shift + entry.offset, entry.tarBytes);
      this.#made(entry, entry);
      if (entry.kind === "file") this.#keepContent(entry, member);
      if (!draft.repairs.has(entry.path) || entry.kind !== "dir") return;
      this.repaired.push(entry.path);
      this.#mark(pathIn(entry.path, ".wh..wh..opq"), entry);
    } else if (action.kind === "marker") {
      this.hiding.push(entry.path);
      this.#mark(action.path, entry);
    } else if (action.kind === "relink") {
      const { at, length } = headerOf(entry, member);
      this.pieces.push({ kind: "relinked", at, length, path: action.target });
      this.#made({ ...entry, link: action.target }, entry);
      this.tarBytes += relinkedLength(entry, action.target);
    } else {
      // both names of a file are in one member
      const root = action.root.entry;
      const { at, length } = headerOf(root, member);
      this.pieces.push({ kind: "renamed", at, length, path: entry.path });
      this.tarBytes += renamedLength(root, entry.path);
      if (root.tarBytes > length) this.#copy(at + length, root.tarBytes - length);
      this.#made({ ...root, path: entry.path }, root);
      if (root.kind === "file") this.#keepContent(root, member);
      this.promoted.push(entry.path);
    }
  }

  /** Copies bytes of the old tars; adjacent ranges become one piece. */
  #copy(at: number, length: number): void {
    const last = this.pieces.at(-1);
    if (last?.kind === "copy" && last.at + last.length === at)
      this.pieces[this.pieces.length - 1] = { kind: "copy", at: last.at, length: last.length + length };
    else this.pieces.push({ kind: "copy", at, length });
    this.tarBytes += length;
  }

  #mark(path: BytePath, like: Entry): void {
    this.pieces.push({ kind: "marker", path });
    const tarBytes = emptyFileLength(path);
    const link = asBytePath("");
    const marker = { path, kind: "file", size: 0, link, storedBytes: 0, extended: undefined } as const;
    this.#made({ ...like, ...marker, tarBytes }, like);
    this.tarBytes += tarBytes;
  }

  #made(entry: Entry, from: Entry): void {
    this.entries.push(entry);
    this.from.push(from);
  }

  #keepContent(entry: Entry, member: DraftMember): void {
    const files = this.files.get(member);
    if (files === undefined) this.files.set(member, [entry]);
    else files.push(entry);
  }
}

/** Offset and length of an entry's header in the concatenated tars of all members. */
function headerOf({ offset, dataOffset }: Entry, { shift }: DraftMember): { at: number; length: number } {
  return { at: shift + offset, length: dataOffset - offset };
}

/**
 * The entries of the new layer in tar order. One layer keeps its order. A merge writes markers first, and each directory
 * before its contents, even if another member has the directory's entry.
 */
function orderOf(draft: LayerDraft): Iterable<DraftEntry> {
  const staying = draft.entries.filter(stays);
  if (!draft.isMerge) return staying;
  const ordered = new Set<DraftEntry>();
  const add = (each: DraftEntry) => {
    for (const folder of [rootPath, ...[...ancestorsOf(each.entry.path)].reverse()]) {
      const dir = draft.dirAt(folder);
      if (dir?.isKept === true) ordered.add(dir);
    }
    ordered.add(each);
  };
  for (const each of staying) if (each.role.kind !== "ordinary" || each.action?.kind === "marker") add(each);
  for (const each of staying) add(each);
  return ordered;
}

function countDropped(
  draft: LayerDraft,
): Pick<Rewrite, "gone" | "droppedEntries" | "droppedBytes" | "droppedMarkers"> {
  const dropped = { droppedEntries: 0, droppedBytes: 0, droppedMarkers: 0 };
  const promotedRoots = new Set(
    draft.entries.flatMap(({ action }) => (action?.kind === "promote" ? [action.root] : [])),
  );
  const gone = draft.members.map((member) =>
    member.entries.filter((each) => !keepsName(each) && !promotedRoots.has(each)),
  );
  for (const each of gone.flat()) {
    const { entry, role } = each;
    if (role.kind === "whiteout" || role.kind === "opaque") {
      if (!draft.repairedMarkers.has(each)) dropped.droppedMarkers++;
      continue;
    }
    dropped.droppedEntries++;
    if (entry.kind === "file") dropped.droppedBytes += entry.size;
  }
  return { ...dropped, gone: gone.map((entries) => entries.map(({ entry }) => entry)) };
}

function isEmpty(draft: LayerDraft, made: readonly Entry[]): boolean {
  return made.every((entry) => {
    if (entry.kind !== "dir" || roleOf(entry).kind !== "ordinary") return false;
    const old = draft.below.rootfs.at(entry.path);
    return old?.isDir === true && old.entry !== undefined && sameAttributes(old.entry, entry);
  });
}
