/**
 * The merged tree below the layer being planned. `src/rootfs` applies the layers as the specification reads them and, if
 * the image has markers that overlay runtimes misread (docs/spec/optimizing.md, section 6, cases D and G), also as those
 * runtimes read them: a plan must keep what either reading needs. docs/decisions/0011 says which models of the stack
 * cannot use `src/rootfs`.
 */
import { parentOf, rootPath } from "../../byte-path.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import { RootFsBuilder } from "../../rootfs/rootfs-builder.ts";
import { ancestorsOf, roleOf } from "./path-roles.ts";

/**
 * The layers below, as already planned. A hardlink that dangles in the specification's reading is visible in a runtime that
 * finds its target, because it links before it deletes or keeps the target for another reason. Its path therefore counts
 * as shown, and whatever hides it stays.
 */
export class LayersBelow {
  readonly rootfs = new RootFsBuilder();
  #voids: ReadonlySet<BytePath> = new Set();
  /** The paths in `#voids` and all their parent directories. */
  #voidNames: ReadonlySet<BytePath> = new Set();
  /** The overlay runtimes' reading; the same object as `rootfs` if no marker is misread. */
  readonly #misread: RootFsBuilder;

  constructor(isMisread: boolean) {
    this.#misread = isMisread ? new RootFsBuilder() : this.rootfs;
  }

  apply(entries: readonly Entry[], index: number): void {
    const noted = this.rootfs.notes.length;
    this.rootfs.apply({ index, entries });
    const found = this.rootfs.notes
      .slice(noted)
      .flatMap(({ code, path }) => (code === "dangling-hardlink" ? [path] : []));
    if (found.length > 0 || this.#voids.size > 0) this.#setVoids([...this.#stillVoid(entries), ...found]);
    if (this.#misread !== this.rootfs) applyMisread(this.#misread, entries, index);
  }

  /** Whether something is visible at this path in either reading. */
  shows(path: BytePath): boolean {
    return (
      this.rootfs.at(path) !== undefined || this.#misread.at(path) !== undefined || this.#voidNames.has(path)
    );
  }

  isDir(path: BytePath): boolean {
    return this.rootfs.at(path)?.isDir === true || this.#misread.at(path)?.isDir === true;
  }

  hasChildren(path: BytePath): boolean {
    if (this.#voidNames.has(path) && !this.#voids.has(path)) return true;
    return (this.rootfs.at(path)?.children?.size ?? 0) + (this.#misread.at(path)?.children?.size ?? 0) > 0;
  }

  /** The dangling hardlinks of `#voids` that a layer with these entries does not hide. */
  #stillVoid(entries: readonly Entry[]): BytePath[] {
    const hidden = new Set<BytePath>();
    const emptied = new Set<BytePath>();
    for (const entry of entries) {
      const role = roleOf(entry);
      if (role.kind === "whiteout") hidden.add(role.path);
      else if (role.kind === "opaque") emptied.add(role.path);
      else if (role.kind === "ordinary" && entry.kind !== "dir") hidden.add(entry.path);
    }
    const isHidden = (path: BytePath) => {
      if (hidden.has(path) || emptied.has(rootPath)) return true;
      for (const folder of ancestorsOf(path)) if (hidden.has(folder) || emptied.has(folder)) return true;
      return false;
    };
    return [...this.#voids].filter((path) => !isHidden(path));
  }

  #setVoids(voids: readonly BytePath[]): void {
    this.#voids = new Set(voids);
    this.#voidNames = new Set(voids.flatMap((path) => [path, ...ancestorsOf(path), rootPath]));
  }
}

/**
 * Applies a layer as overlay runtimes read it. A whiteout beside a directory of its name has no effect. Each marker creates
 * its parent directory. If the layers below have no such directory, the whiteout itself becomes visible, as the character
 * device 0:0 that overlay file systems use for whiteouts.
 */
function applyMisread(rootfs: RootFsBuilder, entries: readonly Entry[], index: number): void {
  const dirs = new Set<BytePath>();
  for (const { kind, path } of entries) if (kind === "dir") dirs.add(path);
  const folders: Entry[] = [];
  const phantoms: Entry[] = [];
  rootfs.hide({ index, entries: [] });
  for (const entry of entries) {
    const role = roleOf(entry);
    if (role.kind !== "whiteout" && role.kind !== "opaque") continue;
    const folder = parentOf(entry.path);
    folders.push({ ...entry, path: folder, kind: "dir" });
    if (role.kind === "whiteout") {
      if (dirs.has(role.path)) continue;
      if (rootfs.at(folder)?.isDir !== true) {
        phantoms.push({ ...entry, path: role.path, kind: "char", device: [0, 0] });
        continue;
      }
    }
    rootfs.hide({ index, entries: [entry] });
  }
  for (const made of [folders, phantoms, entries]) for (const entry of made) rootfs.add(entry);
}
