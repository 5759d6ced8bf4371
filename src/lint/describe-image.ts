/** Describes an image for the report: totals, layers, and the largest dead files. */
import { upgradedFiles } from "../analysis/packages/upgraded-files.ts";
import type { ImageView, Subject } from "../analysis/subject.ts";
import type { BytePath } from "../byte-path.ts";
import { defined } from "../defined.ts";
import { formatPlatform } from "../image/image.ts";
import { itemAt } from "../must.ts";
import type { DeadFile, LiveFile } from "../rootfs/rootfs.ts";
import { totals, type Totals } from "../rootfs/totals.ts";
import { reportPath } from "./locate.ts";
import type { ReportImage, ReportLayer, ReportSavings } from "./report.ts";

const deadShown = 100;
const largestShown = 3;

interface HowMuch {
  /** Lists every dead file instead of the largest 100. */
  readonly all: boolean;
  /** What rewriting the image would save; undefined if that was not planned. */
  readonly savings?: ReportSavings | undefined;
}

export function describeImage(view: ImageView, subject: Subject, { all, savings }: HowMuch): ReportImage {
  const { image, rootfs, origins } = view;
  const sums = totals(rootfs, image.layers, {
    baseLayers: origins.base.layers,
    fixedLayers: view.fixedLayers,
    upgraded: upgradedFiles(view),
  });
  const largest = largestByLayer(rootfs.live, view, all);
  const deadFiles = largestDeadFiles(rootfs.deadFiles, all ? Infinity : deadShown);
  return {
    // the report's name for this format, kept for compatibility
    format: image.format === "oci" ? "oci-layout" : image.format,
    platform: formatPlatform(image.config.platform),
    digest: image.digest ?? image.configDigest,
    tags: image.tags,
    baseLayers: origins.base.layers,
    baseFoundBy: origins.base.foundBy,
    fixedLayers: view.fixedLayers,
    totals: {
      contentBytes: rootfs.contentBytes,
      deadBytes: rootfs.deadBytes,
      // of layers that optimize refuses to change, nothing is
      reclaimableBytes: savings?.contentBytes ?? sums.reclaimableBytes,
      avoidableBytes: sums.avoidableBytes,
      upgradedBytes: sums.upgradedBytes,
      liveBytes: rootfs.liveBytes,
      compressedBytes: image.layers.reduce((sum, layer) => sum + layer.compressedBytes, 0),
      reclaimableCompressedBytes: sums.reclaimableCompressedBytes,
      aboveBaseBytes: sums.aboveBaseBytes,
      efficiency: rootfs.contentBytes === 0 ? 1 : rootfs.liveBytes / rootfs.contentBytes,
    },
    ...defined({ savings }),
    layers: image.layers.map((layer, i) => describeLayer(view, subject, sums, i, largest[i] ?? [])),
    dead: deadFiles.map(({ path, bytes, addedIn, hiddenIn, cause }) => ({
      ...reportPath(path),
      bytes,
      addedIn,
      killedIn: hiddenIn,
      cause,
    })),
    deadCount: rootfs.deadFiles.length,
    notes: rootfs.notes.map(({ code, layer, path }) => ({ code, layer, ...reportPath(path) })),
  };
}

function describeLayer(
  view: ImageView,
  subject: Subject,
  sums: Totals,
  index: number,
  largest: ReportLayer["largest"],
): ReportLayer {
  const layer = itemAt(view.image.layers, index);
  const origin = view.origins.layers[index];
  const figures = sums.layers[index];
  const instruction = subject.linked ? origin?.instruction : undefined;
  return {
    index,
    diffId: layer.diffId,
    digest: layer.digest ?? null,
    createdBy: origin?.createdBy ?? null,
    ...(instruction === undefined || origin === undefined
      ? {}
      : {
          instruction: {
            line: instruction.line,
            endLine: (origin.lastInstruction ?? instruction).endLine,
            certainty: origin.certainty,
          },
        }),
    contentBytes: figures?.contentBytes ?? 0,
    tarBytes: layer.tarBytes,
    compressedBytes: layer.compressedBytes,
    compression: layer.compression,
    deadBytes: figures?.deadBytes ?? 0,
    entries: layer.entries.length,
    inBase: index < view.origins.base.layers,
    ...(layer.missing ? { missing: true as const } : {}),
    largest,
  };
}

/** Returns the `count` largest dead files, largest first, without sorting all of them. */
function largestDeadFiles(deadFiles: readonly DeadFile[], count: number): DeadFile[] {
  const bySize = (a: DeadFile, b: DeadFile) =>
    b.bytes - a.bytes || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.addedIn - b.addedIn);
  let largest: DeadFile[] = [];
  let least = 0;
  for (const deadFile of deadFiles) {
    if (deadFile.bytes < least) continue;
    largest.push(deadFile);
    if (largest.length < 10 * count) continue;
    largest = largest.toSorted(bySize).slice(0, count);
    least = largest.at(-1)?.bytes ?? 0;
  }
  return largest.toSorted(bySize).slice(0, count);
}

/** Returns the largest files of each layer, live or dead, without sorting all of them. */
function largestByLayer(live: readonly LiveFile[], view: ImageView, all: boolean): ReportLayer["largest"][] {
  const top: { path: BytePath; bytes: number }[][] = view.image.layers.map(() => []);
  const limit = all ? 10 : largestShown;
  const offer = (layer: number, file: LiveFile | DeadFile, bytes: number) => {
    const list = top[layer];
    if (list === undefined || bytes === 0 || (list.length === limit && bytes <= (list.at(-1)?.bytes ?? 0)))
      return;
    let at = list.length;
    while (at > 0 && (list[at - 1]?.bytes ?? 0) < bytes) at--;
    const path = "paths" in file ? (file.paths[0] ?? file.entry.path) : file.path;
    list.splice(at, 0, { path, bytes });
    if (list.length > limit) list.pop();
  };
  for (const file of live) offer(file.layer, file, file.entry.size);
  for (const deadFile of view.rootfs.deadFiles) offer(deadFile.addedIn, deadFile, deadFile.bytes);
  return top.map((list) => list.map(({ path, bytes }) => ({ ...reportPath(path), bytes })));
}
