/**
 * What lies below a layer that is planned. `src/rootfs` applies the layers as the specification reads them and, if the
 * image has markers that overlay runtimes misread (docs/spec/optimizing.md, section 6, cases D and G), as those read them:
 * a plan must keep what either reading needs. docs/decisions/0011 says why other models of the stack are not `src/rootfs`.
 */
import { parentOf } from "../../byte-path.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import { RootFsBuilder } from "../../rootfs/rootfs-builder.ts";
import { roleOf } from "./path-roles.ts";

/** The layers below, as far as they are planned. */
export class LayersBelow {
  readonly rootfs = new RootFsBuilder();
  /** The same as `rootfs` if there is nothing to misread. */
  readonly #misread: RootFsBuilder;

  constructor(isMisread: boolean) {
    this.#misread = isMisread ? new RootFsBuilder() : this.rootfs;
  }

  apply(entries: readonly Entry[], index: number): void {
    this.rootfs.apply({ index, entries });
    if (this.#misread !== this.rootfs) applyMisread(this.#misread, entries, index);
  }

  /** In one of the readings, something is visible at this name. */
  shows(path: BytePath): boolean {
    return this.rootfs.at(path) !== undefined || this.#misread.at(path) !== undefined;
  }

  isDir(path: BytePath): boolean {
    return this.rootfs.at(path)?.isDir === true || this.#misread.at(path)?.isDir === true;
  }

  hasChildren(path: BytePath): boolean {
    return (this.rootfs.at(path)?.children?.size ?? 0) + (this.#misread.at(path)?.children?.size ?? 0) > 0;
  }
}

/**
 * Applies a layer as overlay runtimes read it. A whiteout beside a directory of its name has no effect. Each marker creates
 * the folder that it is in. If that folder is not in the layers below, the whiteout becomes visible itself, as the device
 * 0:0 with which an overlay marks whiteouts.
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
