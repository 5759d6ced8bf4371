/** Directories that a layer only implies: something must stay in each of them. */
import type { BytePath } from "../../image/image.ts";
import { entryFlag, stays, type DraftEntry, type LayerDraft } from "./layer-draft.ts";
import { ancestorsOf } from "./path-roles.ts";

/**
 * Keeps something in each directory that the layer only implies: the directory exists because of its content, and
 * runtimes give it other attributes for lack of an entry. Returns a directory in which nothing can stay.
 */
export function keepImplied(draft: LayerDraft): BytePath | undefined {
  const implied = new Set(draft.members.flatMap((member) => [...member.implied]));
  if (implied.size === 0) return undefined;
  const inhabited = new Set<BytePath>();
  // a marker creates no directory; it only touches one that is there
  const inhabit = (path: BytePath, isMarker: boolean) => {
    for (const folder of ancestorsOf(path)) if (!isMarker || draft.isThere(folder)) inhabited.add(folder);
  };
  for (const each of draft.entries)
    if (stays(each))
      inhabit(each.entry.path, each.action?.kind === "marker" || each.role.kind !== "ordinary");
  const candidates = [...findCandidates(draft, implied, inhabited)];
  // the deepest first: an entry that stays there is in its parents, too
  for (const [folder, { file, isLinked, marker }] of candidates.sort(([a], [b]) => b.length - a.length)) {
    if (inhabited.has(folder)) continue;
    // another member has an entry for it
    if (draft.dirAt(folder)?.isKept === true) continue;
    // what a member hides of another one cannot come back
    if (draft.isMerge && (file !== undefined || isMasked(draft, folder))) return folder;
    let best = file;
    if (best === undefined && isLinked) return folder;
    if (best === undefined && isMasked(draft, folder)) best = marker;
    if (best === undefined) continue;
    draft.repairedMarkers.delete(best);
    best.isKept = true;
    inhabit(best.entry.path, best.role.kind !== "ordinary");
  }
  return undefined;
}

/**
 * A marker makes overlay runtimes create its folder anew, as 0755 of root, over one that is there with other attributes.
 * In a folder that is nowhere, or hidden here, it would be a phantom.
 */
function isMasked(draft: LayerDraft, folder: BytePath): boolean {
  const entry = draft.isThere(folder) ? draft.below.rootfs.at(folder)?.entry : undefined;
  return entry?.kind === "dir" && (entry.mode !== 0o755 || entry.uid !== 0 || entry.gid !== 0);
}

/** For each implied directory that would become empty: the smallest entry that could stay, and a marker that could. */
function findCandidates(draft: LayerDraft, implied: ReadonlySet<BytePath>, inhabited: ReadonlySet<BytePath>) {
  const found = new Map<BytePath, { file?: DraftEntry; isLinked: boolean; marker?: DraftEntry }>();
  for (const each of draft.entries) {
    const { entry, role, flags } = each;
    if (stays(each) || role.kind === "aufs") continue;
    for (const folder of ancestorsOf(entry.path)) {
      if (!implied.has(folder) || inhabited.has(folder)) continue;
      let candidate = found.get(folder);
      if (candidate === undefined) found.set(folder, (candidate = { isLinked: false }));
      if (role.kind !== "ordinary") candidate.marker ??= each;
      else if (entry.kind === "hardlink" || draft.links.has(each) || (flags & entryFlag.pruned) !== 0)
        candidate.isLinked = true;
      else if (candidate.file === undefined || entry.tarBytes < candidate.file.entry.tarBytes)
        candidate.file = each;
    }
  }
  return found;
}
