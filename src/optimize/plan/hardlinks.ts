/** Hardlinks of a layer being planned: which entry carries the data, and which one gets it if that entry is removed. */
import type { BytePath, Entry } from "../../image/image.ts";
import type { DraftEntry, LayerDraft } from "./layer-draft.ts";
import type { Refusal } from "./refusals.ts";

/** Groups hardlinks by the entry that carries their data. In a merge, a link's target is looked up in its own member only. */
export function groupLinks(draft: LayerDraft): void {
  const rootOf = new Map<DraftEntry, DraftEntry>();
  for (const { entries } of draft.members) {
    const own = draft.isMerge ? byPathIn(entries) : draft.byPath;
    for (const link of entries) {
      if (link.entry.kind !== "hardlink" || link.role.kind !== "ordinary") continue;
      const target = own.get(link.entry.link);
      if (target === undefined) continue;
      draft.targets.set(link, target);
      const root = rootOf.get(target) ?? target;
      rootOf.set(link, root);
      const group = draft.links.get(root);
      if (group === undefined) draft.links.set(root, [link]);
      else group.push(link);
    }
  }
}

function byPathIn(entries: readonly DraftEntry[]): Map<BytePath, DraftEntry> {
  const found = new Map<BytePath, DraftEntry>();
  for (const each of entries) if (each.role.kind === "ordinary") found.set(each.entry.path, each);
  return found;
}

/** Where the entry that carries the data is removed, gives the data to the first hardlink that stays. */
export function promote(draft: LayerDraft): Refusal | undefined {
  for (const [root, links] of draft.links) {
    const carrier = root.entry;
    const all = [root, ...links];
    // runtimes differ in whether an inode gets the attributes of its first or of its last header
    if (
      all.some(({ isKept }) => isKept) &&
      !all.every(({ isKept }) => isKept) &&
      !links.every(({ entry }) => haveSameOwner(entry, carrier))
    )
      return { code: "hardlink-attributes", path: carrier.path };
    const alive = links.filter(({ isKept }) => isKept);
    const [first, ...others] = alive;
    if (first === undefined) continue;
    if (root.isKept) {
      for (const link of alive)
        if (draft.targets.get(link)?.isKept === false) link.action = { kind: "relink", target: carrier.path };
      continue;
    }
    if (carrier.sparse) return { code: "sparse", path: carrier.path };
    first.action = { kind: "promote", root };
    for (const link of others) link.action = { kind: "relink", target: first.entry.path };
  }
  return undefined;
}

function haveSameOwner(link: Entry, root: Entry): boolean {
  return (
    link.mode === root.mode && link.uid === root.uid && link.gid === root.gid && link.mtime === root.mtime
  );
}
