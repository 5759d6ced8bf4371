import type { BytePath, Entry, Layer } from "../image/image.ts";
import type { RootFs } from "../rootfs/rootfs.ts";
import { parentOf } from "./plan/names.ts";

/**
 * The layers with only those entries that decide what a rewrite drops. All others stay as they are, whatever the plan
 * is: in images of 150,000 entries they are nearly all, and planning with them takes longer than reading the image.
 *
 * These are: what lies at or below a contested name, hardlinks and their targets, markers, oddities that a plan refuses,
 * all directories (others are dropped with them, or stay because of them), and for each layer and folder one entry that
 * stays, for the folder's sake.
 */
export function concerned(
  layers: readonly Layer[],
  { contested }: Pick<RootFs, "contested">,
): readonly Layer[] {
  const targets = new Set<BytePath>();
  for (const { entries } of layers)
    for (const { kind, link } of entries) if (kind === "hardlink") targets.add(link);
  const folders = new Map<BytePath, boolean>([["", contested.has("")]]);
  const isContested = (folder: BytePath): boolean => {
    let answer = folders.get(folder);
    if (answer === undefined) {
      answer = contested.has(folder) || isContested(parentOf(folder));
      folders.set(folder, answer);
    }
    return answer;
  };
  return layers.map((layer) => {
    const witnessed = new Set<BytePath>();
    let folder = "";
    let contestedFolder = isContested("");
    let isWitnessed = false;
    const entries = layer.entries.filter((entry) => {
      const { path, kind } = entry;
      if (kind === "dir" || kind === "hardlink" || isOdd(entry)) return true;
      if (path.lastIndexOf("/") !== folder.length || !path.startsWith(folder)) {
        folder = parentOf(path);
        contestedFolder = isContested(folder);
        isWitnessed = witnessed.has(folder);
      }
      if (contestedFolder || contested.has(path) || targets.has(path)) return true;
      if (isWitnessed) return false;
      witnessed.add(folder);
      return (isWitnessed = true);
    });
    return { ...layer, entries };
  });
}

function isOdd({ path, quirk, xattrs }: Entry): boolean {
  return path.includes(".wh.") || path.startsWith("..") || quirk !== undefined || xattrs !== undefined;
}
