/** The build context as the builder receives it: the folder without ignored files, read folder by folder on demand. */
import type { IgnoreList, Matched } from "./ignore-list.ts";

export interface DiskEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
}

export interface FileStat {
  readonly size: number;
  readonly mode: number;
}

/**
 * Reads a disk. Paths are relative to the context's root, which is the empty path. Methods return undefined for what
 * cannot be read.
 */
export interface Disk {
  list(folder: string): readonly DiskEntry[] | undefined;
  /** Returns size and permission bits of a regular file. */
  stat(path: string): FileStat | undefined;
  /** Returns the target of a symlink as written. */
  target(path: string): string | undefined;
}

const nothing: FileStat = { size: 0, mode: 0 };

/** Most symlinks that one path may pass through. */
const maxLinks = 255;

export class Tree {
  /** False once a file could not be read or the limit was reached. */
  complete = true;
  readonly root: Node;
  readonly #disk: Disk;
  readonly #ignore: IgnoreList;
  #left: number;

  constructor(disk: Disk, ignore: IgnoreList, limit: number) {
    this.#disk = disk;
    this.#ignore = ignore;
    this.#left = limit;
    this.root = new Node("", "folder", false, []);
  }

  /** Returns the entries of a folder that the builder receives, by name. */
  children(folder: Node): readonly Node[] {
    return (folder.known ??= this.#read(folder));
  }

  /**
   * Returns true if the builder receives the node. It receives an ignored folder only if a pattern includes something
   * in it again.
   */
  exists(node: Node): boolean {
    return (
      !node.ignored || (node.kind === "folder" && this.children(node).some((child) => this.exists(child)))
    );
  }

  /** Returns size and mode; zeros unless the node is a regular file that can be read. */
  stat(node: Node): FileStat {
    if (node.kind !== "file") return nothing;
    if (node.stat !== undefined) return node.stat;
    const stat = this.#disk.stat(node.path);
    if (stat === undefined) this.complete = false;
    return (node.stat = stat ?? nothing);
  }

  /** Finds a path, following symlinks inside the context, also at the end of the path. */
  find(path: string): Node | undefined {
    const parts = path.split("/").toReversed();
    const way: Node[] = [];
    let links = 0;
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      if (part === "" || part === ".") continue;
      if (part === "..") {
        way.pop();
        continue;
      }
      const folder = way.at(-1) ?? this.root;
      const node = this.children(folder).find(({ name }) => name === part);
      if (node === undefined || !this.exists(node)) return undefined;
      if (node.kind === "link") {
        const target = this.#disk.target(node.path);
        if (target === undefined || ++links > maxLinks) return undefined;
        if (target.startsWith("/")) way.length = 0;
        parts.push(...target.split("/").toReversed());
      } else if (node.kind !== "folder" && parts.some((rest) => rest !== "" && rest !== "."))
        return undefined;
      else way.push(node);
    }
    return way.at(-1) ?? this.root;
  }

  #read(folder: Node): readonly Node[] {
    if (folder.kind !== "folder") return [];
    const entries = this.#left <= 0 ? undefined : this.#disk.list(folder.path);
    if (entries === undefined) {
      this.complete = false;
      return [];
    }
    const nodes: Node[] = [];
    for (const { name, kind } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (this.#left-- <= 0) {
        this.complete = false;
        break;
      }
      const path = folder.path === "" ? name : `${folder.path}/${name}`;
      const { ignored, matched } = this.#ignore.below(folder.matched, path);
      if (!ignored || (kind === "folder" && this.#ignore.mayReturn(path)))
        nodes.push(new Node(path, kind, ignored, matched));
    }
    return nodes;
  }
}

export class Node {
  readonly path: string;
  readonly kind: DiskEntry["kind"];
  readonly ignored: boolean;
  readonly matched: Matched;
  /** Set by the tree on first use. */
  known: readonly Node[] | undefined;
  stat: FileStat | undefined;

  constructor(path: string, kind: DiskEntry["kind"], ignored: boolean, matched: Matched) {
    this.path = path;
    this.kind = kind;
    this.ignored = ignored;
    this.matched = matched;
  }

  get name(): string {
    return this.path.slice(this.path.lastIndexOf("/") + 1);
  }
}
