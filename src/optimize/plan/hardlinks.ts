/** Hardlinks of a layer that is planned: which entry carries their data, and who takes it when that one goes. */
import type { BytePath, Entry } from "../../image/image.ts";
import type { DraftEntry, LayerDraft } from "./layer-draft.ts";
import type { Refusal } from "./refusals.ts";

/** Groups hardlinks by the entry with their data. A hardlink means the name in its own layer, whatever other members have. */
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

/** If the entry that carries the data of hardlinks goes, the first hardlink that stays takes the data. */
export function promote(draft: LayerDraft): Refusal | undefined {
  for (const [root, links] of draft.links) {
    const carrier = root.entry;
    const all = [root, ...links];
    // some runtimes give an inode the attributes of its first header, some those of its last
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
