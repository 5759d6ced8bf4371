import { parentOf, folderUpTo } from "../byte-path.ts";
import type { BytePath, Entry } from "../image/image.ts";
import { isEstargzName, specialName } from "./special-names.ts";
import type { Cause, DeadFile, LayerEntries, LiveFile, LiveNode, Note, NoteCode, RootFs } from "./rootfs.ts";
import { settleDeaths, questionsOf, type OpenDeath, type Question } from "./settle.ts";
import { filesBelow, find, Inode, TreeNode } from "./tree.ts";

export interface ApplyOptions {
  /** Of the platform; in Windows layers only `Files/` is looked at (docs/spec/layers.md, case 44). */
  readonly os?: string;
}

/** The layers applied, with the causes that need contents still open. */
export interface Draft {
  /** The files whose `sha256` decides a cause. Hash them, then `settle`. */
  readonly questions: readonly Question[];
  /** Decides the causes by the hashes that are known; where one is not, the file counts as overwritten. */
  settle(): RootFs;
}

/**
 * Applies layers bottom-up, two passes each (docs/spec/layers.md, rules 2 to 5): first the whiteouts and opaque
 * directories, which only hide what lower layers hold, then the entries in tar order. Cost is linear in entries.
 */
export function applyLayers(layers: readonly LayerEntries[], options: ApplyOptions = {}): Draft {
  const stack = new Stack(options.os === "windows");
  for (const layer of layers) stack.apply(layer);
  const { root, deadFiles, notes, contested, contentBytes } = stack;
  return {
    questions: questionsOf(deadFiles, stack.inodes),
    settle: () => makeRootFs(root, settleDeaths(deadFiles), notes, contested, contentBytes),
  };
}

class Stack {
  readonly root = new TreeNode("", undefined, undefined, -1, undefined);
  readonly deadFiles: OpenDeath[] = [];
  readonly notes: Note[] = [];
  readonly contested = new Set<BytePath>();
  readonly inodes: Inode[] = [];
  contentBytes = 0;
  readonly #windows: boolean;
  #layer = 0;
  /** A layer whose content is not here lies below: what seems to be missing may be in it. */
  #gaps = false;
  /** Directories of this layer whose missing entry was looked at already. */
  #parents = new Set<TreeNode>();
  /** Directories that this layer's entries lie in, by path: their way down from the root is walked once. */
  #folders = new Map<BytePath, TreeNode>();

  constructor(windows: boolean) {
    this.#windows = windows;
  }

  apply({ index, entries, missing = false }: LayerEntries): void {
    this.#layer = index;
    if (missing) this.#gaps = true;
    this.#parents = new Set();
    this.#folders = new Map();
    const first = this.deadFiles.length;
    this.#hide(entries);
    for (const entry of entries) {
      if (this.#windows && !entry.path.startsWith("Files/")) continue;
      if (specialName(entry.path) === undefined) this.#add(entry);
    }
    const born = this.deadFiles
      .splice(first)
      .sort(({ deadFile: a }, { deadFile: b }) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    for (const deadFile of born) this.deadFiles.push(deadFile);
  }

  #note(code: NoteCode, path: BytePath): void {
    if (this.#gaps && (code === "dangling-whiteout" || code === "dangling-hardlink")) return;
    this.notes.push({ code, layer: this.#layer, path });
  }

  /** The first pass. What whiteouts and opaque directories take is removed in byte order of path. */
  #hide(entries: readonly Entry[]): void {
    let removals: { path: BytePath; node: TreeNode; cause: Cause; through: BytePath }[] | undefined;
    const taken = new Set<TreeNode>();
    const remove = (node: TreeNode, cause: Cause, through: BytePath) => {
      removals ??= [];
      for (const file of filesBelow(node)) {
        if (taken.has(file)) continue;
        taken.add(file);
        removals.push({ path: file.path, node: file, cause, through });
      }
    };
    const gone: TreeNode[] = [];
    const markers: {
      special: { readonly kind: "opaque" | "whiteout"; readonly path: BytePath };
      position: number;
    }[] = [];
    const positions = new Map<BytePath, { position: number; isDir: boolean }>();
    const asked = new Set<BytePath>();
    entries.forEach((entry, position) => {
      if (this.#windows && !entry.path.startsWith("Files/")) return;
      const special = specialName(entry.path);
      if (special === undefined) return;
      if (special.kind === "aufs") this.#aufs(entry);
      else if (special.kind === "invalid") this.#note("invalid-whiteout", entry.path);
      else markers.push({ special, position });
    });
    if (markers.length === 0) return;
    for (const { special } of markers) {
      this.contested.add(special.path);
      asked.add(special.path);
      asked.add(parentOf(special.path));
    }
    entries.forEach((entry, position) => {
      if (asked.has(entry.path) && !positions.has(entry.path))
        positions.set(entry.path, { position, isDir: entry.kind === "dir" });
    });
    // opaque directories first: what they take is theirs, whatever else names it
    for (const { special } of markers) {
      if (special.kind !== "opaque") continue;
      const { node, rest } = find(this.root, special.path);
      if (rest !== "" || !node.isDir) continue;
      for (const child of node.children?.values() ?? []) {
        remove(child, "opaque", special.path);
        gone.push(child);
      }
    }
    for (const { special, position } of markers) {
      if (special.kind !== "whiteout") continue;
      const again = positions.get(special.path);
      const { node, rest } = find(this.root, special.path);
      this.#parentOf(special.path, positions);
      if (rest !== "" || node === this.root) {
        this.#note("dangling-whiteout", special.path);
        if (rest !== "" && node.entry?.kind === "symlink") this.#note("path-through-symlink", node.path);
        else if (rest !== "" && !node.isDir) this.#note("parent-not-dir", node.path);
      } else {
        if (again?.isDir === true && node.isDir) this.#note("recreated-directory", special.path);
        remove(node, "deleted", special.path);
        gone.push(node);
      }
      if (again !== undefined && again.position < position && !(again.isDir && node.isDir && rest === ""))
        this.#note("whiteout-and-file", special.path);
    }
    for (const { path, node, cause, through } of removals?.sort((a, b) => (a.path < b.path ? -1 : 1)) ?? []) {
      this.#unlink(node, path, cause, through, undefined);
    }
    for (const node of gone) node.parent?.children?.delete(node.name);
  }

  /** A whiteout, like an entry, makes overlay runtimes create its directory anew when the layer has no entry for it. */
  #parentOf(path: BytePath, positions: ReadonlyMap<BytePath, unknown>): void {
    const slash = path.lastIndexOf("/");
    if (slash < 0) return;
    const parent = folderUpTo(path, slash);
    const { node, rest } = find(this.root, parent);
    if (rest === "" && node.isDir && !positions.has(parent)) this.#checkAttributes(node);
  }

  #aufs(entry: Entry): void {
    this.#note("aufs-metadata", entry.path);
    if (entry.kind !== "file") return;
    this.contentBytes += entry.size;
    this.#die(new Inode(entry, this.#layer), entry.path, "aufs-metadata", entry.path, undefined);
  }

  /** The second pass, one entry. */
  #add(entry: Entry): void {
    const { path } = entry;
    if (path === "") {
      if (entry.kind === "dir") this.root.entry = entry;
      return;
    }
    if (path === ".." || path.startsWith("../")) return this.#note("escaping-path", path);
    if (isEstargzName(path)) this.#note("estargz-metadata", path);
    if (entry.kind === "char" && entry.device?.[0] === 0 && entry.device[1] === 0)
      this.#note("overlay-whiteout-device", path);
    const slash = path.lastIndexOf("/");
    const parent = this.#parent(folderUpTo(path, Math.max(0, slash)), path, entry);
    const name = path.slice(slash + 1);
    const old = parent.children?.get(name);
    if (entry.kind !== "dir" && old?.layer === this.#layer && old.entry !== undefined)
      this.#note("duplicate-entry", path);
    if (entry.kind === "dir") {
      if (old?.isDir === true) {
        if (old.layer === this.#layer && old.entry !== undefined) this.contested.add(path);
        old.entry = entry;
        old.layer = this.#layer;
        return;
      }
      this.#replace(parent, old, new TreeNode(name, parent, entry, this.#layer, undefined), entry);
      return;
    }
    if (entry.kind === "hardlink") return this.#link(parent, name, old, entry);
    if (entry.kind !== "file")
      return this.#replace(parent, old, new TreeNode(name, parent, entry, this.#layer, undefined), entry);
    const inode = new Inode(entry, this.#layer);
    this.contentBytes += entry.size;
    this.inodes.push(inode);
    this.#replace(parent, old, new TreeNode(name, parent, entry, this.#layer, inode), entry);
  }

  /** Hardlinks are looked up in the merged tree (docs/spec/layers.md, rule 3). */
  #link(parent: TreeNode, name: string, old: TreeNode | undefined, entry: Entry): void {
    const { node: target, rest } = find(this.root, entry.link);
    if (rest !== "" || target.isDir) return this.#note("dangling-hardlink", entry.path);
    if ((target.inode?.layer ?? target.layer) < this.#layer)
      this.#note("hardlink-to-lower-layer", entry.path);
    if (target === old) return;
    if (target.inode !== undefined) {
      target.inode.refs++;
      target.inode.names = [];
    }
    const by = target.inode?.entry ?? target.entry;
    this.#replace(
      parent,
      old,
      new TreeNode(name, parent, target.entry, this.#layer, target.inode),
      by,
      target.inode?.layer,
    );
  }

  #replace(
    parent: TreeNode,
    old: TreeNode | undefined,
    node: TreeNode,
    by: Entry | undefined,
    byLayer = this.#layer,
  ): void {
    parent.children ??= new Map();
    parent.children.set(node.name, node);
    if (old === undefined) return;
    const path = old.path;
    if (!isLoneFile(old) || !isLoneFile(node) || old.layer === this.#layer) this.contested.add(path);
    if (old.inode === undefined) this.#folders.clear();
    if (old.inode !== undefined) {
      const sameLayer = old.inode.layer === this.#layer && old.layer === this.#layer;
      const cause = sameLayer ? "duplicate-entry" : node.inode === undefined ? "replaced" : "overwritten";
      this.#unlink(old, path, cause, path, by, byLayer);
      return;
    }
    const through = path;
    for (const file of [...filesBelow(old)]
      .map((f) => ({ f, path: f.path }))
      .sort((a, b) => (a.path < b.path ? -1 : 1))) {
      this.#unlink(file.f, file.path, "replaced", through, by);
    }
  }

  #parent(folder: BytePath, path: BytePath, entry: Entry): TreeNode {
    let node = this.#folders.get(folder);
    if (node === undefined) this.#folders.set(folder, (node = this.#makeParents(path, entry)));
    return node;
  }

  /** The directory of a path, with implied directories made and whatever else is in the way replaced. */
  #makeParents(path: BytePath, entry: Entry): TreeNode {
    let node = this.root;
    let start = 0;
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", start)) {
      const name = path.slice(start, slash);
      let child = node.children?.get(name);
      if (child === undefined) {
        child = new TreeNode(name, node, undefined, this.#layer, undefined);
        (node.children ??= new Map()).set(name, child);
        this.#parents.add(child);
      } else if (!child.isDir) {
        this.#note(child.entry?.kind === "symlink" ? "path-through-symlink" : "parent-not-dir", child.path);
        const made = new TreeNode(name, node, undefined, this.#layer, undefined);
        this.#replaceByParent(node, child, made, entry);
        child = made;
      } else if (child.layer < this.#layer && !this.#parents.has(child)) this.#checkAttributes(child);
      node = child;
      start = slash + 1;
    }
    return node;
  }

  #replaceByParent(parent: TreeNode, old: TreeNode, made: TreeNode, entry: Entry): void {
    const path = old.path;
    this.contested.add(path);
    parent.children?.set(made.name, made);
    if (old.inode !== undefined) this.#unlink(old, path, "replaced", path, entry);
  }

  /** Overlay runtimes make a directory without entry anew, as 0755 of root (docs/spec/optimizing.md, case H). */
  #checkAttributes(node: TreeNode): void {
    if (this.#parents.has(node) || node === this.root) return;
    this.#parents.add(node);
    const { entry } = node;
    if (entry !== undefined && (entry.mode !== 0o755 || entry.uid !== 0 || entry.gid !== 0))
      this.#note("missing-parent", node.path);
  }

  #unlink(
    node: TreeNode,
    path: BytePath,
    cause: Cause,
    through: BytePath,
    by: Entry | undefined,
    byLayer = this.#layer,
  ): void {
    const { inode } = node;
    if (inode === undefined || --inode.refs > 0) return;
    this.#die(inode, path, cause, through, by, byLayer);
  }

  #die(
    inode: Inode,
    path: BytePath,
    cause: Cause,
    through: BytePath,
    by: Entry | undefined,
    byLayer = this.#layer,
  ): void {
    const { entry, layer: addedIn } = inode;
    const deadFile: DeadFile = {
      path,
      bytes: entry.size,
      entry,
      addedIn,
      hiddenIn: this.#layer,
      cause,
      by,
      through,
    };
    this.deadFiles.push({ deadFile, byLayer });
  }
}

/** It has had no other name. */
function isLoneFile({ inode }: TreeNode): boolean {
  return inode !== undefined && inode.names === undefined;
}

function makeRootFs(
  root: TreeNode,
  deadFiles: readonly DeadFile[],
  notes: readonly Note[],
  contested: ReadonlySet<BytePath>,
  contentBytes: number,
): RootFs {
  const deadBytes = deadFiles.reduce((sum, deadFile) => sum + deadFile.bytes, 0);
  const live = liveFiles(root);
  const liveBytes = live.reduce((sum, file) => sum + file.entry.size, 0);
  if (liveBytes + deadBytes !== contentBytes) {
    throw new Error(
      `live ${liveBytes} + dead ${deadBytes} is not the content ${contentBytes}: a bug in applying layers`,
    );
  }
  return {
    contentBytes,
    deadBytes,
    liveBytes,
    deadFiles,
    notes,
    contested,
    live,
    tree: () => nodesOf(root),
    at(path) {
      const { node, rest } = find(root, path);
      return rest === "" && node !== root ? liveNode(node, path) : undefined;
    },
  };
}

/** Found in the tree, not by what died, so that the sums hold the two against each other. */
function liveFiles(root: TreeNode): LiveFile[] {
  const live: LiveFile[] = [];
  const linked = new Map<Inode, BytePath[]>();
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (folder.children === undefined) continue;
    for (const child of folder.children.values()) {
      const { inode } = child;
      if (inode === undefined) folders.push(child);
      else if (inode.names === undefined) live.push(inode);
      else {
        const names = linked.get(inode);
        if (names === undefined) linked.set(inode, [child.path]);
        else names.push(child.path);
      }
    }
  }
  for (const [inode, names] of linked) {
    inode.names = names.sort();
    live.push(inode);
  }
  return live;
}

function* nodesOf(root: TreeNode): Generator<LiveNode> {
  const stack = root.sorted().reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield liveNode(node, node.path);
    const children = node.sorted();
    for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]!);
  }
}

function liveNode(node: TreeNode, path: BytePath): LiveNode {
  const kind = node.entry?.kind ?? "dir";
  return { path, entry: node.entry, layer: node.layer, kind: kind === "hardlink" ? "file" : kind };
}
