/**
 * The first evaluator: layers are applied from the bottom up to a tree, as an unpacking runtime does it
 * (docs/spec/layers.md, rule 3). It shares no code with the second one (last-writer.ts), nor with src/rootfs, so that
 * no mistake is made twice.
 */
import { asBytePath, rootPath, folderUpTo } from "../../byte-path.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import type { Provider, Stacked, Visible } from "./visible.ts";

interface Folder {
  provider: Provider;
  readonly children: Map<string, Node>;
}

/** Anything but a folder is represented by its provider, so that names of one file share one object. */
type Node = Folder | (Provider & { readonly children?: undefined });

export function applyInOrder(layers: readonly Stacked[]): Visible {
  const root = folder({ layer: -1, entry: undefined });
  layers.forEach(({ entries }, layer) => {
    for (const entry of entries) hide(root, entry.path);
    const last = { path: rootPath, folder: root };
    for (const entry of entries) add(root, entry, layer, last);
  });
  const visible = new Map<BytePath, Provider>();
  collect(root, rootPath, visible);
  return visible;
}

function folder(provider: Provider): Folder {
  return { provider, children: new Map() };
}

/** First pass: removes what a marker hides; nothing of this layer is in the tree yet. */
function hide(root: Folder, path: BytePath): void {
  if (!path.includes(".wh.")) return;
  const parts = path.split("/");
  const name = parts.pop() ?? "";
  if (parts.some((part) => part.startsWith(".wh..wh.")) || !name.startsWith(".wh.")) return;
  let at: Node | undefined = root;
  for (const part of parts) at = at?.children?.get(part);
  if (name === ".wh..wh..opq") at?.children?.clear();
  else if (!name.startsWith(".wh..wh.")) at?.children?.delete(name.slice(4));
}

function isMarkerOrOutside(path: BytePath): boolean {
  if (path === ".." || path.startsWith("../")) return true;
  if (!path.includes(".wh.")) return false;
  const parts = path.split("/");
  return (parts.pop() ?? "").startsWith(".wh.") || parts.some((part) => part.startsWith(".wh..wh."));
}

/** Second pass. `last` is where the previous entry was put: the next one is mostly in the same folder. */
function add(root: Folder, entry: Entry, layer: number, last: { path: BytePath; folder: Folder }): void {
  const { path, kind } = entry;
  if (path === "") {
    if (kind === "dir") root.provider = { layer, entry };
    return;
  }
  if (isMarkerOrOutside(path)) return;
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  const isNear = slash === last.path.length && path.startsWith(last.path);
  const parent = isNear ? last.folder : makeWay(root, folderUpTo(path, Math.max(0, slash)), layer);
  if (!isNear && slash > 0) Object.assign(last, { path: folderUpTo(path, slash), folder: parent });
  const old = parent.children.get(name);
  if (kind === "dir") {
    if (old?.children === undefined) parent.children.set(name, folder({ layer, entry }));
    else old.provider = { layer, entry };
  } else if (kind === "hardlink") {
    let target: Node | undefined = root;
    for (const part of entry.link === "" ? [] : entry.link.split("/")) target = target?.children?.get(part);
    if (target !== undefined && target.children === undefined) parent.children.set(name, target);
  } else parent.children.set(name, { layer, entry });
  // the last folder may have been in a directory that is gone
  if (old?.children !== undefined && parent.children.get(name) !== old)
    Object.assign(last, { path: rootPath, folder: root });
}

/** Finds or makes the folder of this path; replaces what is in the way. */
function makeWay(root: Folder, path: BytePath, layer: number): Folder {
  let parent = root;
  for (const part of path === "" ? [] : path.split("/")) {
    let next = parent.children.get(part);
    if (next?.children === undefined) {
      next = folder({ layer, entry: undefined });
      parent.children.set(part, next);
    }
    parent = next;
  }
  return parent;
}

function collect({ provider, children }: Folder, path: BytePath, into: Map<BytePath, Provider>): void {
  into.set(path, provider);
  for (const [name, child] of children) {
    const own = child.children === undefined ? child : child.provider;
    const full = pathOf(path, name, own);
    if (child.children === undefined) into.set(full, child);
    else collect(child, full, into);
  }
}

/** The string of the entry if it is equal, which saves 100,000 strings in memory. */
function pathOf(parent: BytePath, name: string, { entry }: Provider): BytePath {
  if (parent === "") return asBytePath(name);
  const stated = entry?.path;
  const isSame =
    stated?.length === parent.length + 1 + name.length &&
    stated.startsWith(parent) &&
    stated[parent.length] === "/" &&
    stated.endsWith(name);
  return isSame ? stated : asBytePath(`${parent}/${name}`);
}
