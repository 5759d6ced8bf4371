/** What the names of a layer mean to the planner, and the folders that they are in. */
import { folderUpTo, parentOf, rootPath } from "../../byte-path.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import { specialName } from "../../rootfs/special-names.ts";

/** A whiteout, or a marker of an opaque directory, with the name that it is about. */
export interface MarkerRole {
  readonly kind: "whiteout" | "opaque";
  readonly path: BytePath;
}

/** What an entry of a layer means for a rewrite. */
export type Role = MarkerRole | { readonly kind: "aufs" | "invalid" | "outside" | "ordinary" };

const ordinary: Role = { kind: "ordinary" };

export function roleOf({ path }: Entry): Role {
  const special = path.includes(".wh.") ? specialName(path) : undefined;
  if (special !== undefined) return special;
  return path === ".." || path.startsWith("../") ? { kind: "outside" } : ordinary;
}

/** All folders that a path lies in, the nearest first, without the root. */
export function* ancestorsOf(path: BytePath): Generator<BytePath> {
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1))
    yield folderUpTo(path, end);
}

/** All folders that these entries lie in, each once, without the root. */
export function* foldersOf(entries: Iterable<Entry>): Generator<BytePath> {
  const seen = new Set<BytePath>();
  let last = rootPath;
  for (const { path } of entries) {
    if (isDirectlyIn(last, path)) continue;
    last = parentOf(path);
    for (let folder = last; folder !== "" && !seen.has(folder); folder = parentOf(folder)) {
      seen.add(folder);
      yield folder;
    }
  }
}

/** Cheaper than `parentOf`: neighbours in a layer mostly lie in the same folder. */
export function isDirectlyIn(folder: BytePath, path: BytePath): boolean {
  return path.lastIndexOf("/") === folder.length && path.startsWith(folder);
}
