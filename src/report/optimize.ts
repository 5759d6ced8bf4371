import { count, formatBytes, showPath } from "../engine/contract.ts";
import type { Referrer } from "../image/image.ts";
import { reportPath } from "../engine/locate.ts";
import type { ReportImage } from "../engine/report.ts";
import type { NewImage } from "../image/writing/documents.ts";
import type { LayerOutcome, OptimizeResult } from "../optimize/optimize.ts";
import type { Rewrite } from "../optimize/plan/rewrite.ts";
import type { Refusal, RefusalCode } from "../optimize/plan/refusals.ts";
import { baseFoundBy } from "./base-found-by.ts";
import { secretLines, secretsJson, type OptimizedSecret } from "./optimize-secrets.ts";
import { clip, wrap, type Style } from "./style.ts";

export interface OptimizeFacts {
  readonly input: string;
  /** Undefined for a prediction. */
  readonly output: string | undefined;
  readonly form: string;
  /** `os/arch[/variant]` */
  readonly platform: string;
  /** Several platforms are written. */
  readonly isOneOfSeveral: boolean;
  readonly fixedLayers: number;
  /** How the base was found; where that is a guess, only the first layer is kept. */
  readonly foundBy: ReportImage["baseFoundBy"];
  readonly isGuess: boolean;
  /** Layers are stored in another way than they were, because somebody asked for it. */
  readonly recompress: boolean;
  readonly explain: boolean;
  readonly secrets: readonly OptimizedSecret[];
  readonly notices: readonly string[];
}

/** Why a layer stays as it is; the path follows where there is one. */
export const refusals: Readonly<Record<RefusalCode, string>> = {
  "cross-layer-hardlink": "a hardlink leads from one layer into another",
  "dangling-hardlink": "a hardlink of this or a later layer leads nowhere",
  "duplicate-path": "a path is in it twice",
  "parent-not-dir": "something lies below a path that is no directory in the layers below",
  "hardlink-with-size": "a hardlink claims to have data",
  "hardlink-attributes": "names of one file state different attributes",
  sparse: "a sparse file would have to be encoded anew",
  "overlay-xattr": "it has attributes that overlay file systems use themselves",
  "invalid-whiteout": "a whiteout has no valid name",
  "escaping-path": "a path leads out of the image",
  "global-header": "a header speaks for all entries after it",
  "implied-dir": "a directory without entry of its own would disappear",
  "masked-dir": "a directory that one of the layers does not describe would be seen otherwise",
  foreign: "it may not be distributed",
  "unknown-content": "a layer of the image cannot be read, so nobody knows what it hides",
  "unpacked-otherwise":
    "with less in it, runtimes that unpack one layer over the other would see something else",
  windows: "it is a layer for Windows",
};

/** `layerlint optimize` for people: each platform after the other. */
export function optimizeText(
  results: readonly OptimizeResult[],
  facts: readonly OptimizeFacts[],
  style: Style,
): string {
  return eachReferrerOnce(results)
    .map((result, i) => imageText(result, facts[i]!, style))
    .join("\n");
}

/** What speaks of the index of all platforms is said once. */
function eachReferrerOnce(results: readonly OptimizeResult[]): OptimizeResult[] {
  const seen = new Set<string>();
  return results.map((result) => {
    const referrers = result.referrers.filter(({ name }) => !seen.has(name));
    for (const { name } of referrers) seen.add(name);
    return { ...result, referrers };
  });
}

function imageText(result: OptimizeResult, facts: OptimizeFacts, style: Style): string {
  const { chalk, width } = style;
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
    whatOf(layer, facts.explain),
  ]);
  const header =
    written === undefined
      ? ["layer", "stored", "then", "what would be done"]
      : ["layer", "stored", "now", "what was done"];
  const widths = [0, 1, 2].map((i) => Math.max(...[header, ...rows].map((row) => row[i]!.length)));
  const line = (row: readonly string[]) => `  ${widths.map((w, i) => row[i]!.padStart(w)).join("  ")}  `;
  out.push(chalk.dim(`${line(header)}${header[3]}`));
  for (const row of rows) {
    const start = line(row);
    const [first = "", ...others] = wrap(row[3]!, Math.max(30, width - start.length));
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
    // an encrypted layer is the same blob, whatever is in it
    const unread = layers.some(({ plan }) => plan.action === "keep" && isUnknown(plan.why))
      ? "; what cannot be read was taken over as it is"
      : "";
    const content =
      comparedFiles === 0 ? "" : `, ${count(comparedFiles, "file")} in rewritten layers compared by content`;
    out.push(
      ...wrap(
        `proved: ${names === 1 ? "the only name a container sees is" : `all ${count(names, "name")} a container sees are`} the same${pruned.length > 0 ? " but for those that were pruned" : ""}${content}; ${facts.fixedLayers > 0 && isBaseKept(result, facts) ? "configuration and base are" : "the configuration is"} the same${unread}`,
        width,
      ),
      chalk.dim(`  proof digest      ${rootfsDigest}`),
      chalk.dim(`  image ID          ${written.image.configDigest}`),
    );
  }
  const gone = layers.flatMap(({ plan }) => ("rewrite" in plan ? plan.rewrite.pruned : []));
  if (gone.length > 0) {
    out.push("", `pruned: containers no longer see ${count(gone.length, "file")}`);
    for (const path of gone) out.push(clip(`  ${showPath(path)}`, width));
  }
  out.push(...secretLines(facts.secrets, written === undefined, style));
  for (const notice of noticesOf(result, facts)) out.push(...wrap(`note: ${notice}`, width));
  return `${out.join("\n")}\n`;
}

function baseText(result: OptimizeResult, facts: OptimizeFacts): string {
  const { fixedLayers, foundBy } = facts;
  const how = baseFoundBy[foundBy];
  if (result.layers.length === 0) return "none (the image has no layers)";
  if (fixedLayers === 0) return `none (${how})`;
  const found = facts.isGuess ? "nothing shows exactly where it ends; --base says it" : how;
  const kept = fixedLayers === 1 ? "kept as it is" : "kept as they are";
  return `${fixedLayers === 1 ? "layer 0" : `layers 0 to ${fixedLayers - 1}`}, ${isBaseKept(result, facts) ? kept : fixedLayers === 1 ? "not kept" : "not all of them kept"} (${found})`;
}

function isUnknown(why: "base" | "shared" | "clean" | Refusal): boolean {
  return typeof why !== "string" && why.code === "unknown-content";
}

function isBaseKept({ layers }: OptimizeResult, { fixedLayers }: OptimizeFacts): boolean {
  return layers.slice(0, fixedLayers).every(({ plan }) => plan.action === "keep");
}

function noticesOf({ layers, referrers, written }: OptimizeResult, facts: OptimizeFacts): string[] {
  return [
    ...pricesOf(layers, facts.fixedLayers),
    ...(facts.recompress ? [] : grown(layers)),
    ...notCarriedOver(referrers),
    ...(written === undefined ? [] : whoReads(written.image, facts.form)),
    ...facts.notices,
  ];
}

/** Less tar can take more when it was compressed better before; only who writes it can say that, not a prediction. */
function grown(layers: readonly LayerOutcome[]): string[] {
  return layers.flatMap(({ index, plan, after }) => {
    if (plan.action !== "rewrite" || after === undefined) return [];
    const before = plan.sources.reduce((sum, source) => sum + layers[source]!.before.storedBytes, 0);
    if (after.storedBytes <= before) return [];
    return [
      `layer ${index} takes ${formatBytes(after.storedBytes - before)} more although there is less in it: it was compressed harder before; --recompress gzip:9 or zstd:19 does so, too`,
    ];
  });
}

/** What not every tool takes, as the lab shows. */
function whoReads({ layers, tags }: NewImage, form: string): string[] {
  const notices: string[] = [];
  if (layers.some(({ compression, changed }) => changed && compression === "zstd"))
    notices.push("Docker reads zstd layers from version 23 on, containerd from 1.5, Podman from 4");
  if (form === "oci-archive" && tags.length > 1)
    notices.push(
      `an OCI archive with ${tags.length} names is read by tools that can be told one of them, as skopeo and podman pull; podman load cannot: for it, write --to hybrid`,
    );
  return notices;
}

/** What speaks of a digest is of no use to an image with another one. */
function notCarriedOver(referrers: readonly Referrer[]): string[] {
  if (referrers.length === 0) return [];
  const counts = Object.entries(referrerNames).flatMap(([kind, [one, many]]) => {
    const some = referrers.filter((referrer) => referrer.kind === kind);
    return some.length === 0 ? [] : [count(some.length, one, many)];
  });
  const names = referrers.slice(0, 3).map(({ name }) => clip(name, 30));
  const more = referrers.length > 3 ? ", …" : "";
  const [are, it] = referrers.length === 1 ? ["is", "it speaks"] : ["are", "they speak"];
  return [
    `${counts.join(", ")} of the old image (${names.join(", ")}${more}) ${are} not carried over: ${it} of its digest; sign and attest the new image where you need it`,
  ];
}

const referrerNames: Readonly<Record<Referrer["kind"], readonly [one: string, many: string]>> = {
  attestation: ["attestation", "attestations"],
  signature: ["signature", "signatures"],
  sbom: ["bill of materials", "bills of materials"],
  artifact: ["artifact", "artifacts"],
};

/** What merging costs: a layer is the unit that is kept, pushed and pulled. */
function pricesOf(layers: readonly LayerOutcome[], fixedLayers: number): string[] {
  return layers.flatMap(({ plan }) => {
    if (!("sources" in plan) || plan.sources.length < 2) return [];
    const stored = (which: readonly number[]) =>
      formatBytes(which.reduce((sum, i) => sum + layers[i]!.before.storedBytes, 0));
    const base = plan.sources.filter((i) => i < fixedLayers);
    const range = `layers ${plan.sources[0]} to ${plan.sources.at(-1)} are one`;
    return base.length > 0
      ? `${range}: ${stored(base)} of the base in them are shared with no other image any more, and every change of one of them sends all`
      : `${range}: a change of one of them sends all of them again, and hosts that have some of the old ones (${stored(plan.sources)}) fetch the new one whole`;
  });
}

function sums(layers: readonly LayerOutcome[]): [before: number, after: number] {
  return [
    layers.reduce((sum, { before }) => sum + before.storedBytes, 0),
    layers.reduce((sum, { after }) => sum + (after?.storedBytes ?? 0), 0),
  ];
}

/** Content of files that go, and what that means for layers. */
function savedBy(layers: readonly LayerOutcome[]) {
  const [before, after] = sums(layers);
  return {
    contentBytes: layers.reduce(
      (sum, { plan }) => sum + ("rewrite" in plan ? plan.rewrite.droppedBytes : 0),
      0,
    ),
    tarBytes: layers.reduce((sum, layer) => sum + layer.before.tarBytes - (layer.after?.tarBytes ?? 0), 0),
    storedBytes: before - after,
  };
}

function whatOf({ plan, recompressed }: LayerOutcome, explain: boolean): string {
  if (plan.action === "merge") return `merged into layer ${plan.into}`;
  if (plan.action === "keep") {
    const stored = recompressed ? "; stored anew" : "";
    if (plan.why === "base") return `of the base${stored}`;
    if (plan.why === "shared") return `other images have it, too${stored}`;
    if (plan.why !== "clean") return `kept: ${refusalText(plan.why)}${stored}`;
    const apart = plan.apart === undefined ? "" : `; not merged: ${refusalText(plan.apart)}`;
    return `nothing to drop${apart}${stored}`;
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
  if (plan.apart !== undefined) parts.push(`not merged: ${refusalText(plan.apart)}`);
  return parts.join("; ");
}

function listed(text: string, paths: readonly string[], explain: boolean): string {
  return explain ? `${text} (${paths.map(showPath).join(", ")})` : text;
}

function refusalText({ code, path }: Refusal): string {
  return path === undefined ? refusals[code] : `${refusals[code]} (${showPath(path)})`;
}

/** The same as JSON (schema/optimize.schema.json). */
export function optimizeJson(
  results: readonly OptimizeResult[],
  facts: readonly OptimizeFacts[],
  version: string,
): string {
  const images = eachReferrerOnce(results).map((result, i) => imageJson(result, facts[i]!));
  const { input = "", output, form = "" } = facts[0] ?? {};
  return `${JSON.stringify(
    {
      schemaVersion: 1,
      tool: { name: "layerlint", version },
      input,
      output: output ?? null,
      form,
      images,
    },
    undefined,
    2,
  )}\n`;
}

function imageJson(result: OptimizeResult, facts: OptimizeFacts) {
  const { layers, written } = result;
  const [storedBefore, storedAfter] = sums(layers);
  return {
    platform: facts.platform,
    baseLayers: facts.fixedLayers,
    baseFoundBy: facts.foundBy,
    storedBytesBefore: storedBefore,
    storedBytesAfter: storedAfter,
    saved: savedBy(layers),
    layers: layers.map(({ index, plan, before, after, recompressed }) => ({
      index,
      action: plan.action,
      ...(recompressed ? { recompressed } : {}),
      ...planJson(plan),
      before,
      after: after ?? null,
    })),
    proof: written === undefined ? null : { ...written.proof, pruned: written.proof.pruned.map(reportPath) },
    secrets: secretsJson(facts.secrets),
    notCarriedOver: result.referrers,
    notices: noticesOf(result, facts),
  };
}

function planJson(plan: LayerOutcome["plan"]) {
  const notMerged = "apart" in plan && plan.apart !== undefined ? { notMerged: whyOf(plan.apart) } : {};
  if (plan.action === "keep") return { why: whyOf(plan.why), ...notMerged };
  if (plan.action === "merge") return { into: plan.into };
  return {
    ...(plan.sources.length > 1 ? { sources: plan.sources } : {}),
    ...notMerged,
    ...rewriteOf(plan.rewrite),
  };
}

function whyOf(why: "base" | "shared" | "clean" | Refusal) {
  if (typeof why === "string") return { code: why };
  return { code: why.code, text: refusalText(why), ...(why.path === undefined ? {} : reportPath(why.path)) };
}

function rewriteOf(rewrite: Rewrite) {
  const { droppedEntries, droppedBytes, droppedMarkers, promoted, repaired, hiding } = rewrite;
  return {
    droppedEntries,
    droppedBytes,
    droppedMarkers,
    promoted: promoted.map(reportPath),
    repaired: repaired.map(reportPath),
    hiding: hiding.map(reportPath),
    pruned: rewrite.pruned.map(reportPath),
  };
}
