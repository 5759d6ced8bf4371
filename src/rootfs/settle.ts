/** The causes that only contents can decide: overwritten, metadata-only or identical. */
import type { Entry } from "../image/image.ts";
import { sameAttributes } from "./attributes.ts";
import type { DeadFile } from "./rootfs.ts";
import type { Inode } from "./tree.ts";

/** A dead file whose cause may still turn from overwritten to metadata-only or identical. */
export interface OpenDeath {
  readonly deadFile: DeadFile;
  /** The layer with the bytes of `deadFile.by`: a lower one if a hardlink replaced the file. */
  readonly byLayer: number;
}

/** A file whose hash is needed; `layer` is where its bytes are. */
export interface Question {
  readonly layer: number;
  readonly entry: Entry;
}

/** Smaller files are alike by chance too often to say that one moved. */
const smallestMoved = 4096;

/**
 * The files whose contents decide something: an overwritten file and its successor of the same size, and a dead file
 * with a later one of the same size that may be its moved copy.
 */
export function questionsOf(deadFiles: readonly OpenDeath[], inodes: readonly Inode[]): Question[] {
  const questions: Question[] = [];
  const wanted = new Set<Entry>();
  const ask = (layer: number, entry: Entry) => {
    if (entry.sha256 !== undefined || wanted.has(entry)) return;
    wanted.add(entry);
    questions.push({ layer, entry });
  };
  /** Dead files that may have moved, by size, with the lowest layer that added one. */
  const moved = new Map<number, { readonly deadFiles: DeadFile[]; lowest: number }>();
  for (const { deadFile, byLayer } of deadFiles) {
    const { cause, by, entry, addedIn } = deadFile;
    if (cause === "overwritten" && by !== undefined && isComparable(entry, by)) {
      ask(addedIn, entry);
      ask(byLayer, by);
    }
    if (
      deadFile.bytes >= smallestMoved &&
      (cause === "deleted" || cause === "opaque" || cause === "replaced")
    ) {
      const same = moved.get(deadFile.bytes);
      if (same === undefined) moved.set(deadFile.bytes, { deadFiles: [deadFile], lowest: addedIn });
      else {
        same.deadFiles.push(deadFile);
        same.lowest = Math.min(same.lowest, addedIn);
      }
    }
  }
  if (moved.size === 0) return questions;
  // a dead file and every later file of its size, without looking at each pair: files of one size can be many
  const highest = new Map<number, number>();
  for (const { entry, layer } of inodes) {
    const same = moved.get(entry.size);
    if (same === undefined) continue;
    if (layer > (highest.get(entry.size) ?? -1)) highest.set(entry.size, layer);
    if (layer > same.lowest) ask(layer, entry);
  }
  for (const [size, { deadFiles: same }] of moved) {
    for (const { addedIn, entry } of same) if (addedIn < (highest.get(size) ?? -1)) ask(addedIn, entry);
  }
  return questions;
}

function isComparable(a: Entry, b: Entry): boolean {
  return (
    a !== b &&
    a.size === b.size &&
    a.kind === "file" &&
    b.kind === "file" &&
    a.storedBytes === b.storedBytes &&
    a.sparseMap === b.sparseMap
  );
}

/** Tells metadata-only and identical copies from overwritten contents (docs/spec/layers.md, rule 4). */
export function settleDeaths(deadFiles: readonly OpenDeath[]): DeadFile[] {
  return deadFiles.map(({ deadFile }) => {
    const { cause, entry, by } = deadFile;
    if (cause !== "overwritten" || by === undefined) return deadFile;
    if (entry === by) return { ...deadFile, cause: "identical" };
    if (!isComparable(entry, by) || entry.sha256 === undefined || entry.sha256 !== by.sha256) return deadFile;
    return { ...deadFile, cause: sameAttributes(entry, by) ? "identical" : "metadata-only" };
  });
}
