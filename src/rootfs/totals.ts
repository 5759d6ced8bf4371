/** The bytes that dead files cost, by layer and in total. */
import type { Layer } from "../image/image.ts";
import { itemAt } from "../must.ts";
import { InodeSet, type FileOfLayer } from "./inode-set.ts";
import type { DeadFile, RootFs } from "./rootfs.ts";

export interface Boundaries {
  /** Layers of the base image, as well as it is known: what editing the Dockerfile cannot touch. */
  readonly baseLayers: number;
  /** Layers that rewriting the image keeps as they are. */
  readonly fixedLayers: number;
  /** Files of the base that package upgrades replaced: no edit of the Dockerfile avoids their new copies. */
  readonly upgraded: ReadonlySet<DeadFile>;
}

/** Content bytes unless the name says otherwise (docs/spec/layers.md, rules 6 and 7). */
export interface Totals {
  /** Dead files in layers that a rewrite touches. */
  readonly reclaimableBytes: number;
  readonly reclaimableTarBytes: number;
  /** Their share of the stored layers: an estimate where layers are compressed. */
  readonly reclaimableCompressedBytes: number;
  /** What editing the Dockerfile saves: dead files above the base, and needless copies of base files; each file once. */
  readonly avoidableBytes: number;
  /** Base files that package upgrades above it replaced. */
  readonly upgradedBytes: number;
  /** Dead files that the base image's own layers killed. */
  readonly baseWasteBytes: number;
  /** Base files that layers above it killed: deleting them saved nothing. */
  readonly unreclaimableBytes: number;
  /** All content of the layers above the base. */
  readonly aboveBaseBytes: number;
  readonly layers: readonly LayerTotals[];
}

interface LayerTotals {
  readonly contentBytes: number;
  /** What this layer added and some layer killed. */
  readonly deadBytes: number;
  readonly deadTarBytes: number;
  readonly deadCompressedBytes: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function totals(
  rootfs: RootFs,
  layers: readonly Layer[],
  { baseLayers, fixedLayers, upgraded }: Boundaries,
): Totals {
  const each: Mutable<LayerTotals>[] = layers.map(() => ({
    contentBytes: 0,
    deadBytes: 0,
    deadTarBytes: 0,
    deadCompressedBytes: 0,
  }));
  const sums = { upgradedBytes: 0, baseWasteBytes: 0, unreclaimableBytes: 0 };
  for (const { entry, layer } of rootfs.live) itemAt(each, layer).contentBytes += entry.size;
  for (const deadFile of rootfs.deadFiles) {
    const own = itemAt(each, deadFile.addedIn);
    own.contentBytes += deadFile.bytes;
    own.deadBytes += deadFile.bytes;
    own.deadTarBytes += deadFile.entry.tarBytes;
    own.deadCompressedBytes += itemAt(layers, deadFile.addedIn).compressedShare(deadFile.entry);
    if (upgraded.has(deadFile)) sums.upgradedBytes += deadFile.bytes;
    if (deadFile.hiddenIn < baseLayers) sums.baseWasteBytes += deadFile.bytes;
    else if (deadFile.addedIn < baseLayers) sums.unreclaimableBytes += deadFile.bytes;
  }
  const above = (from: number, key: keyof LayerTotals) =>
    each.slice(from).reduce((sum, layer) => sum + layer[key], 0);
  return {
    ...sums,
    avoidableBytes: new InodeSet(avoidableFiles(rootfs, { baseLayers, upgraded })).bytes,
    reclaimableBytes: above(fixedLayers, "deadBytes"),
    reclaimableTarBytes: above(fixedLayers, "deadTarBytes"),
    reclaimableCompressedBytes: above(fixedLayers, "deadCompressedBytes"),
    aboveBaseBytes: above(baseLayers, "contentBytes"),
    layers: each,
  };
}

/**
 * Yields the files that an edit of the Dockerfile avoids (docs/spec/layers.md, rule 7), some more than once. A base file
 * that was only copied costs its new copy, and the copies of that copy; its old one is the base's.
 */
export function* avoidableFiles(
  { deadFiles }: Pick<RootFs, "deadFiles">,
  { baseLayers, upgraded }: Omit<Boundaries, "fixedLayers">,
): Iterable<FileOfLayer> {
  const copies = new InodeSet();
  for (const deadFile of deadFiles) {
    const { addedIn, hiddenIn, entry, cause, by, byLayer } = deadFile;
    const old = { layer: addedIn, entry };
    if (addedIn >= baseLayers) yield old;
    else if (hiddenIn < baseLayers || upgraded.has(deadFile)) continue;
    const isCopied = (cause === "metadata-only" || cause === "identical") && by?.kind === "file";
    // a hardlink to another file stores nothing
    if (!isCopied || byLayer !== hiddenIn || (addedIn >= baseLayers && !copies.has(old))) continue;
    const copy = { layer: byLayer, entry: by };
    copies.add(copy);
    yield copy;
  }
}
