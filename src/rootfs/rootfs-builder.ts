/**
 * Layers applied one by one (docs/spec/layers.md, rules 2 to 5): the merged tree, with a record of what died and of what looked odd.
 * `applyLayers` applies all layers of an image; the planner of `optimize` asks what lies below a single layer.
 */
import { folderUpTo, parentOf } from "../byte-path.ts";
import type { BytePath, Entry } from "../image/image.ts";
import type { Cause, LayerEntries, Note, NoteCode } from "./rootfs.ts";
import type { OpenDeath } from "./settle.ts";
import { isEstargzName, specialName } from "./special-names.ts";
import { filesBelow, find, Inode, nodeAt, TreeNode } from "./tree.ts";

/** A whiteout or an opaque marker. */
interface Marker {
  readonly kind: "opaque" | "whiteout";
  /** The name that it hides, or the directory that it empties. */
  readonly path: BytePath;
  /** Index among the entries of its layer. */
  readonly position: number;
}

/** The layer's own entries at the paths of its markers and at their parents. */
type OwnEntries = ReadonlyMap<BytePath, { readonly position: number; readonly isDir: boolean }>;

/** Why a path of a file is removed. */
interface Loss {
  readonly path: BytePath;
  readonly cause: Cause;
  /** As in `DeadFile`. */
  readonly through: BytePath;
  readonly by: Entry | undefined;
  /** Index of the layer that holds the bytes of `by`. */
  readonly byLayer: number;
}

/**
 * A root file system that grows layer by layer. Each layer takes two passes: first its whiteouts and opaque directories,
 * which only hide what lower layers hold (`hide`), then all its other entries in tar order (`add`). Cost is linear in
 * entries.
 */
export class RootFsBuilder {
  readonly root = new TreeNode("", undefined, undefined, -1, undefined);
  readonly deadFiles: OpenDeath[] = [];
  readonly notes: Note[] = [];
  readonly contested = new Set<BytePath>();
  readonly inodes: Inode[] = [];
  contentBytes = 0;
  readonly #isWindows: boolean;
  #layer = 0;
  /** Whether a lower layer's content is not available, so that paths that seem missing may be in it. */
  #hasGaps = false;
  /** Paths already noted as `conflict-in-layer` for this layer. */
  #conflicts = new Set<BytePath>();
  /** Directories for which `#checkAttributes` has run in this layer. */
  #checked = new Set<TreeNode>();
  /** Parent directories of this layer's entries by path, so that each is resolved only once. */
  #folders = new Map<BytePath, TreeNode>();

  /** `os`: of the platform; in Windows layers only `Files/` is looked at (docs/spec/layers.md, case 44). */
  constructor(os?: string) {
    this.#isWindows = os === "windows";
  }

  /** Both passes of one layer; its dead files come in byte order of path. */
  apply(layer: LayerEntries): void {
    const first = this.deadFiles.length;
    this.hide(layer);
    for (const entry of layer.entries) this.add(entry);
    const died = this.deadFiles.splice(first);
    died.sort(({ deadFile: a }, { deadFile: b }) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    for (const deadFile of died) this.deadFiles.push(deadFile);
  }

  /** What the layers so far have at a path. */
  at(path: BytePath): TreeNode | undefined {
    return nodeAt(this.root, path);
  }

  /** The first pass of a layer: takes out what its markers hide, in byte order of path. */
  hide({ index, entries, missing = false }: LayerEntries): void {
    this.#layer = index;
    if (missing) this.#hasGaps = true;
    this.#checked = new Set();
    this.#conflicts = new Set();
    this.#folders = new Map();
    const markers = this.#markersOf(entries);
    if (markers.length === 0) return;
    for (const { path } of markers) this.contested.add(path);
    const own = ownEntries(entries, markers);
    for (const { kind, path } of markers)
      this.#checkOwnFolders(kind === "opaque" ? path : parentOf(path), own);
    const losses = new Map<TreeNode, Loss>();
    const gone: TreeNode[] = [];
    const take = (node: TreeNode, cause: Cause, through: BytePath) => {
      gone.push(node);
      for (const file of filesBelow(node)) {
        if (losses.has(file)) continue;
        losses.set(file, { path: file.path, cause, through, by: undefined, byLayer: index });
      }
    };
    // opaque directories first: a file in one died of it, whatever else names the file
    for (const { kind, path } of markers) {
      if (kind !== "opaque") continue;
      const node = this.at(path);
      if (node?.isDir === true) for (const child of node.childNodes()) take(child, "opaque", path);
    }
    for (const marker of markers) {
      if (marker.kind !== "whiteout") continue;
      const node = this.#whiteout(marker, own);
      if (node !== undefined) take(node, "deleted", marker.path);
    }
    for (const [file, loss] of [...losses].sort(([, a], [, b]) => (a.path < b.path ? -1 : 1)))
      this.#unlink(file, loss);
    for (const node of gone) node.parent?.children?.delete(node.name);
  }

  /** The second pass of a layer, one entry. Markers are none of it. */
  add(entry: Entry): void {
    const { path, kind } = entry;
    if (this.#isSkipped(path) || specialName(path) !== undefined) return;
    if (path === "") {
      if (kind === "dir") this.root.entry = entry;
      return;
    }
    if (path === ".." || path.startsWith("../")) return this.#note("escaping-path", path);
    if (isEstargzName(path)) this.#note("estargz-metadata", path);
    if (kind === "char" && entry.device?.[0] === 0 && entry.device[1] === 0)
      this.#note("overlay-whiteout-device", path);
    const slash = path.lastIndexOf("/");
    const parent = this.#parent(folderUpTo(path, Math.max(0, slash)), path, entry);
    const name = path.slice(slash + 1);
    const old = parent.children?.get(name);
    const isAgain = old?.layer === this.#layer && old.entry !== undefined;
    if (kind === "dir") {
      if (old?.isDir === true) {
        if (isAgain) this.contested.add(path);
        old.entry = entry;
        old.layer = this.#layer;
      } else this.#place(new TreeNode(name, parent, entry, this.#layer, undefined), old, entry);
      return;
    }
    if (isAgain) this.#note("duplicate-entry", path);
    if (kind === "hardlink") return this.#link(parent, name, old, entry);
    let inode: Inode | undefined;
    if (kind === "file") {
      inode = new Inode(entry, this.#layer);
      this.contentBytes += entry.size;
      this.inodes.push(inode);
    }
    this.#place(new TreeNode(name, parent, entry, this.#layer, inode), old, entry);
  }

  #note(code: NoteCode, path: BytePath): void {
    if (this.#hasGaps && (code === "dangling-whiteout" || code === "dangling-hardlink")) return;
    this.notes.push({ code, layer: this.#layer, path });
  }

  #isSkipped(path: BytePath): boolean {
    return this.#isWindows && !path.startsWith("Files/");
  }

  #markersOf(entries: readonly Entry[]): Marker[] {
    const markers: Marker[] = [];
    entries.forEach((entry, position) => {
      const special = this.#isSkipped(entry.path) ? undefined : specialName(entry.path);
      if (special === undefined) return;
      if (special.kind === "aufs") this.#aufs(entry);
      else if (special.kind === "invalid") this.#note("invalid-whiteout", entry.path);
      else markers.push({ kind: special.kind, path: special.path, position });
    });
    return markers;
  }

  #aufs(entry: Entry): void {
    const { path } = entry;
    this.#note("aufs-metadata", path);
    if (entry.kind !== "file") return;
    this.contentBytes += entry.size;
    this.#die(new Inode(entry, this.#layer), {
      path,
      cause: "aufs-metadata",
      through: path,
      by: undefined,
      byLayer: this.#layer,
    });
  }

  /** What a whiteout hides, and the notes about it. */
  #whiteout({ path, position }: Marker, own: OwnEntries): TreeNode | undefined {
    const { node, rest } = find(this.root, path);
    const isThere = rest === "";
    const again = own.get(path);
    this.#checkParent(path, own);
    if (isThere) {
      if (again?.isDir === true && node.isDir) this.#note("recreated-directory", path);
    } else {
      this.#note("dangling-whiteout", path);
      if (node.entry?.kind === "symlink") this.#note("path-through-symlink", node.path);
      else if (!node.isDir) this.#note("parent-not-dir", node.path);
    }
    if (again !== undefined && again.position < position && !(again.isDir && node.isDir && isThere))
      this.#note("whiteout-and-file", path);
    return isThere ? node : undefined;
  }

  /** A whiteout, like an entry, makes overlay runtimes create its directory anew when the layer has no entry for it. */
  #checkParent(path: BytePath, own: OwnEntries): void {
    const slash = path.lastIndexOf("/");
    if (slash < 0) return;
    const folder = folderUpTo(path, slash);
    const parent = this.at(folder);
    if (parent?.isDir === true && !own.has(folder)) this.#checkAttributes(parent);
  }

  /** A marker below something that its own layer makes a file or a symlink: some runtimes refuse the layer. */
  #checkOwnFolders(path: BytePath, own: OwnEntries): void {
    for (let folder = path; folder !== ""; folder = parentOf(folder))
      if (own.get(folder)?.isDir === false) this.#conflict(folder);
  }

  #conflict(path: BytePath): void {
    if (this.#conflicts.has(path)) return;
    this.#conflicts.add(path);
    this.#note("conflict-in-layer", path);
  }

  /** Hardlinks are looked up in the merged tree (docs/spec/layers.md, rule 3). */
  #link(parent: TreeNode, name: string, old: TreeNode | undefined, entry: Entry): void {
    const target = this.at(entry.link);
    if (target === undefined || target.isDir) return this.#note("dangling-hardlink", entry.path);
    const { inode } = target;
    if (target.dataLayer < this.#layer) this.#note("hardlink-to-lower-layer", entry.path);
    if (target === old) return;
    const node = new TreeNode(name, parent, target.entry, this.#layer, inode);
    target.isLinked = node.isLinked = true;
    if (inode !== undefined) {
      inode.refs++;
      inode.names = [];
    }
    this.#place(node, old, inode?.entry ?? target.entry, inode?.layer);
  }

  /** Puts a node into its parent, where `old` stood, and records what that hides. */
  #place(node: TreeNode, old: TreeNode | undefined, by: Entry | undefined, byLayer = this.#layer): void {
    node.parent?.put(node);
    if (old === undefined) return;
    const through = old.path;
    if (!isLoneFile(old) || !isLoneFile(node) || old.layer === this.#layer) this.contested.add(through);
    if (old.inode !== undefined) {
      const isSameLayer = old.inode.layer === this.#layer && old.layer === this.#layer;
      const cause = isSameLayer ? "duplicate-entry" : node.inode === undefined ? "replaced" : "overwritten";
      this.#unlink(old, { path: through, cause, through, by, byLayer });
      return;
    }
    this.#folders.clear();
    if (this.#hasOwn(old)) this.#conflict(through);
    const files = [...filesBelow(old)].map((file) => ({ file, path: file.path }));
    for (const { file, path } of files.sort((a, b) => (a.path < b.path ? -1 : 1)))
      this.#unlink(file, { path, cause: "replaced", through, by, byLayer });
  }

  /** This layer has put something below a directory, whose place something else takes now. */
  #hasOwn(folder: TreeNode): boolean {
    for (const child of folder.childNodes())
      if (child.layer === this.#layer || this.#hasOwn(child)) return true;
    return false;
  }

  #parent(folder: BytePath, path: BytePath, entry: Entry): TreeNode {
    let node = this.#folders.get(folder);
    if (node === undefined) this.#folders.set(folder, (node = this.#makeParents(path, entry)));
    return node;
  }

  /** The directory of a path. Missing parents are created, and anything else in their place is replaced. */
  #makeParents(path: BytePath, entry: Entry): TreeNode {
    let node = this.root;
    let start = 0;
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", start)) {
      const name = path.slice(start, slash);
      let child = node.children?.get(name);
      if (child === undefined) {
        child = node.put(new TreeNode(name, node, undefined, this.#layer, undefined));
        this.#checked.add(child);
      } else if (!child.isDir) child = this.#replaceByDirectory(child, node, entry);
      else if (child.layer < this.#layer) this.#checkAttributes(child);
      node = child;
      start = slash + 1;
    }
    return node;
  }

  /** An entry is below something other than a directory: docs/spec/layers.md, rule 3, puts an implied directory there. */
  #replaceByDirectory(old: TreeNode, parent: TreeNode, by: Entry): TreeNode {
    const { path } = old;
    if (old.layer === this.#layer) this.#conflict(path);
    else this.#note(old.entry?.kind === "symlink" ? "path-through-symlink" : "parent-not-dir", path);
    this.contested.add(path);
    this.#unlink(old, { path, cause: "replaced", through: path, by, byLayer: this.#layer });
    return parent.put(new TreeNode(old.name, parent, undefined, this.#layer, undefined));
  }

  /** Overlay runtimes make a directory without entry anew, as 0755 of root (docs/spec/optimizing.md, case H). */
  #checkAttributes(node: TreeNode): void {
    if (this.#checked.has(node) || node === this.root) return;
    this.#checked.add(node);
    const { entry } = node;
    if (entry !== undefined && (entry.mode !== 0o755 || entry.uid !== 0 || entry.gid !== 0))
      this.#note("missing-parent", node.path);
  }

  /** Removes one path of a file; a file without paths is dead. */
  #unlink({ inode }: TreeNode, loss: Loss): void {
    if (inode !== undefined && --inode.refs === 0) this.#die(inode, loss);
  }

  #die({ entry, layer: addedIn }: Inode, { path, cause, through, by, byLayer }: Loss): void {
    const deadFile = {
      path,
      bytes: entry.size,
      entry,
      addedIn,
      hiddenIn: this.#layer,
      cause,
      by,
      byLayer,
      through,
    };
    this.deadFiles.push({ deadFile, byLayer });
  }
}

/** The first entry of the layer at each path of its markers and at each of their parents. */
function ownEntries(entries: readonly Entry[], markers: readonly Marker[]): OwnEntries {
  const asked = new Set<BytePath>();
  for (const { path } of markers)
    for (let each = path; !asked.has(each); each = parentOf(each)) {
      asked.add(each);
      if (each === "") break;
    }
  const own = new Map<BytePath, { position: number; isDir: boolean }>();
  entries.forEach(({ path, kind }, position) => {
    if (asked.has(path) && !own.has(path)) own.set(path, { position, isDir: kind === "dir" });
  });
  return own;
}

/** Whether this is a file that never had a second path. */
function isLoneFile({ inode, isLinked }: TreeNode): boolean {
  return inode !== undefined && !isLinked;
}
