/** The dead files of an image, by the layers that added and hid them. */
import type { Cause, DeadFile } from "../rootfs/rootfs.ts";
import type { ImageView, Inode } from "./subject.ts";

/** Content bytes below which waste is worth a line in the report, but not a failing build: `info`. */
export const WARNING_FLOOR = 100_000;

/** Deaths that one pair of instructions caused. */
export interface DeadFileGroup {
  /** `base` for all files of the base image together: whose layer it was is no matter, they stay where they are. */
  readonly addedIn: number | "base";
  readonly hiddenIn: number;
  readonly deadFiles: readonly DeadFile[];
  /** Content bytes of the dead copies. */
  readonly bytes: number;
}

/** The dead files of the given causes that a layer above the base caused, by pair of layers, most bytes first. */
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

/** The same group with fewer dead files. */
export function narrow(group: DeadFileGroup, deadFiles: readonly DeadFile[]): DeadFileGroup {
  return { ...group, deadFiles, bytes: deadFiles.reduce((sum, deadFile) => sum + deadFile.bytes, 0) };
}

/** The inodes that died. */
export function inodesOf(deadFiles: readonly DeadFile[]): Inode[] {
  return deadFiles.map((deadFile) => ({ layer: deadFile.addedIn, entry: deadFile.entry }));
}

/**
 * The copies that stand in place of the dead ones. For a file of the base image that only changed its attributes they
 * are the avoidable bytes (docs/spec/layers.md, rule 7).
 */
export function newCopies(deadFiles: readonly DeadFile[]): Inode[] {
  return deadFiles.flatMap(({ hiddenIn, by }) =>
    by?.kind === "file" ? [{ layer: hiddenIn, entry: by }] : [],
  );
}
