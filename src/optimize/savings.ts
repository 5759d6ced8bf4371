/**
 * What `lint` promises that `optimize` saves: the plan of `optimize`, made with few entries. plan-subset.ts picks what lies at
 * or below the names that something happened to; random stacks hold the result against the plan of all entries. The length
 * of a rewritten header is known from what the decoder noted of the old one (`Entry.extended`).
 */
import type { Entry, Image, Layer } from "../image/image.ts";
import { itemAt } from "../must.ts";
import type { RootFs } from "../rootfs/rootfs.ts";
import { historyOfLayers } from "./new-config.ts";
import { planSubset } from "./plan-subset.ts";
import type { LayerPlan } from "./plan/layer-plan.ts";
import { planLayers } from "./plan/plan.ts";
import { throughSymlink } from "./through-symlink.ts";

/** What `optimize` without options would save. */
export interface Savings {
  /** Content bytes of the dropped files. Exact. */
  readonly contentBytes: number;
  /** Bytes saved in the uncompressed layers. Exact. */
  readonly tarBytes: number;
  /** Bytes saved in the layers as stored. An estimate where layers are compressed. */
  readonly compressedBytes: number;
  readonly rewrittenLayers: number;
  readonly removedLayers: number;
  /** Indexes of layers above the base that `optimize` refuses to rewrite. */
  readonly refused: ReadonlySet<number>;
}

/** Plans from headers alone; nothing is read. */
export function savingsOf(
  image: Pick<Image, "layers" | "config">,
  fixedLayers: number,
  rootfs: Pick<RootFs, "contested" | "deadFiles" | "notes">,
): Savings {
  const refused = new Set<number>();
  const sums = {
    refused,
    contentBytes: 0,
    tarBytes: 0,
    compressedBytes: 0,
    rewrittenLayers: 0,
    removedLayers: 0,
  };
  if (image.layers.length <= fixedLayers || isUntouched(rootfs)) return sums;
  const picked = planSubset(image.layers, fixedLayers, rootfs);
  if (picked.layers.every(({ entries }) => entries.length === 0)) return sums;
  // what lies below a symlink depends on entries that the subset leaves out
  const { layers, droppable } = throughSymlink(image.layers)
    ? { layers: image.layers, droppable: image.layers.map(() => []) }
    : picked;
  const plans = planLayers(
    {
      layers,
      os: image.config.platform.os,
      fixedLayers,
      mayRemove: canRemove(image),
      isPruned: () => false,
    },
    { repair: false, dropIdentical: false, isSameContent: () => false },
  );
  plans.forEach((plan, i) => {
    if (plan.action === "keep" && typeof plan.why !== "string") refused.add(i);
    if (plan.action === "keep" || plan.action === "merge") return;
    const layer = itemAt(image.layers, i);
    const goes = itemAt(droppable, i);
    const others = entryBytes(layer.entries) - entryBytes(itemAt(layers, i).entries) - entryBytes(goes);
    const tarBytes = plan.action === "remove" ? 0 : plan.rewrite.tarBytes + others;
    const stored = storedAfter(image.layers, plan, i, tarBytes);
    const share = layer.compression === "none" || plan.action === "remove" ? 0 : shareOf(layer, goes);
    sums.contentBytes += goes.reduce((sum, { size }) => sum + size, plan.rewrite.droppedBytes);
    sums.tarBytes += layer.tarBytes - tarBytes;
    sums.compressedBytes += layer.compressedBytes - Math.max(0, stored - share);
    if (plan.action === "remove") sums.removedLayers++;
    else sums.rewrittenLayers++;
  });
  return sums;
}

/** No name was ever replaced or hidden, and none has a special meaning. */
function isUntouched({
  contested,
  deadFiles,
  notes,
}: Pick<RootFs, "contested" | "deadFiles" | "notes">): boolean {
  return contested.size + deadFiles.length === 0 && !notes.some(({ code }) => code === "aufs-metadata");
}

function entryBytes(entries: readonly Entry[]): number {
  return entries.reduce((sum, { tarBytes }) => sum + tarBytes, 0);
}

function shareOf(layer: Layer, entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + layer.compressedShare(entry), 0);
}

/** Whether the history can record that a layer is gone. */
export function canRemove({ layers, config }: Pick<Image, "layers" | "config">): boolean {
  return (config.history ?? []).length === 0 || historyOfLayers(config.history, layers.length) !== undefined;
}

/**
 * Stored bytes of a layer after its plan. An estimate if it is compressed, because dropped and kept entries were compressed
 * together. `tarBytes` is the size of the new layer's tar.
 */
export function storedAfter(
  layers: readonly Layer[],
  plan: LayerPlan,
  index: number,
  tarBytes = "rewrite" in plan ? plan.rewrite.tarBytes : 0,
): number {
  const layer = itemAt(layers, index);
  if (plan.action === "keep") return layer.compressedBytes;
  if (plan.action !== "rewrite") return 0;
  if (layer.compression === "none") return tarBytes;
  const { sources, rewrite } = plan;
  const left = sources.map((source, member) => {
    const old = itemAt(layers, source);
    return itemAt(rewrite.gone, member).reduce(
      (sum, entry) => sum - old.compressedShare(entry),
      old.compressedBytes,
    );
  });
  return Math.max(
    0,
    left.reduce((sum, bytes) => sum + bytes, 0),
  );
}
