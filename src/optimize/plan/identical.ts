/** Files that rewrite the same content (`--drop identical`). */
import type { Entry, Layer } from "../../image/image.ts";
import { itemAt } from "../../must.ts";
import { RootFsBuilder } from "../../rootfs/rootfs-builder.ts";
import { roleOf } from "./path-roles.ts";

/** Files above the base whose content may be that of the file they rewrite: those of the same size. */
export function questionsOfIdentical(
  layers: readonly Layer[],
  fixedLayers: number,
): { readonly layer: Layer; readonly entry: Entry }[] {
  const rootfs = new RootFsBuilder();
  const questions: { layer: Layer; entry: Entry }[] = [];
  layers.forEach((layer, i) => {
    for (const entry of i < fixedLayers ? [] : layer.entries) {
      if (entry.kind !== "file" || roleOf(entry).kind !== "ordinary") continue;
      const below = rootfs.at(entry.path);
      const other = below?.entry;
      if (below === undefined || other?.kind !== "file" || !mayBeSame(entry, other)) continue;
      questions.push({ layer, entry }, { layer: itemAt(layers, below.dataLayer), entry: other });
    }
    rootfs.apply(layer);
  });
  return questions;
}

function mayBeSame(a: Entry, b: Entry): boolean {
  return a.size === b.size && a.storedBytes === b.storedBytes && !a.sparse && !b.sparse;
}

/** By the hashes that are known. */
export function isSameContent(a: Entry, b: Entry): boolean {
  return mayBeSame(a, b) && a.sha256 !== undefined && a.sha256 === b.sha256;
}
