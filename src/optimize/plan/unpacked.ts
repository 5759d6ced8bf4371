/**
 * Applies layers as runtimes do that unpack them over each other into one directory (umoci, containerd, kaniko): these
 * follow symlinks in the parents of each entry. docs/spec/layers.md, rule 3, and overlay runtimes take paths literally.
 * The readings differ only where a layer has entries in directories for which it has no entry.
 *
 * `src/rootfs` cannot model this: here every path resolves differently, a whiteout spares what its own layer has put
 * there, and unpacking can fail (docs/decisions/0011).
 */
import { parentOf, rootPath } from "../../byte-path.ts";
import type { BytePath, Entry, Layer } from "../../image/image.ts";
import { isDirectlyIn, roleOf } from "./path-roles.ts";

/** An entry as it is applied, and the entry of the input that has its attributes and data. */
export interface Applied {
  readonly entry: Entry;
  readonly from: Entry;
}

/** A file or directory of the unpacked tree. */
export interface UnpackedNode {
  /** The entry that provides it; undefined for a directory without an entry. */
  readonly entry: Entry | undefined;
  /** By name; undefined unless this is a directory. */
  readonly children: ReadonlyMap<string, UnpackedNode> | undefined;
}

/**
 * Whether each entry comes after the entry of its folder, and each hardlink after its target. Then both readings are the
 * same.
 */
export function isPlain(layers: readonly Pick<Layer, "entries">[]): boolean {
  return layers.every(({ entries }) => {
    const described = new Set([rootPath]);
    const targets = new Set<BytePath>();
    for (const { kind, link } of entries) if (kind === "hardlink") targets.add(link);
    const made = new Set<BytePath>();
    let last = rootPath;
    return entries.every((entry) => {
      const { path, kind, link } = entry;
      const role = roleOf(entry).kind;
      if (role === "aufs") return true;
      if (role === "invalid" || role === "outside") return false;
      if (!isDirectlyIn(last, path)) {
        last = parentOf(path);
        if (!described.has(last)) return false;
      }
      if (kind === "dir") described.add(path);
      else if (described.has(path) && path !== "") return false;
      if (targets.has(path)) made.add(path);
      return kind !== "hardlink" || made.has(link);
    });
  });
}

/** The root; undefined where unpacking fails: something lies below a file, or a hardlink leads nowhere. */
export function unpack(layers: readonly Iterable<Applied>[]): UnpackedNode | undefined {
  const folder = new UnpackFolder();
  const isDone = layers.every((entries, layer) => {
    for (const each of entries) if (!folder.apply(each, layer)) return false;
    return true;
  });
  return isDone ? folder.root : undefined;
}

interface Node extends UnpackedNode {
  entry: Entry | undefined;
  /** Link target; undefined unless this is a symlink. */
  readonly target: string | undefined;
  /** By name; undefined unless this is a directory. */
  readonly children: Map<string, Node> | undefined;
  /** The layer that had something here or below last: its own whiteouts leave that alone. */
  touched: number;
}

type Folder = Node & { readonly children: Map<string, Node> };

function isFolder(node: Node): node is Folder {
  return node.children !== undefined;
}

function newFolder(entry: Entry | undefined, touched: number): Folder {
  return { entry, target: undefined, children: new Map(), touched };
}

/** More symlinks on one path are taken for a loop. */
const mostLinks = 255;

class UnpackFolder {
  readonly root = newFolder(undefined, -1);
  /** Where the last entry was put: the next one is mostly in the same folder. */
  #last: { readonly path: BytePath; readonly layer: number; readonly folder: Folder } | undefined;

  /** False when it fails. */
  apply({ entry, from }: Applied, layer: number): boolean {
    const role = roleOf(entry);
    // umoci keeps these files, others do not; nothing else depends on them
    if (role.kind === "aufs") return true;
    if (role.kind === "ordinary") {
      const last = this.#last;
      if (last?.layer === layer && isDirectlyIn(last.path, entry.path))
        return this.#putInto(last.folder, entry.path.slice(last.path.length + 1), entry, from, layer);
    }
    const names = partsOf(entry.path);
    const name = names.pop();
    if (name === undefined) {
      if (entry.kind === "dir") this.root.entry = from;
      return true;
    }
    const way = this.#follow(names);
    if (way === undefined) return false;
    this.#last = undefined;
    if (role.kind === "opaque") this.#hideBelow(this.#at(way), layer);
    else if (role.kind === "whiteout") this.#hide(way, name.slice(4), layer);
    // it has no name to hide; runtimes remove the folder itself, with unpredictable results
    else if (role.kind === "invalid") return false;
    else return this.#put(way, name, entry, from, layer);
    return true;
  }

  /** Resolves a folder by following all symlinks on the way, inside of the root; missing names are taken literally. */
  #follow(names: readonly string[]): readonly string[] | undefined {
    if (!this.#meetsLink(names)) return names;
    const rest = names.toReversed();
    let way: string[] = [];
    let links = 0;
    for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
      if (name === "..") {
        way.pop();
        continue;
      }
      way.push(name);
      const target = this.#at(way)?.target;
      if (target === undefined) continue;
      if (++links > mostLinks) return undefined;
      if (target.startsWith("/")) way = [];
      else way.pop();
      rest.push(...target.split("/").filter(isName).toReversed());
    }
    return way;
  }

  #meetsLink(names: readonly string[]): boolean {
    let node: Node | undefined = this.root;
    for (const name of names) {
      node = node?.children?.get(name);
      if (node === undefined) return false;
      if (node.target !== undefined) return true;
    }
    return false;
  }

  #at(way: readonly string[]): Node | undefined {
    let node: Node | undefined = this.root;
    for (const name of way) node = node?.children?.get(name);
    return node;
  }

  #hide(way: readonly string[], name: string, layer: number): void {
    const siblings = this.#at(way)?.children;
    const node = siblings?.get(name);
    if (node === undefined) return;
    if (node.touched < layer) siblings?.delete(name);
    else this.#hideBelow(node, layer);
  }

  #hideBelow(node: Node | undefined, layer: number): void {
    for (const [name, child] of node?.children ?? [])
      if (child.touched < layer) node?.children?.delete(name);
      else this.#hideBelow(child, layer);
  }

  #put(way: readonly string[], name: string, entry: Entry, from: Entry, layer: number): boolean {
    let folder = this.root;
    for (const part of way) {
      let next = folder.children.get(part);
      if (next === undefined) folder.children.set(part, (next = newFolder(undefined, layer)));
      if (!isFolder(next)) return false;
      next.touched = layer;
      folder = next;
    }
    if (way.length > 0) this.#last = { path: parentOf(entry.path), layer, folder };
    return this.#putInto(folder, name, entry, from, layer);
  }

  #putInto(folder: Folder, name: string, entry: Entry, from: Entry, layer: number): boolean {
    const siblings = folder.children;
    const old = siblings.get(name);
    // that may have been on the path of the last folder
    if (old?.children !== undefined || old?.target !== undefined) this.#last = undefined;
    if (entry.kind === "dir") {
      if (old?.children === undefined) siblings.set(name, newFolder(from, layer));
      else {
        old.entry = from;
        old.touched = layer;
      }
      return true;
    }
    siblings.delete(name);
    const target = entry.kind === "hardlink" ? this.#linked(entry.link) : undefined;
    if (entry.kind === "hardlink" && target === undefined) return false;
    siblings.set(name, {
      entry: target === undefined ? from : target.entry,
      target: target === undefined ? (entry.kind === "symlink" ? entry.link : undefined) : target.target,
      children: undefined,
      touched: layer,
    });
    return true;
  }

  #linked(link: BytePath): Node | undefined {
    const names = partsOf(link);
    const name = names.pop();
    const way = name === undefined ? undefined : this.#follow(names);
    const node = way === undefined || name === undefined ? undefined : this.#at([...way, name]);
    return node?.children === undefined ? node : undefined;
  }
}

/** The names of a path; `..` at the root stays at the root. */
function partsOf(path: BytePath): string[] {
  const names = path.split("/");
  if (names.every((name) => isName(name) && name !== "..")) return names;
  const parts: string[] = [];
  for (const name of names.filter(isName))
    if (name === "..") parts.pop();
    else parts.push(name);
  return parts;
}

function isName(part: string): boolean {
  return part !== "" && part !== ".";
}
