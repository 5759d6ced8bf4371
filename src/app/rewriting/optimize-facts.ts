/** Facts about a rewrite that both the text and the JSON of `optimize` report. */
import { showPath } from "../../byte-path.ts";
import { clip, count, formatBytes } from "../../format.ts";
import type { OutputForm } from "../../image/forms.ts";
import type { Referrer } from "../../image/image.ts";
import type { NewImage } from "../../image/writing/documents.ts";
import type { ReportImage } from "../../lint/report.ts";
import { itemAt } from "../../must.ts";
import type { LayerOutcome, OptimizeResult } from "../../optimize/outcome.ts";
import type { Refusal, RefusalCode } from "../../optimize/plan/refusals.ts";
import type { OptimizedSecret } from "./secrets-after.ts";

export { isGuess } from "../../origin/origins.ts";

export interface OptimizeFacts {
  readonly input: string;
  /** Path of the output; undefined for a prediction. */
  readonly output: string | undefined;
  readonly form: OutputForm;
  /** `os/arch[/variant]` */
  readonly platform: string;
  /** Layers that are kept as they are: all of the base, or only the first one if its end is a guess. */
  readonly fixedLayers: number;
  /** Layers of the base, as `lint` and `inspect` report them. */
  readonly baseLayers: number;
  /** How the base was found. */
  readonly foundBy: ReportImage["baseFoundBy"];
  /** True if the user asked for another compression. */
  readonly recompress: boolean;
  readonly secrets: readonly OptimizedSecret[];
  readonly notices: readonly string[];
}

/** Reasons for keeping a layer; the path, if any, follows. */
export const refusals: Readonly<Record<RefusalCode, string>> = {
  "cross-layer-hardlink": "a hardlink points into another layer",
  "dangling-hardlink": "a hardlink of this or a later layer has no target",
  "duplicate-path": "it contains a path twice",
  "parent-not-dir": "it has an entry below a path that is not a directory",
  "hardlink-with-size": "a hardlink claims to have data",
  "hardlink-attributes": "hardlinks of one file have different attributes",
  sparse: "a sparse file would have to be re-encoded",
  "overlay-xattr": "it has attributes that overlay file systems use internally",
  "invalid-whiteout": "a whiteout has no valid name",
  "escaping-path": "a path leads out of the image",
  "global-header": "a header applies to all entries after it",
  "implied-dir": "a directory without an entry of its own would disappear",
  "masked-dir": "a directory that one of the layers does not describe would look different",
  foreign: "it must not be distributed",
  "unknown-content": "a layer of the image cannot be read, so it is unknown what it hides",
  "unpacked-otherwise":
    "runtimes that unpack one layer over the other would see other files if entries were dropped",
  windows: "it is a layer for Windows",
};

/** Keeps each referrer of the index of all platforms once. */
export function eachReferrerOnce(results: readonly OptimizeResult[]): OptimizeResult[] {
  const seen = new Set<string>();
  return results.map((result) => {
    const referrers = result.referrers.filter(({ name }) => !seen.has(name));
    for (const { name } of referrers) seen.add(name);
    return { ...result, referrers };
  });
}

export function noticesOf({ layers, referrers, written }: OptimizeResult, facts: OptimizeFacts): string[] {
  return [
    ...pricesOf(layers, facts.fixedLayers),
    ...(facts.recompress ? [] : grown(layers)),
    ...notCarriedOver(referrers),
    ...(written === undefined ? [] : whoReads(written.image, facts.form)),
    ...facts.notices,
  ];
}

/**
 * Returns notices about layers that grew: a smaller tar may compress to more bytes if the old one was compressed
 * better. A prediction cannot know this.
 */
function grown(layers: readonly LayerOutcome[]): string[] {
  return layers.flatMap(({ index, plan, after }) => {
    if (plan.action !== "rewrite" || after === undefined) return [];
    const before = plan.sources.reduce((sum, source) => sum + itemAt(layers, source).before.storedBytes, 0);
    if (after.storedBytes <= before) return [];
    return [
      `layer ${index} takes ${formatBytes(after.storedBytes - before)} more although it holds less, because it was compressed harder before; try --recompress gzip:9 or zstd:19`,
    ];
  });
}

/** Returns notices about outputs that some tools cannot read (measured by test/lab). */
function whoReads({ layers, tags }: NewImage, form: string): string[] {
  const notices: string[] = [];
  if (layers.some(({ compression, changed }) => changed && compression === "zstd"))
    notices.push("Docker reads zstd layers from version 23 on, containerd from 1.5, Podman from 4");
  if (form === "oci-archive" && tags.length > 1)
    notices.push(
      `an OCI archive with ${tags.length} names needs a tool that can select one of them, such as skopeo or podman pull; for podman load, use --to hybrid`,
    );
  return notices;
}

/** Returns notices about referrers, which do not apply to an image with another digest. */
function notCarriedOver(referrers: readonly Referrer[]): string[] {
  if (referrers.length === 0) return [];
  const counts = Object.entries(referrerNames).flatMap(([kind, [one, many]]) => {
    const some = referrers.filter((referrer) => referrer.kind === kind);
    return some.length === 0 ? [] : [count(some.length, one, many)];
  });
  const names = referrers.slice(0, 3).map(({ name }) => clip(name, 30));
  const more = referrers.length > 3 ? ", …" : "";
  const [are, it] = referrers.length === 1 ? ["is", "it refers"] : ["are", "they refer"];
  return [
    `${counts.join(", ")} of the old image (${names.join(", ")}${more}) ${are} not carried over: ${it} to its digest; sign and attest the new image where you need it`,
  ];
}

const referrerNames: Readonly<Record<Referrer["kind"], readonly [one: string, many: string]>> = {
  attestation: ["attestation", "attestations"],
  signature: ["signature", "signatures"],
  sbom: ["bill of materials", "bills of materials"],
  artifact: ["artifact", "artifacts"],
};

/** Returns notices about the cost of merging: a layer is the unit that is cached, pushed and pulled. */
function pricesOf(layers: readonly LayerOutcome[], fixedLayers: number): string[] {
  return layers.flatMap(({ plan }) => {
    if (!("sources" in plan) || plan.sources.length < 2) return [];
    const stored = (which: readonly number[]) =>
      formatBytes(which.reduce((sum, i) => sum + itemAt(layers, i).before.storedBytes, 0));
    const base = plan.sources.filter((i) => i < fixedLayers);
    const range = `layers ${plan.sources[0]} to ${plan.sources.at(-1)} are one`;
    return base.length > 0
      ? `${range}: ${stored(base)} of the base in them are no longer shared with any other image, and every change to one of them transfers all`
      : `${range}: a change to one of them transfers all of them again, and hosts that have some of the old ones (${stored(plan.sources)}) download the whole new one`;
  });
}

export function sums(layers: readonly LayerOutcome[]): [before: number, after: number] {
  return [
    layers.reduce((sum, { before }) => sum + before.storedBytes, 0),
    layers.reduce((sum, { after }) => sum + (after?.storedBytes ?? 0), 0),
  ];
}

/** Sums what is saved: content of dropped files, tar bytes and stored bytes. */
export function savedBy(layers: readonly LayerOutcome[]) {
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

export function refusalText({ code, path }: Refusal): string {
  return path === undefined ? refusals[code] : `${refusals[code]} (${showPath(path)})`;
}
