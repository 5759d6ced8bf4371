import type { BytePath, Entry } from "../image/image.ts";
import { parentOf, resolveLinks, type Carrier, type Member } from "./links.ts";
import type { LayerEntries, LiveNode } from "./rootfs.ts";

/** What the top-down evaluator says of a stack. */
export interface Visible {
  /** Sum of all regular files of all layers, and of those that can be seen; every inode once. */
  readonly contentBytes: number;
  readonly liveBytes: number;
  /** Every visible name. */
  readonly nodes: ReadonlyMap<BytePath, LiveNode>;
  /** Regular files that no name leads to, top layer first. */
  readonly dead: readonly Carrier[];
  /** All names of each visible regular file. */
  readonly names: ReadonlyMap<Carrier, readonly BytePath[]>;
}

/**
 * Evaluates a stack from the top down (optimize.md section 2): what is provided above decides what can be seen of the
 * entries below it, and no tree is ever changed. It gives a second opinion on `applyLayers`, with which it shares no
 * code on purpose.
 */
export function evaluateTopDown(layers: readonly LayerEntries[], options: { os?: string } = {}): Visible {
  const stack = layers.map(({ index, entries }) =>
    entries.map((entry) => toMember(entry, index, options.os === "windows")),
  );
  const links = resolveLinks(stack);
  const above = new Above();
  const carriers: Carrier[] = [];
  for (let i = stack.length - 1; i >= 0; i--) {
    const members = stack[i]!;
    const layer = layers[i]!.index;
    for (let at = members.length - 1; at >= 0; at--) {
      const member = members[at]!;
      if (member.what === "buried") carriers.push(member.carrier);
      if (member.what === "dir") above.dir(member.entry, layer);
      if (member.what === "node" || member.what === "link") {
        const carrier = member.what === "node" ? member.carrier : links.get(member);
        if (carrier !== undefined) above.node(member.entry.path, carrier, layer);
        if (member.what === "node" && carrier?.kind === "file") carriers.push(carrier);
      }
      if (member.what === "dir" || member.what === "node" || member.what === "link")
        above.parents(member.entry.path, layer);
    }
    // only now: markers never hide entries of their own layer
    for (const member of members) {
      if (member.what === "whiteout") above.hidden.add(member.path);
      if (member.what === "opaque") above.emptied.add(member.path);
    }
  }
  let contentBytes = 0;
  let liveBytes = 0;
  const dead: Carrier[] = [];
  for (const carrier of carriers) {
    contentBytes += carrier.entry.size;
    if (above.names.has(carrier)) liveBytes += carrier.entry.size;
    else dead.push(carrier);
  }
  return { contentBytes, liveBytes, nodes: above.nodes, dead, names: above.names };
}

/** What the entries and layers seen so far, all of them later in time, leave of a path. */
class Above {
  readonly nodes = new Map<BytePath, LiveNode>();
  readonly names = new Map<Carrier, BytePath[]>();
  /** Nothing earlier at or below these can be seen. */
  readonly hidden = new Set<BytePath>();
  /** Nothing earlier below these can be seen. */
  readonly emptied = new Set<BytePath>();

  /** A directory shows the attributes of its latest entry, and what is below it stays. */
  dir(entry: Entry, layer: number): void {
    const { path } = entry;
    if (path === "" || this.#covered(path)) return;
    if (this.nodes.get(path)?.entry === undefined) this.nodes.set(path, { path, entry, layer, kind: "dir" });
  }

  node(path: BytePath, carrier: Carrier, layer: number): void {
    if (this.#covered(path)) return;
    this.hidden.add(path);
    // a directory made later stands in its place
    if (this.nodes.has(path)) return;
    this.nodes.set(path, { path, entry: carrier.entry, layer, kind: carrier.kind });
    if (carrier.kind !== "file") return;
    const names = this.names.get(carrier);
    if (names === undefined) this.names.set(carrier, [path]);
    else names.push(path);
  }

  /** Whatever the directories of a path were before, they are directories now, from this layer if from none below. */
  parents(path: BytePath, layer: number): void {
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      const dir = path.slice(0, slash);
      if (this.hidden.has(dir) || this.emptied.has(parentOf(dir))) return;
      const node = this.nodes.get(dir);
      if (node === undefined || (node.entry === undefined && node.layer !== layer))
        this.nodes.set(dir, { path: dir, entry: undefined, layer, kind: "dir" });
    }
  }

  #covered(path: BytePath): boolean {
    for (let at = path; ; at = parentOf(at)) {
      if (this.hidden.has(at)) return true;
      if (at === "") return false;
      if (this.emptied.has(parentOf(at))) return true;
    }
  }
}

function toMember(entry: Entry, layer: number, windows: boolean): Member {
  const { path, kind } = entry;
  const parts = path.split("/");
  if (windows && (parts[0] !== "Files" || parts.length === 1)) return { what: "nothing" };
  const base = parts.pop()!;
  const above = parts.join("/");
  const isOpaque = base === ".wh..wh..opq";
  if (parts.some((part) => part.startsWith(".wh..wh.")) || (base.startsWith(".wh..wh.") && !isOpaque)) {
    return kind === "file" ? { what: "buried", carrier: { layer, entry, kind } } : { what: "nothing" };
  }
  if (isOpaque) return { what: "opaque", path: above };
  if (base.startsWith(".wh.")) {
    const name = base.slice(".wh.".length);
    if (/^\.{0,2}$/.test(name)) return { what: "nothing" };
    return { what: "whiteout", path: [...parts, name].join("/") };
  }
  if (parts[0] === ".." || base === "..") return { what: "nothing" };
  if (kind === "dir") return { what: "dir", entry };
  if (path === "") return { what: "nothing" };
  return kind === "hardlink"
    ? { what: "link", entry }
    : { what: "node", entry, carrier: { layer, entry, kind } };
}
