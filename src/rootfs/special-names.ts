/** Names with a meaning of their own: whiteouts, opaque markers, AUFS and eStargz files. */
import { parentOf, pathIn } from "../byte-path.ts";
import type { BytePath } from "../image/image.ts";

/** What a name in a layer means (docs/spec/layers.md, rule 2). */
export type Special =
  | { readonly kind: "opaque"; readonly path: BytePath }
  | { readonly kind: "whiteout"; readonly path: BytePath }
  | { readonly kind: "aufs" }
  | { readonly kind: "invalid" };

const opaque = ".wh..wh..opq";

/** Undefined for an ordinary name, which nearly all are. */
export function specialName(path: BytePath): Special | undefined {
  if (!path.includes(".wh.")) return undefined;
  const base = path.slice(path.lastIndexOf("/") + 1);
  const parent = parentOf(path);
  if (hasAufsPart(parent)) return { kind: "aufs" };
  if (base === opaque) return { kind: "opaque", path: parent };
  if (base.startsWith(".wh..wh.")) return { kind: "aufs" };
  if (!base.startsWith(".wh.")) return undefined;
  const name = base.slice(4);
  // `.wh.`, `.wh..` and `.wh...` would hide nothing, the folder itself, or its parent
  if (name === "" || name === "." || name === "..") return { kind: "invalid" };
  return { kind: "whiteout", path: pathIn(parent, name) };
}

function hasAufsPart(parent: string): boolean {
  return parent.startsWith(".wh..wh.") || parent.includes("/.wh..wh.");
}

/** Names that eStargz adds to a layer; ordinary files for every other runtime (docs/spec/layers.md, case 45). */
export function isEstargzName(path: BytePath): boolean {
  return path === "stargz.index.json" || path === ".prefetch.landmark" || path === ".no.prefetch.landmark";
}
