import type { BytePath, Entry, EntryKind } from "../image/image.ts";

/** What stands at a position of a layer tar, for the top-down evaluator. */
export type Member =
  | { readonly what: "nothing" }
  | { readonly what: "whiteout" | "opaque"; readonly path: BytePath }
  /** A regular file below AUFS metadata: bytes that nobody sees. */
  | { readonly what: "buried"; readonly carrier: Carrier }
  | { readonly what: "dir"; readonly entry: Entry }
  | { readonly what: "link"; readonly entry: Entry }
  | { readonly what: "node"; readonly entry: Entry; readonly carrier: Carrier };

/** The entry that holds data and attributes of an inode, and the layer it stands in. */
export interface Carrier {
  readonly layer: number;
  readonly entry: Entry;
  readonly kind: Exclude<EntryKind, "hardlink" | "dir">;
}

interface Latest {
  readonly time: number;
  /** Undefined for a directory. */
  readonly carrier: Carrier | undefined;
}

/**
 * The carrier of every hardlink that has one (layers.md rule 3: the target is looked up in the tree as it is when the
 * link comes). No tree is built: of the paths that some link names, and of those above them, it is enough to know when
 * they were last provided and when they were last hidden.
 */
export function resolveLinks(layers: readonly (readonly Member[])[]): Map<Member, Carrier> {
  const targets = new Set<BytePath>();
  const watched = new Set<BytePath>();
  for (const member of layers.flat()) {
    if (member.what !== "link") continue;
    targets.add(member.entry.link);
    for (const path of upwards(member.entry.link)) watched.add(path);
  }
  const resolved = new Map<Member, Carrier>();
  if (targets.size === 0) return resolved;

  const latest = new Map<BytePath, Latest>();
  /** When all at and below a path was hidden, and when all strictly below it. */
  const hidden = new Map<BytePath, number>();
  const emptied = new Map<BytePath, number>();
  const lookUp = (target: BytePath): Latest | undefined => {
    const found = latest.get(target);
    if (found === undefined) return undefined;
    for (const path of upwards(target)) {
      if ((hidden.get(path) ?? -1) > found.time) return undefined;
      if (path !== target && (emptied.get(path) ?? -1) > found.time) return undefined;
    }
    return found;
  };

  let time = 0;
  for (const members of layers) {
    time++;
    for (const member of members) {
      if (member.what === "whiteout" && watched.has(member.path)) hidden.set(member.path, time);
      if (member.what === "opaque" && watched.has(member.path)) emptied.set(member.path, time);
    }
    for (const member of members) {
      if (member.what !== "dir" && member.what !== "node" && member.what !== "link") continue;
      time++;
      const { path } = member.entry;
      for (const above of upwards(parentOf(path))) {
        if (targets.has(above)) latest.set(above, { time, carrier: undefined });
      }
      time++;
      if (member.what === "dir") {
        if (targets.has(path)) latest.set(path, { time, carrier: undefined });
        continue;
      }
      let carrier = member.what === "node" ? member.carrier : undefined;
      if (member.what === "link") {
        carrier = lookUp(member.entry.link)?.carrier;
        // a link to its own name changes nothing
        if (carrier === undefined || member.entry.link === path) continue;
        resolved.set(member, carrier);
      }
      if (targets.has(path)) latest.set(path, { time, carrier });
      // what was below it is gone
      if (watched.has(path)) emptied.set(path, time);
    }
  }
  return resolved;
}

/** A path and those above it, the root included, from the lowest up. */
export function* upwards(path: BytePath): Generator<BytePath> {
  for (let at = path; at !== ""; at = parentOf(at)) yield at;
  yield "";
}

export function parentOf(path: BytePath): BytePath {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}
