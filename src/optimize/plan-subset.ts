/**
 * The entries that a plan depends on. `lint` promises what `optimize` would save, from the plan that `optimize` makes; but
 * in an image of 150,000 entries a plan of all of them takes longer than reading the image. Nearly all need no plan:
 *
 * - A name that no entry or marker replaces or hides (not contested, never hidden) stays, whatever else the plan drops.
 * - A file that a file of a higher layer overwrote, at a path that only ever held files without hardlinks, is dropped if
 *   its layer is rewritten, independently of all other entries: it is *droppable*.
 *
 * The plan is given the rest, and a few entries that answer questions about those that were left out:
 *
 * 1. Whatever lies at or below a contested name.
 * 2. Hardlinks and their targets: data may move from one name to another.
 * 3. Markers and their parent directories: overlay runtimes behave differently where a parent directory is missing.
 * 4. Entries that a plan may refuse, such as those with extended attributes.
 * 5. One droppable file of each layer, which shows whether the layer is rewritten; and the cheapest of each folder that
 *    the layer has no entry for, because a plan keeps that one if nothing else stays in the folder (plan/implied.ts).
 * 6. The directory entries on the way to all these.
 * 7. *Survivors*, which stay whatever happens: one of each layer, or the layer would seem to be emptied; one in each folder
 *    that a layer has no entry for, or something dead would be kept there.
 *
 * test/optimize/random-savings.ts holds the result against plans of all entries, with random stacks.
 */
import { rootPath, parentOf, folderUpTo } from "../byte-path.ts";
import type { BytePath, Entry, Layer } from "../image/image.ts";
import type { DeadFile, RootFs } from "../rootfs/rootfs.ts";
import { ancestorsOf } from "./plan/path-roles.ts";

const slash = 0x2f;
const none: ReadonlySet<Entry> = new Set();

export interface PlanSubset {
  /** Each layer with only those entries that decide what a rewrite drops. */
  readonly layers: readonly Layer[];
  /** Files of each layer that `layers` leaves out, and that are dropped if the layer is rewritten or removed. */
  readonly droppable: readonly (readonly Entry[])[];
}

export function planSubset(
  layers: readonly Layer[],
  fixedLayers: number,
  { contested, deadFiles }: Pick<RootFs, "contested" | "deadFiles">,
): PlanSubset {
  const isBelowContested = belowTest(contested);
  const markerFolders = new Set<BytePath>();
  // groups 1 to 3
  const wanted = new Set(contested);
  for (const { entries } of layers)
    for (const { path, kind, link } of entries) {
      if (kind === "hardlink") wanted.add(link);
      // all folders: a marker may lie below a file
      else if (path.includes(".wh.")) for (const folder of ancestorsOf(path)) markerFolders.add(folder);
    }
  for (const folder of markerFolders) wanted.add(folder);
  const { overwritten, droppable } = sortDeadFiles(layers, fixedLayers, wanted, isBelowContested, deadFiles);
  const picks = layers.map((layer) => pickFrom(layer, wanted, isBelowContested, overwritten));
  const folders = foldersOf(picks);
  return {
    layers: picks.map((pick, i) => {
      const dirs = pick.dirs.filter(({ path }) => folders.has(path));
      const picked = [...pick.entries, ...dirs];
      // dead files of the base are not rewritten, so they survive as well
      const mayGo = i < fixedLayers ? none : overwritten;
      const entries = [...picked, ...survivors(pick.layer, picked, markerFolders, mayGo)];
      return { ...pick.layer, entries: entries.sort((a, b) => a.offset - b.offset) };
    }),
    droppable,
  };
}

/** Returns a test for paths below `these`. They are few and have few lengths, so most paths need no substring. */
function belowTest(these: ReadonlySet<BytePath>): (path: BytePath) => boolean {
  const hasRoot = these.has(rootPath);
  const lengths = [...new Set([...these].map(({ length }) => length))];
  return (path) => {
    if (hasRoot) return path !== "";
    for (const length of lengths)
      if (path.charCodeAt(length) === slash && these.has(folderUpTo(path, length))) return true;
    return false;
  };
}

/**
 * Finds the overwritten files, and which of them are droppable. Adds to `wanted` the dead files that the plan needs: files
 * that it may refuse, and group 5.
 */
function sortDeadFiles(
  layers: readonly Layer[],
  fixedLayers: number,
  wanted: Set<BytePath>,
  isBelowContested: (path: BytePath) => boolean,
  deadFiles: readonly DeadFile[],
): { overwritten: ReadonlySet<Entry>; droppable: readonly (readonly Entry[])[] } {
  const overwritten = new Set<Entry>();
  const byLayer = layers.map((layer, i) => (i < fixedLayers ? undefined : new OverwrittenFiles(layer)));
  for (const { entry, addedIn, path } of deadFiles) {
    if (wanted.has(path) || isBelowContested(path)) continue;
    if (mayBeRefused(entry)) {
      wanted.add(path);
      continue;
    }
    overwritten.add(entry);
    byLayer[addedIn]?.add(entry);
  }
  for (const files of byLayer) for (const { path } of files?.forThePlan() ?? []) wanted.add(path);
  return {
    overwritten,
    droppable: byLayer.map((files) => files?.droppable.filter(({ path }) => !wanted.has(path)) ?? []),
  };
}

/** The overwritten files of one layer. */
class OverwrittenFiles {
  readonly droppable: Entry[] = [];
  readonly #layer: Layer;
  #dirs: ReadonlySet<BytePath> | undefined;
  /** The cheapest file in each folder that the layer has no entry for. */
  readonly #cheapest = new Map<BytePath, Entry>();

  constructor(layer: Layer) {
    this.#layer = layer;
  }

  add(entry: Entry): void {
    const folder = parentOf(entry.path);
    if (folder === "" || this.#hasEntryFor(folder)) {
      this.droppable.push(entry);
      return;
    }
    const other = this.#cheapest.get(folder);
    const isCheapest = other === undefined || compareCost(entry, other) < 0;
    if (isCheapest) this.#cheapest.set(folder, entry);
    if (other !== undefined) this.droppable.push(isCheapest ? other : entry);
  }

  /** Group 5: the cheapest file of each implied folder, and one of the others. */
  forThePlan(): Entry[] {
    return [...this.#cheapest.values(), ...this.droppable.slice(0, 1)];
  }

  #hasEntryFor(folder: BytePath): boolean {
    this.#dirs ??= new Set(this.#layer.entries.filter(({ kind }) => kind === "dir").map(({ path }) => path));
    return this.#dirs.has(folder);
  }
}

/** A plan keeps the smallest, and the first of several. */
function compareCost(a: Entry, b: Entry): number {
  return a.tarBytes - b.tarBytes || a.offset - b.offset;
}

interface LayerPick {
  readonly layer: Layer;
  readonly entries: readonly Entry[];
  /** All other directories; those on the way to picked entries of any layer are needed (group 6). */
  readonly dirs: readonly Entry[];
  /** Anything but a directory always stays; the first one is among the entries. */
  readonly hasSurvivor: boolean;
}

function pickFrom(
  layer: Layer,
  wanted: ReadonlySet<BytePath>,
  isBelowContested: (path: BytePath) => boolean,
  overwritten: ReadonlySet<Entry>,
): LayerPick {
  const entries: Entry[] = [];
  const dirs: Entry[] = [];
  let survivor: Entry | undefined;
  for (const entry of layer.entries) {
    const { path, kind } = entry;
    if (kind === "hardlink" || wanted.has(path) || isBelowContested(path) || mayBeRefused(entry))
      entries.push(entry);
    else if (kind === "dir") dirs.push(entry);
    else if (!overwritten.has(entry)) survivor ??= entry;
  }
  if (survivor !== undefined && entries.length > 0) entries.push(survivor);
  return { layer, entries, dirs, hasSurvivor: survivor !== undefined };
}

/** Whether a plan may refuse the entry or treat it as a special name. */
function mayBeRefused({ path, portabilityIssue, xattrs }: Entry): boolean {
  return (
    path.includes(".wh.") || path.startsWith("..") || portabilityIssue !== undefined || xattrs !== undefined
  );
}

/** Group 6: the folders of all picked entries. Whether a layer without survivor becomes empty depends on all its folders. */
function foldersOf(picks: readonly LayerPick[]): ReadonlySet<BytePath> {
  const folders = new Set<BytePath>();
  for (const { entries, dirs, hasSurvivor } of picks) {
    for (const { path } of entries) for (const folder of ancestorsOf(path)) folders.add(folder);
    if (entries.length > 0 && !hasSurvivor) for (const { path } of dirs) folders.add(path);
  }
  return folders;
}

/**
 * Group 7: the first surviving entry, if any, of each folder that the layer has no entry for. The folders are those of
 * picked entries and of the markers of all layers.
 */
function survivors(
  layer: Layer,
  picked: readonly Entry[],
  markerFolders: ReadonlySet<BytePath>,
  mayGo: ReadonlySet<Entry>,
): Entry[] {
  const implied = new Set(markerFolders);
  for (const { path } of picked) for (const folder of ancestorsOf(path)) implied.add(folder);
  for (const { path, kind } of picked) if (kind === "dir") implied.delete(path);
  const found: Entry[] = [];
  if (implied.size === 0) return found;
  const isBelowImplied = belowTest(implied);
  const taken = new Set(picked);
  for (const entry of layer.entries) {
    const { path } = entry;
    if (!isBelowImplied(path) || taken.has(entry) || mayGo.has(entry)) continue;
    let isFirst = false;
    for (const folder of ancestorsOf(path)) isFirst = implied.delete(folder) || isFirst;
    if (isFirst) found.push(entry);
  }
  return found;
}
