/** The report of `layerlint optimize --format json` (schema/optimize.schema.json). */
import { defined } from "../../defined.ts";
import type { OutputForm } from "../../image/forms.ts";
import type { Referrer } from "../../image/image.ts";
import { reportPath } from "../../lint/locate.ts";
import type { ReportImage, ReportPath } from "../../lint/report.ts";
import { itemAt } from "../../must.ts";
import type { LayerOutcome, OptimizeResult } from "../../optimize/outcome.ts";
import type { Refusal, RefusalCode } from "../../optimize/plan/refusals.ts";
import type { Rewrite } from "../../optimize/plan/rewrite.ts";
import type { Masked, Masker } from "../masker.ts";
import { version } from "../version.ts";
import {
  eachReferrerOnce,
  noticesOf,
  refusalText,
  savedBy,
  sums,
  type OptimizeFacts,
} from "./optimize-facts.ts";
import type { OptimizedSecret } from "./secrets-after.ts";

/** The outcome of `optimize`. Layers count from 0, sizes are bytes. */
export interface OptimizeReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "layerlint"; readonly version: string };
  readonly input: string;
  /** Null for a dry run. */
  readonly output: string | null;
  readonly form: OutputForm;
  /** One image; for `platform: "all"` one for each platform. */
  readonly images: readonly OptimizedImage[];
}

export interface OptimizedImage {
  /** `os/arch[/variant]` */
  readonly platform: string;
  /** Number of base layers, as `lint` and `inspect` report it. */
  readonly baseLayers: number;
  /** Number of layers that are not changed: those of the base, or only the first one if the end of the base is a guess. */
  readonly fixedLayers: number;
  readonly baseFoundBy: ReportImage["baseFoundBy"];
  readonly storedBytesBefore: number;
  /** An estimate for a dry run. */
  readonly storedBytesAfter: number;
  readonly saved: { readonly contentBytes: number; readonly tarBytes: number; readonly storedBytes: number };
  readonly layers: readonly OptimizedLayer[];
  /** Null for a dry run. */
  readonly proof: OptimizeProof | null;
  /** The secrets, without their values. */
  readonly secrets: readonly ReportedSecret[];
  /** Artifacts that refer to the old image by its digest. */
  readonly notCarriedOver: readonly Referrer[];
  readonly notices: readonly string[];
}

export interface OptimizedLayer {
  readonly index: number;
  readonly action: "keep" | "rewrite" | "remove" | "merge";
  /** True if the same tar was compressed again. */
  readonly recompressed?: true;
  /** Why the layer is kept. */
  readonly why?: KeptBecause;
  /** Why the layer was not merged although the user asked for it. */
  readonly notMerged?: KeptBecause;
  /** Index of the layer that has its content now. */
  readonly into?: number;
  /** Indexes of the layers it was made from; absent for a single one. */
  readonly sources?: readonly number[];
  readonly droppedEntries?: number;
  readonly droppedBytes?: number;
  readonly droppedMarkers?: number;
  readonly promoted?: readonly ReportPath[];
  readonly repaired?: readonly ReportPath[];
  readonly hiding?: readonly ReportPath[];
  readonly pruned?: readonly ReportPath[];
  readonly before: OptimizedSize;
  /** Null for a layer that was removed. */
  readonly after: OptimizedSize | null;
}

export interface OptimizedSize {
  /** Absent for a layer that a dry run does not make. */
  readonly diffId?: string;
  readonly storedBytes: number;
  readonly tarBytes: number;
}

export interface KeptBecause extends Partial<ReportPath> {
  readonly code: "base" | "shared" | "clean" | RefusalCode;
  readonly text?: string;
}

/** The proof that containers see the same; `pruned` are the names that they no longer see. */
export interface OptimizeProof {
  readonly rootfsDigest: string;
  readonly names: number;
  /** Files that were compared by content; all others are the same bytes of the same layer. */
  readonly comparedFiles: number;
  readonly pruned: readonly ReportPath[];
  readonly baseDiffIds: readonly string[];
  /** Digest of the configuration. */
  readonly config: string;
  readonly layers: readonly { readonly diffId: string; readonly digest?: string | undefined }[];
}

/** A secret: the file of a layer, or a phrase for its place in the configuration. */
export interface ReportedSecret extends Partial<ReportPath> {
  readonly what: string;
  readonly where?: string;
  readonly layer?: number;
  readonly inBase?: boolean;
  readonly removed: boolean;
}

export function optimizeReport(
  results: readonly OptimizeResult[],
  facts: readonly OptimizeFacts[],
  masker: Masker,
): Masked<OptimizeReport> {
  const [first] = facts;
  if (first === undefined) throw new Error("a report is about one image at least: a bug");
  const report: OptimizeReport = {
    schemaVersion: 1,
    tool: { name: "layerlint", version },
    input: first.input,
    output: first.output ?? null,
    form: first.form,
    images: eachReferrerOnce(results).map((result, i) => imageOf(result, itemAt(facts, i))),
  };
  return masker.data(report);
}

function imageOf(result: OptimizeResult, facts: OptimizeFacts): OptimizedImage {
  const { layers, written } = result;
  const [storedBytesBefore, storedBytesAfter] = sums(layers);
  return {
    platform: facts.platform,
    baseLayers: facts.baseLayers,
    fixedLayers: facts.fixedLayers,
    baseFoundBy: facts.foundBy,
    storedBytesBefore,
    storedBytesAfter,
    saved: savedBy(layers),
    layers: layers.map(layerOf),
    proof: written === undefined ? null : { ...written.proof, pruned: written.proof.pruned.map(reportPath) },
    secrets: facts.secrets.map(secretOf),
    notCarriedOver: result.referrers,
    notices: noticesOf(result, facts),
  };
}

function layerOf({ index, plan, before, after, recompressed }: LayerOutcome): OptimizedLayer {
  return {
    index,
    action: plan.action,
    ...(recompressed ? { recompressed } : {}),
    ...planOf(plan),
    before: sizeOf(before),
    after: after === undefined ? null : sizeOf(after),
  };
}

function sizeOf({ diffId, storedBytes, tarBytes }: LayerOutcome["before"]): OptimizedSize {
  return { ...defined({ diffId }), storedBytes, tarBytes };
}

function planOf(plan: LayerOutcome["plan"]) {
  const notMerged =
    "notMerged" in plan && plan.notMerged !== undefined ? { notMerged: whyOf(plan.notMerged) } : {};
  if (plan.action === "keep") return { why: whyOf(plan.why), ...notMerged };
  if (plan.action === "merge") return { into: plan.into };
  return {
    ...(plan.sources.length > 1 ? { sources: plan.sources } : {}),
    ...notMerged,
    ...rewriteOf(plan.rewrite),
  };
}

function whyOf(why: "base" | "shared" | "clean" | Refusal): KeptBecause {
  if (typeof why === "string") return { code: why };
  const place = why.path === undefined ? undefined : reportPath(why.path);
  return { code: why.code, text: refusalText(why), ...place };
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

function secretOf({ what, place, isGone }: OptimizedSecret): ReportedSecret {
  return {
    what,
    ...(typeof place === "string"
      ? { where: place }
      : { ...reportPath(place.path), layer: place.layer, inBase: place.inBase }),
    removed: isGone,
  };
}
