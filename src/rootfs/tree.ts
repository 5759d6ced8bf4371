/** The merged tree of layers: names (`TreeNode`), and the contents that they share (`Inode`). */
import { asBytePath } from "../byte-path.ts";
import type { BytePath, Entry } from "../image/image.ts";
import type { LiveFile } from "./rootfs.ts";

/** A regular file's content in one layer; hardlinks are several nodes with one inode. */
export class Inode implements LiveFile {
  readonly entry: Entry;
  readonly layer: number;
  /** Names in the tree. */
  refs = 1;
  /** Undefined while it never had another name than its entry's. Else its names, as soon as all layers are applied. */
  names: readonly BytePath[] | undefined = undefined;

  constructor(entry: Entry, layer: number) {
    this.entry = entry;
    this.layer = layer;
  }

  // not kept: nearly all have one name, and an array for each of them is much to keep
  get paths(): readonly BytePath[] {
    return this.names ?? [this.entry.path];
  }
}

/** A name of the merged tree. */
export class TreeNode {
  readonly name: string;
  readonly parent: TreeNode | undefined;
  /** Gave kind and attributes; undefined for an implied directory. */
  entry: Entry | undefined;
  layer: number;
  readonly inode: Inode | undefined;
  /** True for anything but a directory that has had more than one name. */
  isLinked = false;
  /** Made when the first child comes. */
  children: Map<string, TreeNode> | undefined;

  constructor(
    name: string,
    parent: TreeNode | undefined,
    entry: Entry | undefined,
    layer: number,
    inode: Inode | undefined,
  ) {
    this.name = name;
    this.parent = parent;
    this.entry = entry;
    this.layer = layer;
    this.inode = inode;
    this.children = undefined;
  }

  get isDir(): boolean {
    return this.inode === undefined && (this.entry === undefined || this.entry.kind === "dir");
  }

  /** The layer that has the attributes and data of this name: a lower one for a hardlink to a file of that. */
  get dataLayer(): number {
    return this.inode?.layer ?? this.layer;
  }

  get path(): BytePath {
    let path = this.name;
    for (let node = this.parent; node?.parent !== undefined; node = node.parent)
      path = `${node.name}/${path}`;
    return asBytePath(path);
  }

  /** Puts a child here, in the place of one with its name. */
  put(child: TreeNode): TreeNode {
    (this.children ??= new Map()).set(child.name, child);
    return child;
  }

  childNodes(): Iterable<TreeNode> {
    return this.children?.values() ?? [];
  }

  /** The children in byte order. */
  sorted(): TreeNode[] {
    return [...this.childNodes()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** The node at a cleaned path, or where the walk to it ends: at a missing name or at something other than a directory. */
export function find(root: TreeNode, path: BytePath): { node: TreeNode; rest: string } {
  let node = root;
  let start = 0;
  while (start < path.length) {
    const slash = path.indexOf("/", start);
    const end = slash < 0 ? path.length : slash;
    const child = node.children?.get(path.slice(start, end));
    if (child === undefined) return { node, rest: path.slice(start) };
    node = child;
    start = end + 1;
  }
  return { node, rest: "" };
}

/** The node at a cleaned path. */
export function nodeAt(root: TreeNode, path: BytePath): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  let start = 0;
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", start)) {
    node = node?.children?.get(path.slice(start, slash));
    start = slash + 1;
  }
  return path === "" ? root : node?.children?.get(path.slice(start));
}

/** All files at and below a node. */
export function* filesBelow(node: TreeNode): Generator<TreeNode> {
  const stack = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.inode !== undefined) yield next;
    for (const child of next.childNodes()) stack.push(child);
  }
}
