/** Plans over sketches, and what they come to. */
import { expect } from "vitest";
import type { Entry, Layer } from "../../src/image/image.ts";
import type { LayerPlan, PlanInput } from "../../src/optimize/plan/layer-plan.ts";
import type { PlanOptions } from "../../src/optimize/plan/plan-layer.ts";
import { planLayers } from "../../src/optimize/plan/plan.ts";
import { applyInOrder } from "../../src/optimize/proof/apply-in-order.ts";
import type { Visible } from "../../src/optimize/proof/visible.ts";
import { sketchLayers } from "../support/sketch.ts";

const noOptions: PlanOptions = { repair: false, dropIdentical: false, isSameContent: () => false };

export function planSketch(
  texts: readonly string[],
  more: Partial<PlanInput & PlanOptions> = {},
): { layers: Layer[]; plans: LayerPlan[]; after: readonly (readonly Entry[])[] } {
  const layers = sketchLayers(texts);
  const input = { layers, os: "linux", fixedLayers: 0, mayRemove: true, isPruned: () => false, ...more };
  const plans = planLayers(input, { ...noOptions, ...more });
  const after = plans.flatMap((plan, i) =>
    plan.action === "remove" || plan.action === "merge"
      ? []
      : [plan.action === "keep" ? layers[i]!.entries : plan.rewrite.entries],
  );
  return { layers, plans, after };
}

/** One word for each layer: its entries, `=` for one that is kept, `!reason` for a refused one, `-` for one that goes, `↓` for one that is merged. */
export function outline({ plans }: { plans: readonly LayerPlan[] }): string[] {
  return plans.map((plan) => {
    if (plan.action === "remove") return "-";
    if (plan.action === "merge") return "↓";
    if (plan.action === "keep") return typeof plan.why === "string" ? "=" : `!${plan.why.code}`;
    return plan.rewrite.entries
      .map(({ path, kind, link }) => `${path}${kind === "dir" ? "/" : kind === "hardlink" ? `≡${link}` : ""}`)
      .join(" ");
  });
}

/** Both stacks show the same, attribute by attribute; data is told apart by where it was in the old layers. */
export function expectSame(layers: readonly Layer[], after: readonly (readonly Entry[])[]): void {
  expect(seen(applyInOrder(after.map((entries) => ({ entries }))))).toEqual(seen(applyInOrder(layers)));
}

function seen(visible: Visible): string[] {
  const firsts = new Map<unknown, string>();
  return [...visible.keys()].toSorted().map((path) => {
    const provider = visible.get(path)!;
    const { entry } = provider;
    if (entry === undefined) return `${path} implied`;
    if (!firsts.has(provider)) firsts.set(provider, path);
    const { kind, mode, uid, gid, mtime, size, link, dataOffset } = entry;
    return JSON.stringify([
      path,
      kind,
      mode,
      uid,
      gid,
      mtime,
      size,
      link,
      dataOffset,
      firsts.get(provider),
      [...(entry.xattrs ?? [])],
    ]);
  });
}
