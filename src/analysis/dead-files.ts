/** Groups the dead files of an image by the layers that added and hid them. */
import { must } from "../must.ts";
import type { Cause, DeadFile } from "../rootfs/rootfs.ts";
import type { ImageView, Inode } from "./subject.ts";

/** Content bytes below which waste is `info`: reported, but not a reason to fail a build. */
export const WARNING_FLOOR = 100_000;

/** Dead files of one pair of layers. */
export interface DeadFileGroup {
  /** `base` for all files of the base image together, whose layers cannot be changed. */
  readonly addedIn: number | "base";
  readonly hiddenIn: number;
  readonly deadFiles: readonly DeadFile[];
  /** Content bytes of the dead copies. */
  readonly bytes: number;
}

/**
 * Returns the dead files of the given causes that a layer above the base hides, by pair of layers, most bytes first.
 */
export function groupByPair(view: ImageView, causes: readonly Cause[]): DeadFileGroup[] {
  const base = view.origins.base.layers;
  const groups = new Map<
    string,
    { addedIn: number | "base"; hiddenIn: number; deadFiles: DeadFile[]; bytes: number }
  >();
  for (const deadFile of view.rootfs.deadFiles) {
    if (deadFile.hiddenIn < base || !causes.includes(deadFile.cause)) continue;
    const addedIn = deadFile.addedIn < base ? "base" : deadFile.addedIn;
    const key = `${addedIn} ${deadFile.hiddenIn}`;
    let group = groups.get(key);
    if (group === undefined) {
      groups.set(key, (group = { addedIn, hiddenIn: deadFile.hiddenIn, deadFiles: [], bytes: 0 }));
    }
    group.deadFiles.push(deadFile);
    group.bytes += deadFile.bytes;
  }
  return [...groups.values()].toSorted((a, b) => b.bytes - a.bytes);
}

/**
 * Joins the groups that one layer above the base hides, whatever layers above the base added the files: one instruction
 * is one cause. `addedIn` is the layer with most bytes; files of the base stay apart. Most bytes first.
 */
export function joinByCause(groups: readonly DeadFileGroup[]): DeadFileGroup[] {
  const joined = new Map<string, DeadFileGroup[]>();
  for (const group of groups) {
    const key = `${group.addedIn === "base" ? "base " : ""}${group.hiddenIn}`;
    const same = joined.get(key);
    if (same === undefined) joined.set(key, [group]);
    else same.push(group);
  }
  return [...joined.values()]
    .map((same) => {
      const [first] = same.toSorted((a, b) => b.bytes - a.bytes);
      const { addedIn, hiddenIn } = must(first, "a group");
      const deadFiles = same.flatMap((group) => group.deadFiles);
      return { addedIn, hiddenIn, deadFiles, bytes: same.reduce((sum, { bytes }) => sum + bytes, 0) };
    })
    .toSorted((a, b) => b.bytes - a.bytes);
}

/** Returns the layers that added the files of a group, in order. */
export function sourcesOf({ deadFiles }: DeadFileGroup): number[] {
  return [...new Set(deadFiles.map(({ addedIn }) => addedIn))].toSorted((a, b) => a - b);
}

/** Returns the group with only the given dead files. */
export function narrow(group: DeadFileGroup, deadFiles: readonly DeadFile[]): DeadFileGroup {
  return { ...group, deadFiles, bytes: deadFiles.reduce((sum, deadFile) => sum + deadFile.bytes, 0) };
}

/** Returns the inodes of dead files. */
export function inodesOf(deadFiles: readonly DeadFile[]): Inode[] {
  return deadFiles.map((deadFile) => ({ layer: deadFile.addedIn, entry: deadFile.entry }));
}

/**
 * Returns the copies that replaced the dead files. For a file of the base image of which only attributes changed,
 * these are the avoidable bytes (docs/spec/layers.md, rule 7). A hardlink to an older file is no copy.
 */
export function newCopies(deadFiles: readonly DeadFile[]): Inode[] {
  return deadFiles.flatMap(({ hiddenIn, by, byLayer }) =>
    by?.kind === "file" && byLayer === hiddenIn ? [{ layer: hiddenIn, entry: by }] : [],
  );
}
