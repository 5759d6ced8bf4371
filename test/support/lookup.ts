/**
 * A second opinion on what is live: no tree is built and nothing is applied. To find the entry at a path, the layers
 * are searched from the top down, until one of them decides. Slow, and shares no code with
 * src/rootfs/rootfs-builder.ts.
 */
import type { Entry } from "../../src/image/image.ts";
import type { LayerEntries } from "../../src/rootfs/rootfs.ts";

/** A regular file's content: the entry that carries it, in its layer. */
export interface Carrier {
  readonly entry: Entry;
  readonly layer: number;
}

export type Found = { readonly kind: Entry["kind"]; readonly carrier: Carrier | undefined } | undefined;

const directory: Found = { kind: "dir", carrier: undefined };

export class Lookup {
  readonly #layers: readonly LayerEntries[];

  constructor(layers: readonly LayerEntries[]) {
    this.#layers = layers;
  }

  /** All files that some path shows in the end, by `layer offset`. */
  live(): Map<string, Carrier & { readonly paths: string[] }> {
    const live = new Map<string, Carrier & { readonly paths: string[] }>();
    const paths = new Set(
      this.#layers.flatMap(({ entries }) => entries.filter(isOrdinary).map(({ path }) => path)),
    );
    for (const path of paths) {
      const carrier = this.at(path, this.#layers.length - 1)?.carrier;
      if (carrier === undefined) continue;
      const key = `${carrier.layer} ${carrier.entry.offset}`;
      const known = live.get(key);
      if (known === undefined) live.set(key, { ...carrier, paths: [path] });
      else known.paths.push(path);
    }
    return live;
  }

  /** The entry at `path` after layer `index`, or after its first `count` entries. */
  at(path: string, index: number, count = Infinity): Found {
    const layer = this.#layers[index];
    if (layer === undefined) return path === "" ? directory : undefined;
    let isParent = false;
    for (let i = Math.min(count, layer.entries.length) - 1; i >= 0; i--) {
      const entry = layer.entries[i]!;
      if (!isOrdinary(entry)) continue;
      if (entry.path === path && !isParent) {
        const found = this.#made(entry, index, i);
        if (found !== undefined) return found;
      } else if (entry.path === path && entry.kind === "dir") return directory;
      else if (isBelow(entry.path, path)) isParent = true;
      else if (
        isBelow(path, entry.path) &&
        entry.kind !== "dir" &&
        this.#made(entry, index, i) !== undefined
      ) {
        return isParent ? directory : undefined;
      }
    }
    if (isParent) return directory;
    return this.#hides(layer, path) ? undefined : this.at(path, index - 1);
  }

  /** What an entry puts at its path; undefined for a hardlink that leads to nothing. */
  #made(entry: Entry, index: number, position: number): Found {
    if (entry.kind === "file") return { kind: "file", carrier: { entry, layer: index } };
    if (entry.kind !== "hardlink") return { kind: entry.kind, carrier: undefined };
    // its parents are made before the link is looked up, even where they replace its target
    const replaced = isBelow(entry.path, entry.link);
    const target = replaced ? undefined : this.at(entry.link, index, position);
    return target === undefined || target.kind === "dir" ? undefined : target;
  }

  #hides({ entries }: LayerEntries, path: string): boolean {
    return entries.some(({ path: marker }) => {
      const slash = marker.lastIndexOf("/");
      const folder = slash < 0 ? "" : marker.slice(0, slash);
      const name = marker.slice(slash + 1);
      if (!name.startsWith(".wh.") || folder.split("/").some((part) => part.startsWith(".wh..wh.")))
        return false;
      if (name === ".wh..wh..opq") return isBelow(path, folder);
      if (name.startsWith(".wh..wh.")) return false;
      const hidden = name.slice(4);
      if (hidden === "" || hidden === "." || hidden === "..") return false;
      const gone = folder === "" ? hidden : `${folder}/${hidden}`;
      return path === gone || isBelow(path, gone);
    });
  }
}

/** No marker, no AUFS metadata, nothing that leaves the root. */
function isOrdinary({ path }: Entry): boolean {
  return (
    path !== "" &&
    path !== ".." &&
    !path.startsWith("../") &&
    !path.split("/").some((part, i, all) => part.startsWith(i === all.length - 1 ? ".wh." : ".wh..wh."))
  );
}

function isBelow(path: string, folder: string): boolean {
  return folder === "" ? path !== "" : path.startsWith(`${folder}/`);
}
