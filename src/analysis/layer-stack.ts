/** Answers whether a directory is visible from the layers below. */
import { parentOf, rootPath, pathIn, folderUpTo } from "../byte-path.ts";
import type { BytePath, Layer } from "../image/image.ts";

/** The directories of one layer, collected on first use. */
interface LayerDirectories {
  /** Every directory of the layer: its entries and their parents. */
  readonly dirs: Set<BytePath>;
  /** Whiteouts and entries other than directories; they hide everything below them. */
  readonly ends: Set<BytePath>;
  readonly opaque: Set<BytePath>;
}

/**
 * Answers whether a directory is visible from below a layer. An overlay file system hides a whiteout only in a
 * directory that is merged with one below (docs/spec/optimizing.md, section 4, rule 5).
 */
export class Stack {
  readonly #layers: readonly Layer[];
  readonly #directories = new Map<number, LayerDirectories>();

  constructor(layers: readonly Layer[]) {
    this.#layers = layers;
  }

  /** Returns true if a lower layer has this directory and no layer between hides it. */
  directoryBelow(layer: number, path: BytePath): boolean {
    if (path === "") return true;
    for (let index = layer - 1; index >= 0; index--) {
      const own = this.#of(index);
      if (own.dirs.has(path)) return true;
      if (own.ends.has(path)) return false;
      for (let at = path.lastIndexOf("/"); at !== -1; at = path.lastIndexOf("/", at - 1)) {
        const ancestor = folderUpTo(path, at);
        if (own.ends.has(ancestor) || own.opaque.has(ancestor)) return false;
        if (at === 0) break;
      }
      if (own.opaque.has(rootPath)) return false;
    }
    return false;
  }

  #of(index: number): LayerDirectories {
    let own = this.#directories.get(index);
    if (own === undefined) this.#directories.set(index, (own = gather(this.#layers[index])));
    return own;
  }
}

function gather(layer: Layer | undefined): LayerDirectories {
  const own: LayerDirectories = { dirs: new Set(), ends: new Set(), opaque: new Set() };
  for (const { path, kind } of layer?.entries ?? []) {
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    const parent = parentOf(path);
    if (kind === "dir") own.dirs.add(path);
    for (let dir = parent; dir !== "" && !own.dirs.has(dir); dir = parentOf(dir)) own.dirs.add(dir);
    if (name === ".wh..wh..opq") own.opaque.add(parent);
    else if (name.startsWith(".wh.")) own.ends.add(pathIn(parent, name.slice(4)));
    else if (kind !== "dir") own.ends.add(path);
  }
  return own;
}
