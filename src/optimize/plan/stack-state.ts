import { parentOf } from "../../byte-path.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import { roleOf } from "./path-roles.ts";

/** What stands at a name at some moment of applying layers. */
export interface StateNode {
  /** Carries attributes and data; undefined for an implied directory. */
  entry: Entry | undefined;
  /** Of `entry`. */
  layer: number;
  /** Of a directory. */
  readonly children: Map<string, StateNode> | undefined;
  /** It has had more than one name. */
  linked: boolean;
}

/** The file system while layers are applied one after the other. */
export class State {
  readonly #misreads: boolean;
  readonly root: StateNode = { entry: undefined, layer: -1, children: new Map(), linked: false };
  /** What is in directories that something was put into, by path: their way down from the root is walked once. */
  readonly #folders = new Map<BytePath, Map<string, StateNode>>();

  /** `misreads`: as overlay runtimes do (docs/spec/optimizing.md, section 6, cases D and G). */
  constructor(misreads = false) {
    this.#misreads = misreads;
  }

  at(path: BytePath): StateNode | undefined {
    const siblings = path === "" ? undefined : this.#folders.get(parentOf(path));
    if (siblings !== undefined) return siblings.get(path.slice(path.lastIndexOf("/") + 1));
    const { node, blocked } = this.reach(path);
    return blocked ? undefined : node;
  }

  /** What is at a path, or, `blocked`, the first thing on the way that is no directory. */
  reach(path: BytePath): { readonly node: StateNode | undefined; readonly blocked: boolean } {
    let node = this.root;
    let start = 0;
    while (start < path.length) {
      if (node.children === undefined) return { node, blocked: true };
      const slash = path.indexOf("/", start);
      const end = slash < 0 ? path.length : slash;
      const child = node.children.get(path.slice(start, end));
      if (child === undefined) return { node: undefined, blocked: false };
      node = child;
      start = end + 1;
    }
    return { node, blocked: false };
  }

  /** A whiteout's effect. */
  remove(path: BytePath): void {
    const siblings = this.at(parentOf(path))?.children;
    const name = path.slice(path.lastIndexOf("/") + 1);
    this.#forget(siblings?.get(name));
    siblings?.delete(name);
  }

  /** An opaque directory's effect. */
  empty(path: BytePath): void {
    const node = this.at(path);
    this.#forget(node);
    node?.children?.clear();
  }

  /** An entry's effect. A hardlink to nothing or to a directory has none. */
  put(entry: Entry, layer: number): void {
    const { path, kind } = entry;
    if (path === "") {
      if (kind === "dir") {
        this.root.entry = entry;
        this.root.layer = layer;
      }
      return;
    }
    const folder = parentOf(path);
    let siblings = this.#folders.get(folder);
    if (siblings === undefined) this.#folders.set(folder, (siblings = this.#folder(folder, layer)));
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (kind === "dir") {
      const old = siblings.get(name);
      if (old?.children === undefined)
        siblings.set(name, { entry, layer, children: new Map(), linked: false });
      else {
        old.entry = entry;
        old.layer = layer;
      }
      return;
    }
    const target =
      kind === "hardlink" ? this.at(entry.link) : { entry, layer, children: undefined, linked: false };
    if (target === undefined || target.children !== undefined) return;
    if (kind === "hardlink") target.linked = true;
    this.#forget(siblings.get(name));
    siblings.set(name, target);
  }

  /** A layer's effect: first what it hides, then what it has. */
  apply(entries: readonly Entry[], layer: number): void {
    if (this.#misreads) this.#misread(entries, layer);
    else
      for (const entry of entries) {
        const role = roleOf(entry);
        if (role.kind === "whiteout") this.remove(role.path);
        else if (role.kind === "opaque") this.empty(role.path);
      }
    for (const entry of entries) if (roleOf(entry).kind === "ordinary") this.put(entry, layer);
  }

  /**
   * What overlay runtimes make of markers: a whiteout beside a directory of its name does nothing; each marker makes the
   * folder that it is in; and where that is not one below as well, the whiteout is a name of its own.
   */
  #misread(entries: readonly Entry[], layer: number): void {
    const dirs = new Set<BytePath>();
    for (const { kind, path } of entries) if (kind === "dir") dirs.add(path);
    const phantoms: BytePath[] = [];
    const folders: BytePath[] = [];
    for (const entry of entries) {
      const role = roleOf(entry);
      if (role.kind !== "whiteout" && role.kind !== "opaque") continue;
      const folder = parentOf(entry.path);
      folders.push(folder);
      if (role.kind === "opaque") this.empty(role.path);
      else if (dirs.has(role.path)) continue;
      else if (this.at(folder)?.children === undefined) phantoms.push(role.path);
      else this.remove(role.path);
    }
    for (const folder of folders) this.#folder(folder, layer);
    for (const path of phantoms) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const leaf = { entry: undefined, layer, children: undefined, linked: false };
      this.#folder(parentOf(path), layer).set(name, leaf);
    }
  }

  /** Something goes, or what is in it: if that is a directory, folders below it may be gone. */
  #forget(node: StateNode | undefined): void {
    if (node?.children !== undefined) this.#folders.clear();
  }

  #folder(path: BytePath, layer: number): Map<string, StateNode> {
    let children = this.root.children!;
    for (const name of path === "" ? [] : path.split("/")) {
      let child = children.get(name);
      if (child?.children === undefined) {
        child = { entry: undefined, layer, children: new Map(), linked: false };
        children.set(name, child);
      }
      children = child.children!;
    }
    return children;
  }
}

/** What is below a layer that is planned, as far as it is planned: as the layers say it, and as it is misread. */
export class Below {
  readonly state = new State();
  /** The same one where there is nothing to misread. */
  readonly #misread: State;

  constructor(isMisread: boolean) {
    this.#misread = isMisread ? new State(true) : this.state;
  }

  apply(entries: readonly Entry[], layer: number): void {
    this.state.apply(entries, layer);
    if (this.#misread !== this.state) this.#misread.apply(entries, layer);
  }

  /** Something may be seen at this name. */
  shows(path: BytePath): boolean {
    return this.state.at(path) !== undefined || this.#misread.at(path) !== undefined;
  }

  isDir(path: BytePath): boolean {
    return this.state.at(path)?.children !== undefined || this.#misread.at(path)?.children !== undefined;
  }

  hasChildren(path: BytePath): boolean {
    return (this.state.at(path)?.children?.size ?? 0) + (this.#misread.at(path)?.children?.size ?? 0) > 0;
  }
}
