import type { BytePath, Entry, Layer } from "../../image/image.ts";
import { sameAttributes } from "./names.ts";
import type { PlanOptions, Rewrite } from "./plan-layer.ts";
import type { LayerPlan, PlanInput } from "./plan.ts";
import { isPlain, unpack, type Applied } from "./unpacked.ts";

/**
 * A name that runtimes which unpack one layer over the other, and follow symlinks, would see differently after this plan.
 * Where they could not unpack the input at all, nothing changes for them.
 */
export function unpackedOtherwise(
  { layers, isPruned }: Pick<PlanInput, "layers" | "isPruned">,
  options: PlanOptions,
  plans: readonly LayerPlan[],
): BytePath | undefined {
  if (plans.every(({ action }) => action === "keep") || isPlain(layers)) return undefined;
  const before = unpack(layers.map(asItIs));
  if (before === undefined) return undefined;
  const after = unpack(
    plans.flatMap((plan, i) =>
      plan.action === "keep"
        ? [asItIs(layers[i]!)]
        : plan.action === "rewrite"
          ? [rewritten(plan.rewrite)]
          : [],
    ),
  );
  if (after === undefined) return "";
  const wanted = new Map(before);
  const gone = new Set(layers.flatMap(({ entries }, i) => entries.filter((entry) => isPruned(i, entry))));
  for (const [path, entry] of before) if (entry !== undefined && gone.has(entry)) wanted.delete(path);
  const isSame = (a: Entry | undefined, b: Entry | undefined) =>
    a === b ||
    (a !== undefined &&
      b !== undefined &&
      a.kind === b.kind &&
      sameAttributes(a, b) &&
      (a.kind === "dir" || (options.dropIdentical && isSameThing(a, b, options))));
  for (const [path, entry] of after) if (!wanted.has(path) || !isSame(wanted.get(path), entry)) return path;
  for (const path of wanted.keys()) if (!after.has(path)) return path;
  return undefined;
}

function* asItIs({ entries }: Layer): Iterable<Applied> {
  for (const entry of entries) yield { entry, from: entry };
}

function* rewritten({ entries, from }: Rewrite): Iterable<Applied> {
  for (const [i, entry] of entries.entries()) yield { entry, from: from[i]! };
}

function isSameThing(a: Entry, b: Entry, { isSameContent }: PlanOptions): boolean {
  if (a.kind === "file") return isSameContent(a, b);
  return a.link === b.link && a.device?.join() === b.device?.join();
}
