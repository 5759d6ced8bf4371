import { reportPath } from "../lint/locate.ts";
import type { LayerOutcome, OptimizeResult } from "../optimize/outcome.ts";
import type { Refusal } from "../optimize/plan/refusals.ts";
import type { Rewrite } from "../optimize/plan/rewrite.ts";
import {
  eachReferrerOnce,
  noticesOf,
  refusalText,
  savedBy,
  sums,
  type OptimizeFacts,
} from "./optimize-facts.ts";
import { secretsJson } from "./optimize-secrets.ts";

/** `layerlint optimize` as JSON (schema/optimize.schema.json). */
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
