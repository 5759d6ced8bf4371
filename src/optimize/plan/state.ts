import type { BytePath, Entry } from "../../image/image.ts";
import { roleOf } from "./names.ts";

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
  readonly root: StateNode = { entry: undefined, layer: -1, children: new Map(), linked: false };

  at(path: BytePath): StateNode | undefined {
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
    const slash = path.lastIndexOf("/");
    this.at(path.slice(0, Math.max(0, slash)))?.children?.delete(path.slice(slash + 1));
  }

  /** An opaque directory's effect. */
  empty(path: BytePath): void {
    this.at(path)?.children?.clear();
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
    const slash = path.lastIndexOf("/");
    const siblings = this.#folder(path.slice(0, Math.max(0, slash)), layer);
    const name = path.slice(slash + 1);
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
    siblings.set(name, target);
  }

  /** A layer's effect: first what it hides, then what it has. */
  apply(entries: readonly Entry[], layer: number): void {
    for (const entry of entries) {
      const role = roleOf(entry);
      if (role.kind === "whiteout") this.remove(role.path);
      else if (role.kind === "opaque") this.empty(role.path);
    }
    for (const entry of entries) if (roleOf(entry).kind === "ordinary") this.put(entry, layer);
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
