/** What the text and the JSON of `optimize` say alike. */
import { itemAt } from "../../must.ts";
import { clip, count, formatBytes } from "../../format.ts";
import { showPath } from "../../byte-path.ts";
import type { OutputForm } from "../../image/forms.ts";
import type { Referrer } from "../../image/image.ts";
import type { ReportImage } from "../../lint/report.ts";
import type { NewImage } from "../../image/writing/documents.ts";
import type { LayerOutcome, OptimizeResult } from "../../optimize/outcome.ts";
import type { Refusal, RefusalCode } from "../../optimize/plan/refusals.ts";
import type { OptimizedSecret } from "./secrets-after.ts";

export interface OptimizeFacts {
  readonly input: string;
  /** Undefined for a prediction. */
  readonly output: string | undefined;
  readonly form: OutputForm;
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
  readonly secrets: readonly OptimizedSecret[];
  readonly notices: readonly string[];
}

/** Why a layer stays as it is; the path follows where there is one. */
export const refusals: Readonly<Record<RefusalCode, string>> = {
  "cross-layer-hardlink": "a hardlink points into another layer",
  "dangling-hardlink": "a hardlink of this or a later layer has no target",
  "duplicate-path": "it contains a path twice",
  "parent-not-dir": "it has an entry below a path that is not a directory in the layers below",
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

/** What speaks of the index of all platforms is said once. */
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

/** Less tar can take more when it was compressed better before; only who writes it can say that, not a prediction. */
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

/** What not every tool takes, as the lab shows. */
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

/** What speaks of a digest is of no use to an image with another one. */
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

/** What merging costs: a layer is the unit that is kept, pushed and pulled. */
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

/** Content of files that go, and what that means for layers. */
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
