/** Formats the text output of `optimize`. */
import {
  eachReferrerOnce,
  noticesOf,
  refusalText,
  savedBy,
  sums,
  type OptimizeFacts,
} from "../app/rewriting/optimize-facts.ts";
import { asBytePath, type BytePath, parentOf, showPath } from "../byte-path.ts";
import { clip, count, formatBytes } from "../format.ts";
import { maskSecrets } from "../knowledge/secrets/secrets.ts";
import { itemAt } from "../must.ts";
import type { LayerOutcome, OptimizeResult } from "../optimize/outcome.ts";
import type { Refusal } from "../optimize/plan/refusals.ts";
import { baseFoundBy } from "./base-found-by.ts";
import { secretLines } from "./optimize-secrets.ts";
import { wrap, type Style } from "./style.ts";

export interface OptimizeStyle extends Style {
  /** Explain for each layer what was done, or why it was kept. */
  readonly explain: boolean;
}

/** Formats the output of `layerlint optimize`, one platform after the other. */
export function optimizeText(
  results: readonly OptimizeResult[],
  facts: readonly OptimizeFacts[],
  style: OptimizeStyle,
): string {
  const text = eachReferrerOnce(results)
    .map((result, i) => imageText(result, itemAt(facts, i), style))
    .join("\n");
  return maskSecrets(text);
}

function imageText(result: OptimizeResult, facts: OptimizeFacts, style: OptimizeStyle): string {
  const { chalk, width, explain } = style;
  const { layers, written } = result;
  const out = [
    `${chalk.bold(facts.input)}${facts.isOneOfSeveral ? ` (${facts.platform})` : ""}${facts.output === undefined ? "  (nothing is written)" : ` → ${chalk.bold(facts.output)}  ${facts.form}`}`,
    chalk.dim(`  base: ${baseText(result, facts)}`),
    "",
  ];
  const about = written === undefined ? "≈ " : "";
  const rows = layers.map((layer) => [
    String(layer.index),
    formatBytes(layer.before.storedBytes),
    layer.after === undefined
      ? "gone"
      : layer.plan.action === "keep" && !layer.recompressed
        ? "same"
        : `${about}${formatBytes(layer.after.storedBytes)}`,
    whatOf(layer, explain),
  ]);
  const header =
    written === undefined
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
  const [before, after] = sums(layers);
  const saved = before - after;
  const { contentBytes, tarBytes } = savedBy(layers);
  const share = saved === 0 ? 0 : (Math.abs(saved) / before) * 100;
  const now = `${written === undefined ? "would be" : "now"} ${about}${formatBytes(after)}`;
  out.push(
    "",
    saved === 0
      ? `${now}, as before`
      : `${now} instead of ${formatBytes(before)} (${saved < 0 ? "+" : "−"}${share.toFixed(1)} %)`,
  );
  if (contentBytes !== 0 || tarBytes !== 0)
    out.push(
      `${written === undefined ? "it would save" : "saved"} ${formatBytes(contentBytes)} of content, ${formatBytes(tarBytes)} of tar`,
    );
  if (written !== undefined) {
    const { names, rootfsDigest, comparedFiles, pruned } = written.proof;
    // an encrypted layer is copied without being read
    const unread = layers.some(({ plan }) => plan.action === "keep" && isUnknown(plan.why))
      ? "; what cannot be read was copied as it is"
      : "";
    const content =
      comparedFiles === 0 ? "" : `, ${count(comparedFiles, "file")} in rewritten layers compared by content`;
    out.push(
      ...wrap(
        `proved: ${names === 1 ? "the only name a container sees is" : `all ${count(names, "name")} a container sees are`} the same${pruned.length > 0 ? " except for those that were pruned" : ""}${content}; ${facts.fixedLayers > 0 && isBaseKept(result, facts) ? "configuration and base are" : "the configuration is"} the same${unread}`,
        width,
      ),
      chalk.dim(`  proof digest      ${rootfsDigest}`),
      chalk.dim(`  image ID          ${written.image.configDigest}`),
    );
  }
  const gone = layers.flatMap(({ plan }) => ("rewrite" in plan ? plan.rewrite.pruned : []));
  if (gone.length > 0) {
    out.push("", `pruned: containers no longer see ${count(gone.length, "file")}`);
    for (const place of explain ? gone.map(showPath) : byFolder(gone)) out.push(clip(`  ${place}`, width));
  }
  out.push(...secretLines(facts.secrets, written === undefined, style));
  for (const notice of noticesOf(result, facts)) out.push(...wrap(`note: ${notice}`, width));
  return `${out.join("\n")}\n`;
}

/** Folders that are listed at most, unless every file is explained. */
const FOLDERS = 10;
/** Components of a folder that is joined first. */
const DEPTH = 8;

/** Returns one line for each folder with pruned files; deep folders are joined until few are left. */
function byFolder(paths: readonly BytePath[]): string[] {
  let folders = new Map<BytePath, { files: number; only: BytePath }>();
  const add = (folder: BytePath, files: number, only: BytePath) => {
    const same = folders.get(folder);
    folders.set(folder, { files: files + (same?.files ?? 0), only });
  };
  for (const path of paths) add(parentOf(path), 1, path);
  for (let depth = DEPTH; depth >= 2 && folders.size > FOLDERS; depth--) {
    const all = folders;
    folders = new Map();
    for (const [folder, { files, only }] of all)
      add(asBytePath(folder.split("/").slice(0, depth).join("/")), files, only);
  }
  return [...folders].map(([folder, { files, only }]) =>
    files === 1 ? showPath(only) : `${showPath(folder)}/: ${count(files, "file")}`,
  );
}

function baseText(result: OptimizeResult, facts: OptimizeFacts): string {
  const { fixedLayers, baseLayers, foundBy } = facts;
  const how = baseFoundBy[foundBy];
  if (result.layers.length === 0) return "none (the image has no layers)";
  if (fixedLayers === 0) return `none (${how})`;
  const guess = baseLayers > fixedLayers ? ` (probably layer ${baseLayers - 1})` : "";
  const found = facts.isGuess ? `its exact end is unknown${guess}; --base sets it` : how;
  const kept = fixedLayers === 1 ? "kept as it is" : "kept as they are";
  return `${fixedLayers === 1 ? "layer 0" : `layers 0 to ${fixedLayers - 1}`}, ${isBaseKept(result, facts) ? kept : fixedLayers === 1 ? "not kept" : "not all of them kept"} (${found})`;
}

function isUnknown(why: "base" | "shared" | "clean" | Refusal): boolean {
  return typeof why !== "string" && why.code === "unknown-content";
}

function isBaseKept({ layers }: OptimizeResult, { fixedLayers }: OptimizeFacts): boolean {
  return layers.slice(0, fixedLayers).every(({ plan }) => plan.action === "keep");
}

function whatOf({ plan, recompressed }: LayerOutcome, explain: boolean): string {
  if (plan.action === "merge") return `merged into layer ${plan.into}`;
  if (plan.action === "keep") {
    const stored = recompressed ? "; stored anew" : "";
    if (plan.why === "base") return `of the base${stored}`;
    if (plan.why === "shared") return `shared with other images${stored}`;
    if (plan.why !== "clean") return `kept: ${refusalText(plan.why)}${stored}`;
    const notMerged = plan.notMerged === undefined ? "" : `; not merged: ${refusalText(plan.notMerged)}`;
    return `nothing to drop${notMerged}${stored}`;
  }
  const { rewrite } = plan;
  const parts: string[] = [];
  if (plan.sources.length > 1) parts.push(`${count(plan.sources.length, "layer")} as one`);
  if (rewrite.droppedEntries > 0)
    parts.push(
      `dropped ${formatBytes(rewrite.droppedBytes)} in ${count(rewrite.droppedEntries, "entry", "entries")}`,
    );
  if (rewrite.pruned.length > 0) parts.push(`${count(rewrite.pruned.length, "name")} of them pruned`);
  if (rewrite.droppedMarkers > 0)
    parts.push(`dropped ${count(rewrite.droppedMarkers, "whiteout")} that hid nothing`);
  if (rewrite.promoted.length > 0)
    parts.push(
      listed(`${count(rewrite.promoted.length, "hardlink")} took over the data`, rewrite.promoted, explain),
    );
  if (rewrite.repaired.length > 0)
    parts.push(listed(`${count(rewrite.repaired.length, "marker")} repaired`, rewrite.repaired, explain));
  if (rewrite.hiding.length > 0)
    parts.push(listed(`${count(rewrite.hiding.length, "file")} became a whiteout`, rewrite.hiding, explain));
  if (plan.action === "remove") parts.push("nothing else was in it");
  if (plan.notMerged !== undefined) parts.push(`not merged: ${refusalText(plan.notMerged)}`);
  return parts.join("; ");
}

function listed(text: string, paths: readonly BytePath[], explain: boolean): string {
  return explain ? `${text} (${paths.map(showPath).join(", ")})` : text;
}
