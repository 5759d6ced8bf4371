/** Plans one new layer, made of one old layer or of several that are merged. */
import type { Entry } from "../../image/image.ts";
import { sameAttributes } from "../../rootfs/attributes.ts";
import { groupLinks, promote } from "./hardlinks.ts";
import { keepImplied } from "./implied.ts";
import { isUnseen, LayerDraft, stays, type DraftEntry, type LayerFacts } from "./layer-draft.ts";
import type { LayersBelow } from "./layers-below.ts";
import { hideInstead, keepMarkers } from "./markers.ts";
import { foldersOf } from "./path-roles.ts";
import type { Refusal } from "./refusals.ts";
import { assemble, type Rewrite } from "./rewrite.ts";

export interface PlanOptions {
  /** Replaces markers that runtimes misread, also in layers that need no other change. */
  readonly repair: boolean;
  /** Drops entries whose content and attributes equal those in the layers below. */
  readonly dropIdentical: boolean;
  /** Whether a file has the same content as the file below that it overwrites. */
  readonly isSameContent: (above: Entry, below: Entry) => boolean;
}

/** A refusal that is only found while planning. */
export interface Refused {
  readonly refusal: Refusal;
}

/**
 * Plans a layer, or the merge of several. Returns undefined when nothing changes. `below` holds the layers under the first
 * member, as already planned.
 */
export function planLayer(
  members: readonly LayerFacts[],
  below: LayersBelow,
  options: PlanOptions,
): Rewrite | Refused | undefined {
  const draft = new LayerDraft(members, below);
  groupLinks(draft);
  for (const each of draft.entries)
    if (each.role.kind === "ordinary")
      each.isKept = !isUnseen(each) && !isDescribedAgain(draft, each) && !isIdentical(draft, each, options);
  const refusal = promote(draft);
  if (refusal !== undefined) return { refusal };
  hideInstead(draft);
  keepMarkers(draft);
  const implied = keepImplied(draft);
  if (implied !== undefined)
    return { refusal: { code: draft.isMerge ? "masked-dir" : "implied-dir", path: implied } };
  keepFolders(draft);
  const isChanged =
    draft.isMerge ||
    draft.entries.some(
      (each) => each.action !== undefined || (!each.isKept && !draft.repairedMarkers.has(each)),
    );
  if (!isChanged && !(options.repair && draft.repairedMarkers.size > 0)) return undefined;
  return assemble(draft);
}

/** Whether a later member has an entry at the path of this directory. */
function isDescribedAgain(draft: LayerDraft, each: DraftEntry): boolean {
  return each.entry.kind === "dir" && draft.byPath.get(each.entry.path) !== each;
}

/** Whether the layers below have the same entry at this path, and this layer does not hide it first. */
function isIdentical(draft: LayerDraft, each: DraftEntry, options: PlanOptions): boolean {
  const { entry } = each;
  if (!options.dropIdentical || entry.kind === "hardlink" || draft.links.has(each)) return false;
  if (draft.isHiddenHere(entry.path) || draft.isAnew(entry.path)) return false;
  const old = draft.below.rootfs.at(entry.path);
  const other = old?.entry;
  if (old === undefined || other === undefined || old.isLinked || other.kind !== entry.kind) return false;
  if (!sameAttributes(entry, other) || entry.link !== other.link) return false;
  if (entry.device?.join() !== other.device?.join()) return false;
  if (entry.kind === "file" && !options.isSameContent(entry, other)) return false;
  return true;
}

/** Keeps the directory entries on the way to everything that stays. */
function keepFolders(draft: LayerDraft): void {
  const staying = draft.entries.filter(stays).map(({ entry }) => entry);
  for (const folder of foldersOf(staying)) {
    const dir = draft.dirAt(folder);
    if (dir !== undefined) dir.isKept = true;
  }
}
