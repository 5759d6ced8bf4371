import type { ImageView } from "../../analysis/subject.ts";
import type { BytePath } from "../../image/image.ts";
import type { Cause, DeadFile, NoteCode } from "../../rootfs/rootfs.ts";
import type { Finding } from "../contract.ts";
import { dropDead, inodesOf } from "./dead-files.ts";
import { evidenceOf, layerName } from "./layer-names.ts";
import { groupRows, inWords, type RowItem } from "./path-rows.ts";

/** A path of one layer that runtimes treat differently. */
export interface PortabilityIssue {
  readonly layer: number;
  readonly path: BytePath;
  /** The file that nobody can see because of it, where there is one. */
  readonly deadFile?: DeadFile;
}

export interface Wording {
  /** What the layer does, for a number of paths: `writes 3 paths through a symlink`. */
  readonly does: (paths: number) => string;
  /** Which runtimes do what with it. */
  readonly effect: string;
  readonly advice: string;
}

/** The notes of one kind, as portabilityIssues. */
export function portabilityIssues({ rootfs }: ImageView, code: NoteCode): PortabilityIssue[] {
  return rootfs.notes.filter((note) => note.code === code).map(({ layer, path }) => ({ layer, path }));
}

/** The files that died of one cause, as portabilityIssues of the layer that killed them. */
export function deadFilesBy({ rootfs }: ImageView, cause: Cause): PortabilityIssue[] {
  return rootfs.deadFiles
    .filter((deadFile) => deadFile.cause === cause)
    .map((deadFile) => ({ layer: deadFile.hiddenIn, path: deadFile.path, deadFile }));
}

/**
 * One finding per layer above the base, and one for all layers of the base together, which is `info`: who builds on a
 * base cannot change it.
 */
export function* portabilityFindings(
  view: ImageView,
  found: readonly PortabilityIssue[],
  wording: Wording,
): Iterable<Finding> {
  const base = view.origins.base.layers;
  const byLayer = new Map<number, PortabilityIssue[]>();
  for (const oddity of found) {
    // -1 stands for the whole base.
    const key = oddity.layer < base ? -1 : oddity.layer;
    const same = byLayer.get(key);
    if (same === undefined) byLayer.set(key, [oddity]);
    else same.push(oddity);
  }
  for (const same of byLayer.values()) yield toFinding(view, same, wording);
}

function toFinding(
  view: ImageView,
  found: readonly PortabilityIssue[],
  { does, effect, advice }: Wording,
): Finding {
  const layers = [...new Set(found.map(({ layer }) => layer))];
  const layer = layers[0] ?? 0;
  const inBase = layer < view.origins.base.layers;
  const paths = new Set(found.map(({ path }) => path));
  const rows = groupRows(rowsOf(found));
  const deadFiles = found.flatMap(({ deadFile }) => deadFile ?? []);
  const bytes = deadFiles.reduce((sum, deadFile) => sum + deadFile.bytes, 0);
  const locations = layers.map((index) => ({
    layer: index,
    path: found.find((oddity) => oddity.layer === index)?.path,
  }));
  return {
    message: `${layerName(view, layer)} ${does(paths.size)}${inWords(rows)}: ${effect}`,
    advice: inBase ? `${advice} The layer is in the base image: only its maintainer can fix it.` : advice,
    ...(deadFiles.length === 0 ? {} : { bytes, inodes: inodesOf(deadFiles) }),
    evidence: inBase ? "layers" : evidenceOf(view, [layer]),
    ...(inBase ? { severity: "info" as const } : {}),
    locations,
    ...rows,
    ...dropDead(view, deadFiles),
  };
}

/** One row item per path, with all bytes that it lost. */
function rowsOf(found: readonly PortabilityIssue[]): Iterable<RowItem> {
  const items = new Map<BytePath, { path: BytePath; bytes: number }>();
  for (const { path, deadFile } of found) {
    const bytes = deadFile?.bytes ?? 0;
    const item = items.get(path);
    if (item === undefined) items.set(path, { path, bytes });
    else item.bytes += bytes;
  }
  return items.values();
}
