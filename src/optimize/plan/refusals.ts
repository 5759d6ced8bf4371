/** Finds the layers that must not change, before any layer is planned. */
import { parentOf, rootPath } from "../../byte-path.ts";
import { isForeign, type BytePath, type Entry, type Layer } from "../../image/image.ts";
import { RootFsBuilder } from "../../rootfs/rootfs-builder.ts";
import { specialName } from "../../rootfs/special-names.ts";
import { ancestorsOf, isDirectlyIn, roleOf, type MarkerRole } from "./path-roles.ts";

/** Why a layer stays as it is, whatever is dead in it (docs/spec/optimizing.md, section 5). */
export type RefusalCode =
  | "cross-layer-hardlink"
  | "dangling-hardlink"
  | "duplicate-path"
  | "parent-not-dir"
  | "hardlink-with-size"
  | "hardlink-attributes"
  | "sparse"
  | "overlay-xattr"
  | "invalid-whiteout"
  | "escaping-path"
  | "global-header"
  | "implied-dir"
  | "masked-dir"
  | "foreign"
  | "unknown-content"
  | "unpacked-otherwise"
  | "windows";

export interface Refusal {
  readonly code: RefusalCode;
  /** The path that is the reason; undefined if the reason applies to the whole layer. */
  readonly path: BytePath | undefined;
}

export interface Refusals {
  /** The first reason found, by layer index. */
  readonly byLayer: ReadonlyMap<number, Refusal>;
  /** Whether the layer has a dangling hardlink at this path. */
  readonly isVoid: (layer: number, path: BytePath) => boolean;
  /** Whether overlay runtimes misread a marker of the image (docs/spec/optimizing.md, section 6, cases D and G). */
  readonly isMisread: boolean;
}

type Refuse = (layer: number, code: RefusalCode, path?: BytePath) => void;

/** The layer's own entries by path; the value is undefined for markers and other special names. */
type OwnEntries = ReadonlyMap<BytePath, Entry | undefined>;

/** Looks at all layers, even those that will not be rewritten: others depend on them. */
export function findRefusals(layers: readonly Layer[], os: string): Refusals {
  const byLayer = new Map<number, Refusal>();
  const refuse: Refuse = (layer, code, path) => {
    if (!byLayer.has(layer)) byLayer.set(layer, { code, path });
  };
  for (const layer of layers)
    if (os === "windows") refuse(layer.index, "windows");
    else if (isForeign(layer)) refuse(layer.index, "foreign");
  // a layer that cannot be read may hide or replace entries of any other layer
  if (layers.some(({ missing }) => missing)) for (const { index } of layers) refuse(index, "unknown-content");
  const rootfs = new RootFsBuilder();
  const voids = new Map<number, Set<BytePath>>();
  let isMisread = false;
  for (const layer of layers) {
    const { own, markers } = lookAtEntries(layer, refuse);
    lookAtParents(layer, own, rootfs, refuse);
    isMisread ||= markers.some((marker) => isMisreadMarker(marker, own, rootfs));
    const found = applyWithLinks(layer, layers, rootfs, refuse);
    if (found.size > 0) voids.set(layer.index, found);
  }
  return { byLayer, isVoid: voidTest(voids), isMisread };
}

/** A function of its own, so that the test does not keep the root file system of `findRefusals` in memory. */
function voidTest(voids: ReadonlyMap<number, ReadonlySet<BytePath>>): Refusals["isVoid"] {
  return (layer, path) => voids.get(layer)?.has(path) === true;
}

/** Checks each entry on its own. */
function lookAtEntries(
  { index, entries }: Layer,
  refuse: Refuse,
): { readonly own: OwnEntries; readonly markers: readonly MarkerRole[] } {
  const own = new Map<BytePath, Entry | undefined>();
  const markers: MarkerRole[] = [];
  for (const entry of entries) {
    const { path } = entry;
    const role = roleOf(entry);
    if (own.has(path)) refuse(index, "duplicate-path", path);
    own.set(path, role.kind === "ordinary" ? entry : undefined);
    if (role.kind === "whiteout" || role.kind === "opaque") markers.push(role);
    if (role.kind === "invalid") refuse(index, "invalid-whiteout", path);
    if (role.kind === "outside") refuse(index, "escaping-path", path);
    if (entry.portabilityIssue === "global-header") refuse(index, "global-header", path);
    if (entry.kind === "hardlink" && (entry.storedBytes > 0 || entry.portabilityIssue === "link-with-size"))
      refuse(index, "hardlink-with-size", path);
    for (const name of entry.xattrs?.keys() ?? [])
      if (/^(?:trusted|user)\.overlay\./.test(name)) refuse(index, "overlay-xattr", path);
  }
  return { own, markers };
}

/** Whether a whiteout has a directory of the same layer at its path, or a marker's directory is missing below. */
function isMisreadMarker({ kind, path }: MarkerRole, own: OwnEntries, below: RootFsBuilder): boolean {
  if (kind === "whiteout" && own.get(path)?.kind === "dir") return true;
  return below.at(kind === "opaque" ? path : parentOf(path))?.isDir !== true;
}

/** Applies a layer and resolves each hardlink when its entry is reached. Returns the paths of dangling hardlinks. */
function applyWithLinks(
  layer: Layer,
  layers: readonly Layer[],
  rootfs: RootFsBuilder,
  refuse: Refuse,
): Set<BytePath> {
  const { index, entries } = layer;
  const voids = new Set<BytePath>();
  rootfs.hide(layer);
  for (const entry of entries) {
    if (entry.kind === "hardlink" && roleOf(entry).kind === "ordinary") {
      const target = rootfs.at(entry.link);
      if (target === undefined || target.isDir) {
        voids.add(entry.path);
        // a change of the layers below could make it resolve; runtimes that keep AUFS metadata already resolve it
        const isAufs = specialName(entry.link) !== undefined;
        for (const each of layers)
          if (each.index <= index || isAufs) refuse(each.index, "dangling-hardlink", entry.path);
      } else if (target.dataLayer < index) {
        refuse(index, "cross-layer-hardlink", entry.path);
        refuse(target.dataLayer, "cross-layer-hardlink", target.entry?.path);
      }
    }
    rootfs.add(entry);
  }
  return voids;
}

/**
 * Refuses entries whose parent is not a directory: runtimes follow a symlink, replace it, or fail. They agree only if the
 * layer replaced a file below with a directory entry before this entry.
 */
function lookAtParents(
  { index, entries }: Layer,
  own: OwnEntries,
  below: RootFsBuilder,
  refuse: Refuse,
): void {
  const made = new Set<BytePath>();
  const seen = new Set<BytePath>();
  const isBad = (folder: BytePath) => {
    const mine = own.get(folder);
    if (mine !== undefined && mine.kind !== "dir") return true;
    const old = below.at(folder);
    if (old === undefined || old.isDir) return false;
    return old.entry?.kind === "symlink" || !made.has(folder);
  };
  let parent = rootPath;
  for (const { path, kind } of entries) {
    if (!isDirectlyIn(parent, path)) parent = parentOf(path);
    if (!seen.has(parent)) {
      seen.add(parent);
      for (const folder of ancestorsOf(path)) if (isBad(folder)) refuse(index, "parent-not-dir", path);
    }
    if (kind === "dir") made.add(path);
  }
}
