import type { BytePath, Entry } from "../../image/image.ts";
import type { Draft } from "./draft.ts";
import type { Refusal } from "./refusals.ts";

/** A hardlink means the name in its own layer, whatever other members have there. */
export function groupLinks(draft: Draft): void {
  const rootOf = new Map<number, number>();
  let i = 0;
  for (const { entries } of draft.members) {
    const start = i;
    const own = draft.members.length === 1 ? draft.byPath : new Map<BytePath, number>();
    if (own !== draft.byPath)
      entries.forEach(({ path }, at) => {
        if (draft.roles[start + at]!.kind === "ordinary") own.set(path, start + at);
      });
    for (const entry of entries) {
      const at = i++;
      if (entry.kind !== "hardlink" || draft.roles[at]!.kind !== "ordinary") continue;
      const target = own.get(entry.link);
      if (target === undefined) continue;
      draft.targets.set(at, target);
      const root = rootOf.get(target) ?? target;
      rootOf.set(at, root);
      const group = draft.links.get(root);
      if (group === undefined) draft.links.set(root, [at]);
      else group.push(at);
    }
  }
}

/** Where the name that carries the data of hardlinks is gone, the first one that stays takes it. */
export function promote(draft: Draft): Refusal | undefined {
  const entries = draft.entries;
  for (const [root, links] of draft.links) {
    const carrier = entries[root]!;
    const all = [root, ...links];
    const alive = links.filter((i) => draft.kept[i]);
    // some runtimes give an inode the attributes of its first header, some those of its last
    if (
      all.some((i) => draft.kept[i]) &&
      !all.every((i) => draft.kept[i]) &&
      !links.every((i) => haveSameOwner(entries[i]!, carrier))
    )
      return { code: "hardlink-attributes", path: carrier.path };
    if (alive.length === 0) continue;
    if (draft.kept[root]) {
      for (const i of alive) {
        const target = draft.targets.get(i)!;
        if (!draft.kept[target]) draft.actions.set(i, { kind: "relink", target: carrier.path });
      }
      continue;
    }
    if (carrier.sparse) return { code: "sparse", path: carrier.path };
    const [first, ...others] = alive;
    draft.actions.set(first!, { kind: "promote", root });
    for (const i of others) draft.actions.set(i, { kind: "relink", target: entries[first!]!.path });
  }
  return undefined;
}

function haveSameOwner(link: Entry, root: Entry): boolean {
  return (
    link.mode === root.mode && link.uid === root.uid && link.gid === root.gid && link.mtime === root.mtime
  );
}
