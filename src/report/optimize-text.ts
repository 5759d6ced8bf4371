/** Formats the text output of `optimize`. */
import type { Masked } from "../app/masker.ts";
import { isGuess } from "../app/rewriting/optimize-facts.ts";
import type {
  KeptBecause,
  OptimizedImage,
  OptimizedLayer,
  OptimizeReport,
} from "../app/rewriting/optimize-report.ts";
import { escapeControls } from "../byte-path.ts";
import { clip, count, formatBytes, visible } from "../format.ts";
import type { ReportPath } from "../lint/report.ts";
import { itemAt } from "../must.ts";
import { baseFoundBy } from "./base-found-by.ts";
import { secretLines } from "./optimize-secrets.ts";
import { wrap, type Style } from "./style.ts";

export interface OptimizeStyle extends Style {
  /** Explain for each layer what was done, or why it was kept. */
  readonly explain: boolean;
}

/** Formats the output of `layerlint optimize`, one platform after the other. */
export function optimizeText(report: Masked<OptimizeReport>, style: OptimizeStyle): string {
  return report.images.map((image) => imageText(report, image, style)).join("\n");
}

function imageText(report: OptimizeReport, image: OptimizedImage, style: OptimizeStyle): string {
  const { chalk, width, explain } = style;
  const { layers, proof, fixedLayers } = image;
  const isPredicted = proof === null;
  const to =
    report.output === null
      ? "  (nothing is written)"
      : ` → ${chalk.bold(visible(report.output))}  ${report.form}`;
  const out = [
    `${chalk.bold(visible(report.input))}${report.images.length > 1 ? ` (${image.platform})` : ""}${to}`,
    chalk.dim(`  base: ${baseText(image)}`),
    "",
  ];
  const about = isPredicted ? "≈ " : "";
  const rows = layers.map((layer) => [
    String(layer.index),
    formatBytes(layer.before.storedBytes),
    layer.after === null
      ? "gone"
      : layer.action === "keep" && layer.recompressed !== true
        ? "same"
        : `${about}${formatBytes(layer.after.storedBytes)}`,
    whatOf(layer, explain),
  ]);
  const header = isPredicted
    ? ["layer", "stored", "then", "what would be done"]
    : ["layer", "stored", "now", "what was done"];
  const widths = [0, 1, 2].map((i) => Math.max(...[header, ...rows].map((row) => itemAt(row, i).length)));
  const line = (row: readonly string[]) =>
    `  ${widths.map((w, i) => itemAt(row, i).padStart(w)).join("  ")}  `;
  out.push(chalk.dim(`${line(header)}${header[3]}`));
  for (const row of rows) {
    const start = line(row);
    const [first = "", ...others] = wrap(itemAt(row, 3), Math.max(30, width - start.length));
    out.push(`${start}${first}`, ...others.map((text) => `${" ".repeat(start.length)}${text}`));
  }
  const { storedBytesBefore: before, storedBytesAfter: after } = image;
  const { contentBytes, tarBytes, storedBytes: saved } = image.saved;
  const share = saved === 0 ? 0 : (Math.abs(saved) / before) * 100;
  const now = `${isPredicted ? "would be" : "now"} ${about}${formatBytes(after)}`;
  out.push(
    "",
    saved === 0
      ? `${now}, as before`
      : `${now} instead of ${formatBytes(before)} (${saved < 0 ? "+" : "−"}${share.toFixed(1)} %)`,
  );
  if (contentBytes !== 0 || tarBytes !== 0)
    out.push(
      `${isPredicted ? "it would save" : "saved"} ${formatBytes(contentBytes)} of content, ${formatBytes(tarBytes)} of tar`,
    );
  if (!isPredicted) {
    const { names, rootfsDigest, comparedFiles, pruned, config } = proof;
    // an encrypted layer is copied without being read
    const unread = layers.some(({ why }) => why?.code === "unknown-content")
      ? "; what cannot be read was copied as it is"
      : "";
    const content =
      comparedFiles === 0 ? "" : `, ${count(comparedFiles, "file")} in rewritten layers compared by content`;
    out.push(
      ...wrap(
        `proved: ${names === 1 ? "the only name a container sees is" : `all ${count(names, "name")} a container sees are`} the same${pruned.length > 0 ? " except for those that were pruned" : ""}${content}; ${fixedLayers > 0 && isBaseKept(image) ? "configuration and base are" : "the configuration is"} the same${unread}`,
        width,
      ),
      chalk.dim(`  proof digest      ${rootfsDigest}`),
      chalk.dim(`  image ID          ${config}`),
    );
  }
  const gone = layers.flatMap(({ pruned = [] }) => pruned);
  if (gone.length > 0) {
    out.push("", `pruned: containers no longer see ${count(gone.length, "file")}`);
    for (const place of explain ? gone.map(shown) : byFolder(gone)) out.push(clip(`  ${place}`, width));
  }
  out.push(...secretLines(image.secrets, isPredicted, style));
  for (const notice of image.notices) out.push(...wrap(`note: ${visible(notice)}`, width));
  return `${out.join("\n")}\n`;
}

/** Folders that are listed at most, unless every file is explained. */
const FOLDERS = 10;
/** Components of a folder that is joined first. */
const DEPTH = 8;

/** Returns one line for each folder with pruned files; deep folders are joined until few are left. */
function byFolder(paths: readonly ReportPath[]): string[] {
  let folders = new Map<string, { files: number; only: ReportPath }>();
  const add = (folder: string, files: number, only: ReportPath) => {
    const same = folders.get(folder);
    folders.set(folder, { files: files + (same?.files ?? 0), only });
  };
  for (const only of paths) add(only.path.slice(0, Math.max(0, only.path.lastIndexOf("/"))), 1, only);
  for (let depth = DEPTH; depth >= 2 && folders.size > FOLDERS; depth--) {
    const all = folders;
    folders = new Map();
    for (const [folder, { files, only }] of all)
      add(folder.split("/").slice(0, depth).join("/"), files, only);
  }
  return [...folders].map(([path, { files, only }]) =>
    files === 1 ? shown(only) : `${shown({ path })}/: ${count(files, "file")}`,
  );
}

function baseText(image: OptimizedImage): string {
  const { fixedLayers, baseLayers, layers } = image;
  const how = baseFoundBy[image.baseFoundBy];
  if (layers.length === 0) return "none (the image has no layers)";
  if (fixedLayers === 0) return `none (${how})`;
  const guess = baseLayers > fixedLayers ? ` (probably layer ${baseLayers - 1})` : "";
  const found = isGuess(image.baseFoundBy) ? `its exact end is unknown${guess}; --base sets it` : how;
  const kept = fixedLayers === 1 ? "kept as it is" : "kept as they are";
  return `${fixedLayers === 1 ? "layer 0" : `layers 0 to ${fixedLayers - 1}`}, ${isBaseKept(image) ? kept : fixedLayers === 1 ? "not kept" : "not all of them kept"} (${found})`;
}

function isBaseKept({ layers, fixedLayers }: OptimizedImage): boolean {
  return layers.slice(0, fixedLayers).every(({ action }) => action === "keep");
}

function whatOf(layer: OptimizedLayer, explain: boolean): string {
  const { action, why, notMerged, sources = [], pruned = [] } = layer;
  const { droppedEntries = 0, droppedBytes = 0, droppedMarkers = 0 } = layer;
  const { promoted = [], repaired = [], hiding = [] } = layer;
  const unmerged = notMerged === undefined ? [] : [`not merged: ${textOf(notMerged)}`];
  if (action === "merge") return `merged into layer ${layer.into}`;
  if (action === "keep") {
    const stored = layer.recompressed === true ? "; stored anew" : "";
    if (why?.code === "base") return `of the base${stored}`;
    if (why?.code === "shared") return `shared with other images${stored}`;
    if (why !== undefined && why.code !== "clean") return `kept: ${textOf(why)}${stored}`;
    return `${["nothing to drop", ...unmerged].join("; ")}${stored}`;
  }
  const parts: string[] = [];
  if (sources.length > 1) parts.push(`${count(sources.length, "layer")} as one`);
  if (droppedEntries > 0)
    parts.push(`dropped ${formatBytes(droppedBytes)} in ${count(droppedEntries, "entry", "entries")}`);
  if (pruned.length > 0) parts.push(`${count(pruned.length, "name")} of them pruned`);
  if (droppedMarkers > 0) parts.push(`dropped ${count(droppedMarkers, "whiteout")} that hid nothing`);
  if (promoted.length > 0)
    parts.push(listed(`${count(promoted.length, "hardlink")} took over the data`, promoted, explain));
  if (repaired.length > 0)
    parts.push(listed(`${count(repaired.length, "marker")} repaired`, repaired, explain));
  if (hiding.length > 0)
    parts.push(listed(`${count(hiding.length, "file")} became a whiteout`, hiding, explain));
  if (action === "remove") parts.push("nothing else was in it");
  return [...parts, ...unmerged].join("; ");
}

function textOf({ text = "" }: KeptBecause): string {
  return visible(text);
}

function listed(text: string, paths: readonly ReportPath[], explain: boolean): string {
  return explain ? `${text} (${paths.map(shown).join(", ")})` : text;
}

function shown({ path }: ReportPath): string {
  return `/${escapeControls(path)}`;
}
