import { folderUpTo } from "../../byte-path.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import { specialName } from "../../rootfs/special-names.ts";

/** What an entry of a layer is to a rewrite. */
export type Role =
  | { readonly kind: "whiteout" | "opaque"; readonly path: BytePath }
  | { readonly kind: "aufs" | "invalid" | "outside" | "ordinary" };

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
