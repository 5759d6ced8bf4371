import type { BytePath } from "../../image/image.ts";
import { fate, type Draft } from "./draft.ts";
import { ancestorsOf } from "./path-roles.ts";

/**
 * A directory that the layer only implies exists because of what is in it, and runtimes give it other attributes
 * because of that; so something stays in it. Returns one in which nothing can stay.
 */
export function keepImplied(draft: Draft): BytePath | undefined {
  const entries = draft.entries;
  const implied = new Set(draft.members.flatMap((member) => [...member.implied]));
  if (implied.size === 0) return undefined;
  const inhabited = new Set<BytePath>();
  // a marker makes no directory: it only touches one that is there
  const inhabit = (path: BytePath, isMarker: boolean) => {
    for (const folder of ancestorsOf(path)) if (!isMarker || draft.isThere(folder)) inhabited.add(folder);
  };
  entries.forEach(({ path }, i) => {
    const action = draft.actions.get(i);
    if (draft.kept[i] || action !== undefined)
      inhabit(path, action?.kind === "marker" || draft.roles[i]!.kind !== "ordinary");
  });
  const candidates = findCandidates(draft, implied, inhabited);
  // the deepest first: what stays there is in those above as well
  for (const folder of [...candidates.keys()].sort((a, b) => b.length - a.length)) {
    if (inhabited.has(folder)) continue;
    const { file, isLinked, marker } = candidates.get(folder)!;
    if (isDescribed(draft, folder)) continue;
    // what a member hides of another one cannot come back
    if (draft.members.length > 1 && (file !== undefined || isMasked(draft, folder))) return folder;
    let best = file;
    if (best === undefined && isLinked) return folder;
    if (best === undefined && isMasked(draft, folder)) best = marker;
    if (best === undefined) continue;
    draft.repairedMarkers.delete(best);
    draft.kept[best] = true;
    inhabit(entries[best]!.path, draft.roles[best]!.kind !== "ordinary");
  }
  return undefined;
}

/**
 * A marker makes overlay runtimes create its folder anew, as 0755 of root, over one that is there with other attributes.
 * In a folder that is nowhere, or hidden here, it would be a phantom.
 */
function isMasked(draft: Draft, folder: BytePath): boolean {
  const entry = draft.isThere(folder) ? draft.below.rootfs.at(folder)?.entry : undefined;
  return entry?.kind === "dir" && (entry.mode !== 0o755 || entry.uid !== 0 || entry.gid !== 0);
}

/** Another member has an entry for it. */
function isDescribed(draft: Draft, folder: BytePath): boolean {
  const at = draft.byPath.get(folder);
  return at !== undefined && draft.kept[at] === true && draft.entries[at]!.kind === "dir";
}

/** What could stay in implied directories where nothing does: the cheapest entry, else a marker. */
function findCandidates(draft: Draft, implied: ReadonlySet<BytePath>, inhabited: ReadonlySet<BytePath>) {
  const entries = draft.entries;
  const found = new Map<BytePath, { file?: number; isLinked: boolean; marker?: number }>();
  entries.forEach((entry, i) => {
    const role = draft.roles[i]!.kind;
    if (draft.kept[i] || draft.actions.has(i) || role === "aufs") return;
    for (const folder of ancestorsOf(entry.path)) {
      if (!implied.has(folder) || inhabited.has(folder)) continue;
      let candidate = found.get(folder);
      if (candidate === undefined) found.set(folder, (candidate = { isLinked: false }));
      if (role !== "ordinary") candidate.marker ??= i;
      else if (entry.kind === "hardlink" || draft.links.has(i) || (draft.fates[i]! & fate.pruned) !== 0)
        candidate.isLinked = true;
      else if (candidate.file === undefined || entry.tarBytes < entries[candidate.file]!.tarBytes)
        candidate.file = i;
    }
  });
  return found;
}
