import { parentOf, rootPath, folderUpTo } from "../byte-path.ts";
import type { BytePath, Entry, Layer } from "../image/image.ts";
import type { DeadFile, RootFs } from "../rootfs/rootfs.ts";
import { ancestorsOf } from "./plan/path-roles.ts";

const slash = 0x2f;
const none: ReadonlySet<Entry> = new Set();

export interface Concerned {
  /** The layers with those entries alone that decide what a rewrite drops. */
  readonly layers: readonly Layer[];
  /** Files of each layer that are not among them: they go if the layer is rewritten or goes. */
  readonly droppable: readonly (readonly Entry[])[];
}

/**
 * Picks the entries that a plan depends on. In images of 150,000 entries they are few, and planning with all takes longer
 * than reading the image. Names that nothing happened to stay, and so do their directories. Files that were overwritten
 * by files go, each for itself. What is left is given to the plan: what lies at or below a contested name, hardlinks and
 * their targets, markers, portabilityIssues, the directories of all these, and something that stays where that matters: in a layer
 * (or it would be empty) and in directories that it only implies (or something else had to stay in them).
 */
export function planSubset(
  layers: readonly Layer[],
  fixedLayers: number,
  { contested, deadFiles }: Pick<RootFs, "contested" | "deadFiles">,
): Concerned {
  const isBelowContested = belowTest(contested);
  const wanted = new Set(contested);
  // overlay runtimes ask whether the folder of a marker is there
  const asked = new Set<BytePath>();
  for (const { entries } of layers)
    for (const { path, kind, link } of entries) {
      if (kind === "hardlink") wanted.add(link);
      // a marker may lie below a file
      else if (path.includes(".wh.")) for (const folder of ancestorsOf(path)) asked.add(folder);
    }
  for (const folder of asked) wanted.add(folder);
  const { overwritten, droppable } = sortDeaths(layers, fixedLayers, wanted, isBelowContested, deadFiles);
  const picks = layers.map((layer) => pickFrom(layer, wanted, isBelowContested, overwritten));
  const folders = new Set<BytePath>();
  for (const { entries, dirs, stays } of picks) {
    for (const { path } of entries) for (const folder of ancestorsOf(path)) folders.add(folder);
    // whether nothing is left of a layer is a matter of its directories when it has nothing else
    if (entries.length > 0 && !stays) for (const { path } of dirs) folders.add(path);
  }
  return {
    layers: picks.map(({ entries, dirs }, i) => {
      const layer = layers[i]!;
      const own = dirs.filter(({ path }) => folders.has(path));
      // what is dead in the base stays all the same
      const mayGo = i < fixedLayers ? none : overwritten;
      const chosen = [...entries, ...own, ...survivors(layer, entries, own, asked, mayGo)];
      return { ...layer, entries: chosen.sort((a, b) => a.offset - b.offset) };
    }),
    droppable,
  };
}

/** Whether a path lies below one of these. They are few, and of few lengths, so most paths are not even cut. */
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
 * Files that were overwritten by files and by nothing else; nearly all of those that a rewrite may drop are droppable. Wanted
 * are the cheapest of each directory that its layer only implies, which may have to stay in it, and one of the others of
 * each layer, which shows whether the layer is rewritten.
 */
function sortDeaths(
  layers: readonly Layer[],
  fixedLayers: number,
  wanted: Set<BytePath>,
  isBelowContested: (path: BytePath) => boolean,
  deadFiles: readonly DeadFile[],
): { overwritten: ReadonlySet<Entry>; droppable: readonly (readonly Entry[])[] } {
  const overwritten = new Set<Entry>();
  const sorted = layers.map(() => undefined as LayerDeaths | undefined);
  for (const { entry, addedIn, path } of deadFiles) {
    if (wanted.has(path) || isBelowContested(path)) continue;
    if (isIssue(entry)) {
      wanted.add(path);
      continue;
    }
    overwritten.add(entry);
    if (addedIn >= fixedLayers) (sorted[addedIn] ??= new LayerDeaths(layers[addedIn]!)).add(entry);
  }
  for (const layer of sorted) for (const { path } of layer?.shown() ?? []) wanted.add(path);
  return {
    overwritten,
    droppable: sorted.map((layer) => layer?.droppable.filter(({ path }) => !wanted.has(path)) ?? []),
  };
}

class LayerDeaths {
  readonly droppable: Entry[] = [];
  readonly #dirs = new Set<BytePath>();
  /** By folder that the layer does not describe. */
  readonly #cheapest = new Map<BytePath, Entry>();

  constructor({ entries }: Layer) {
    for (const { kind, path } of entries) if (kind === "dir") this.#dirs.add(path);
  }

  add(entry: Entry): void {
    const folder = parentOf(entry.path);
    if (folder === "" || this.#dirs.has(folder)) {
      this.droppable.push(entry);
      return;
    }
    const other = this.#cheapest.get(folder);
    const isCheapest = other === undefined || cost(entry, other) < 0;
    if (isCheapest) this.#cheapest.set(folder, entry);
    if (other !== undefined) this.droppable.push(isCheapest ? other : entry);
  }

  shown(): Entry[] {
    return [...this.#cheapest.values(), ...this.droppable.slice(0, 1)];
  }
}

/** A plan keeps the smallest, and the first of several. */
function cost(a: Entry, b: Entry): number {
  return a.tarBytes - b.tarBytes || a.offset - b.offset;
}

interface Picked {
  readonly entries: Entry[];
  /** Directories that may be needed for the sake of others. */
  readonly dirs: readonly Entry[];
  /** Something that is no directory stays whatever happens; the first such is among the entries. */
  readonly stays: boolean;
}

function pickFrom(
  { entries }: Layer,
  wanted: ReadonlySet<BytePath>,
  isBelowContested: (path: BytePath) => boolean,
  overwritten: ReadonlySet<Entry>,
): Picked {
  const picked: Entry[] = [];
  const dirs: Entry[] = [];
  let witness: Entry | undefined;
  for (const entry of entries) {
    const { path, kind } = entry;
    if (kind === "hardlink" || wanted.has(path) || isBelowContested(path) || isIssue(entry))
      picked.push(entry);
    else if (kind === "dir") dirs.push(entry);
    else if (witness === undefined && !overwritten.has(entry)) witness = entry;
  }
  if (witness !== undefined && picked.length > 0) picked.push(witness);
  return { entries: picked, dirs, stays: witness !== undefined };
}

/** What a plan refuses, or takes for something special. */
function isIssue({ path, portabilityIssue, xattrs }: Entry): boolean {
  return (
    path.includes(".wh.") || path.startsWith("..") || portabilityIssue !== undefined || xattrs !== undefined
  );
}

/** Something that stays in each of the directories that are asked for or that picked entries imply, where there is something. */
function survivors(
  layer: Layer,
  picked: readonly Entry[],
  dirs: readonly Entry[],
  asked: ReadonlySet<BytePath>,
  mayGo: ReadonlySet<Entry>,
): Entry[] {
  const implied = new Set(asked);
  for (const { path } of picked) for (const folder of ancestorsOf(path)) implied.add(folder);
  for (const { path, kind } of picked) if (kind === "dir") implied.delete(path);
  for (const { path } of dirs) implied.delete(path);
  const found: Entry[] = [];
  if (implied.size === 0) return found;
  const isBelowImplied = belowTest(implied);
  const taken = new Set([...picked, ...dirs]);
  for (const entry of layer.entries) {
    const { path } = entry;
    if (!isBelowImplied(path) || taken.has(entry) || mayGo.has(entry)) continue;
    let isWitness = false;
    for (const folder of ancestorsOf(path)) isWitness = implied.delete(folder) || isWitness;
    if (isWitness) found.push(entry);
  }
  return found;
}
