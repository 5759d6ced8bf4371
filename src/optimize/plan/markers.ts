import type { BytePath } from "../../image/image.ts";
import { fate, type Draft } from "./draft.ts";
import { ancestorsOf, parentOf } from "./path-roles.ts";

/**
 * A file that nobody sees can still hide a directory below from one above it. Also where a marker beside that one hides
 * both: overlay runtimes misread a whiteout (docs/spec/optimizing.md, section 6, case D), and umoci changes the
 * directory's time.
 */
export function hideInstead(draft: Draft): void {
  const isCandidate = (i: number) => {
    const entry = draft.entries[i]!;
    const flags = draft.fates[i]!;
    if (draft.kept[i] || draft.roles[i]!.kind !== "ordinary" || entry.kind === "dir" || !draft.isDead(i))
      return false;
    const isBetween = (flags & fate.underDir) !== 0 && draft.below.isDir(entry.path);
    const isPruned = (flags & (fate.pruned | fate.covered | fate.underDir)) === fate.pruned;
    return isBetween || (isPruned && draft.below.shows(entry.path));
  };
  const candidates = [...draft.entries.keys()].filter(isCandidate);
  // a new whiteout hides what is below it: none is needed there, nor any other marker
  for (const i of candidates.sort((a, b) => draft.entries[a]!.path.length - draft.entries[b]!.path.length)) {
    const { path } = draft.entries[i]!;
    if (draft.whited.has(path) || draft.isHiddenHere(path)) continue;
    // unless a later member has something else there once more
    if (draft.replacing.has(path) && draft.kept[draft.byPath.get(path)!] === true) {
      if (!draft.opaque.has(path) && draft.below.hasChildren(path)) draft.repairs.add(path);
      continue;
    }
    draft.actions.set(i, { kind: "marker", path: whiteoutOf(path) });
    draft.whited.add(path);
  }
}

/** What must still be hidden (docs/spec/optimizing.md, section 4). */
export function keepMarkers(draft: Draft): void {
  const entries = draft.entries;
  const seen = new Set<BytePath>();
  entries.forEach(({ path }, i) => {
    const role = draft.roles[i]!;
    if (role.kind !== "whiteout" && role.kind !== "opaque") return;
    // several members may hide the same
    if (seen.has(path)) return;
    seen.add(path);
    if (draft.isHiddenHere(role.path) || isReplacedHere(draft, role.path)) return;
    if (!draft.below.shows(role.path)) return;
    const again = draft.byPath.get(role.path);
    const action = again === undefined ? undefined : draft.actions.get(again)?.kind;
    const isAgain =
      again !== undefined && (draft.kept[again] || (action !== undefined && action !== "marker"));
    if (role.kind === "opaque") {
      draft.kept[i] = draft.below.hasChildren(role.path) && (isAgain || !draft.isAnew(role.path));
      return;
    }
    if (!isAgain) draft.kept[i] = true;
    else if (entries[again]!.kind === "dir") {
      if (!draft.below.hasChildren(role.path)) return;
      draft.repairedMarkers.add(i);
      if (!draft.opaque.has(role.path)) draft.repairs.add(role.path);
    }
  });
}

/** Something that is no directory stands where it lies, and hides it. */
function isReplacedHere(draft: Draft, path: BytePath): boolean {
  for (const folder of ancestorsOf(path)) {
    const at = draft.byPath.get(folder);
    if (at !== undefined && draft.kept[at] === true && draft.entries[at]!.kind !== "dir") return true;
  }
  return false;
}

function whiteoutOf(path: BytePath): BytePath {
  const folder = parentOf(path);
  return folder === "" ? `.wh.${path}` : `${folder}/.wh.${path.slice(folder.length + 1)}`;
}
