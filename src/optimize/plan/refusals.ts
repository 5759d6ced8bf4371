import { parentOf } from "../../byte-path.ts";
import { specialName } from "../../rootfs/special-names.ts";
import { isForeign, type BytePath, type Entry, type Layer } from "../../image/image.ts";
import { ancestorsOf, roleOf, type Role } from "./path-roles.ts";
import { State } from "./stack-state.ts";

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
  /** What the layer has that is not touched; undefined where it is about all of it. */
  readonly path: BytePath | undefined;
}

export interface Refusals {
  /** By layer; the first reason that was found. */
  readonly byLayer: ReadonlyMap<number, Refusal>;
  /** Hardlinks that lead nowhere, as `layer path`. */
  readonly isVoid: (layer: number, path: BytePath) => boolean;
  /** Overlay runtimes take some marker for something else (docs/spec/optimizing.md, section 6, cases D and G). */
  readonly isMisread: boolean;
}

/** Looks at all layers, also at those that nobody wants to rewrite: they decide about others. */
export function findRefusals(layers: readonly Layer[], os: string): Refusals {
  const found = new Map<number, Refusal>();
  const voids = new Set<string>();
  const refuse = (layer: number, code: RefusalCode, path?: BytePath) => {
    if (!found.has(layer)) found.set(layer, { code, path });
  };
  const isVoid = (layer: number, path: BytePath) => voids.has(`${layer} ${path}`);
  layers.forEach((layer) => {
    if (os === "windows") refuse(layer.index, "windows");
    else if (isForeign(layer)) refuse(layer.index, "foreign");
  });
  // what a layer holds that cannot be read decides what is visible of all others
  if (layers.some(({ missing }) => missing)) for (const { index } of layers) refuse(index, "unknown-content");
  const state = new State();
  let isMisread = false;
  for (const { index, entries } of layers) {
    const own = new Map<BytePath, Entry>();
    const names = new Set<BytePath>();
    for (const entry of entries) {
      const { path } = entry;
      if (names.has(path)) refuse(index, "duplicate-path", path);
      names.add(path);
      lookAtEntry(entry, (code) => refuse(index, code, path));
      if (roleOf(entry).kind === "ordinary") own.set(path, entry);
    }
    lookAtParents(entries, own, state, (path) => refuse(index, "parent-not-dir", path));
    const markers = entries.map(roleOf).filter(isMarker);
    isMisread ||= markers.some(
      ({ kind, path }) =>
        (kind === "whiteout" && own.get(path)?.kind === "dir") ||
        state.at(kind === "opaque" ? path : parentOf(path))?.children === undefined,
    );
    for (const { kind, path } of markers)
      if (kind === "whiteout") state.remove(path);
      else state.empty(path);
    for (const entry of entries) {
      if (roleOf(entry).kind !== "ordinary") continue;
      if (entry.kind === "hardlink") {
        const target = state.at(entry.link);
        if (target === undefined || target.children !== undefined) {
          voids.add(`${index} ${entry.path}`);
          // with less below it, it could lead somewhere; and to a runtime that keeps AUFS's own files it does
          const isAufs = specialName(entry.link) !== undefined;
          for (const layer of layers)
            if (layer.index <= index || isAufs) refuse(layer.index, "dangling-hardlink", entry.path);
        } else if (target.layer < index) {
          refuse(index, "cross-layer-hardlink", entry.path);
          refuse(target.layer, "cross-layer-hardlink", target.entry?.path);
        }
      }
      state.put(entry, index);
    }
  }
  return { byLayer: found, isVoid, isMisread };
}

function isMarker(role: Role): role is Role & { readonly path: BytePath } {
  return role.kind === "whiteout" || role.kind === "opaque";
}

function lookAtEntry(entry: Entry, refuse: (code: RefusalCode) => void): void {
  const role = roleOf(entry);
  if (role.kind === "invalid") refuse("invalid-whiteout");
  if (role.kind === "outside") refuse("escaping-path");
  if (entry.portabilityIssue === "global-header") refuse("global-header");
  if (entry.kind === "hardlink" && (entry.storedBytes > 0 || entry.portabilityIssue === "link-with-size"))
    refuse("hardlink-with-size");
  for (const name of entry.xattrs?.keys() ?? [])
    if (/^(?:trusted|user)\.overlay\./.test(name)) refuse("overlay-xattr");
}

/**
 * An entry below something that is no directory: runtimes follow a symlink, replace it, or fail. Only where the layer
 * itself says first that there is a directory now, in the place of a file, do they agree.
 */
function lookAtParents(
  entries: readonly Entry[],
  own: ReadonlyMap<BytePath, Entry>,
  below: State,
  refuse: (path: BytePath) => void,
): void {
  const made = new Set<BytePath>();
  const sound = new Set<BytePath>();
  for (const entry of entries) {
    const folder = parentOf(entry.path);
    if (!sound.has(folder)) {
      const folders = [...ancestorsOf(entry.path)].reverse();
      const isBad = folders.some((path) => {
        const mine = own.get(path);
        if (mine !== undefined && mine.kind !== "dir") return true;
        const { node, blocked } = below.reach(path);
        if (blocked || node === undefined || node.children !== undefined) return false;
        return node.entry?.kind === "symlink" || !made.has(path);
      });
      if (isBad) refuse(entry.path);
      sound.add(folder);
    }
    if (entry.kind === "dir") made.add(entry.path);
  }
}
