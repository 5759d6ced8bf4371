/** Decides which whiteouts and opaque markers a layer being planned keeps, and which it gets. */
import { parentOf, pathIn } from "../../byte-path.ts";
import type { BytePath } from "../../image/image.ts";
import { entryFlag, isUnseen, keepsName, type DraftEntry, type LayerDraft } from "./layer-draft.ts";
import { ancestorsOf } from "./path-roles.ts";

/**
 * Replaces dropped files that hide something in the layers below with whiteouts. A file between a directory below and one
 * above gets a whiteout even if a marker beside the upper directory hides both: overlay runtimes misread a whiteout there
 * (docs/spec/optimizing.md, section 6, case D), and umoci changes the directory's time.
 */
export function hideInstead(draft: LayerDraft): void {
  const isCandidate = (each: DraftEntry) => {
    const { entry, flags, role } = each;
    if (each.isKept || role.kind !== "ordinary" || entry.kind === "dir" || !isUnseen(each)) return false;
    const isBetween = (flags & entryFlag.underDir) !== 0 && draft.below.isDir(entry.path);
    const { pruned, covered, underDir } = entryFlag;
    const isPruned = (flags & (pruned | covered | underDir)) === pruned;
    return isBetween || (isPruned && draft.below.shows(entry.path));
  };
  const candidates = draft.entries.filter(isCandidate);
  // a new whiteout hides everything below it, where no other marker is needed
  for (const each of candidates.sort((a, b) => a.entry.path.length - b.entry.path.length)) {
    const { path } = each.entry;
    if (draft.whited.has(path) || draft.isHiddenHere(path)) continue;
    // unless a later member has a directory there again
    if (draft.replacing.has(path) && draft.byPath.get(path)?.isKept === true) {
      if (!draft.opaque.has(path) && draft.below.hasChildren(path)) draft.repairs.add(path);
      continue;
    }
    each.action = { kind: "marker", path: whiteoutOf(path) };
    draft.whited.add(path);
  }
}

/** Keeps the markers that still have something to hide (docs/spec/optimizing.md, section 4). */
export function keepMarkers(draft: LayerDraft): void {
  const seen = new Set<BytePath>();
  for (const each of draft.entries) {
    const { entry, role } = each;
    if (role.kind !== "whiteout" && role.kind !== "opaque") continue;
    // several members may have the same marker
    if (seen.has(entry.path)) continue;
    seen.add(entry.path);
    if (draft.isHiddenHere(role.path) || isReplacedHere(draft, role.path)) continue;
    if (!draft.below.shows(role.path)) continue;
    const again = draft.byPath.get(role.path);
    const isAgain = again !== undefined && keepsName(again);
    if (role.kind === "opaque")
      each.isKept = draft.below.hasChildren(role.path) && (isAgain || !draft.isAnew(role.path));
    else if (!isAgain) each.isKept = true;
    else if (again.entry.kind === "dir" && draft.below.hasChildren(role.path)) {
      draft.repairedMarkers.add(each);
      if (!draft.opaque.has(role.path)) draft.repairs.add(role.path);
    }
  }
}

/** Whether the layer keeps a non-directory at a parent of this path, which hides the path. */
function isReplacedHere(draft: LayerDraft, path: BytePath): boolean {
  for (const folder of ancestorsOf(path)) {
    const mine = draft.byPath.get(folder);
    if (mine?.isKept === true && mine.entry.kind !== "dir") return true;
  }
  return false;
}

function whiteoutOf(path: BytePath): BytePath {
  const folder = parentOf(path);
  return pathIn(folder, `.wh.${folder === "" ? path : path.slice(folder.length + 1)}`);
}
