/** Whether runtimes that unpack layers into one folder would see something else after a plan. */
import { pathIn, rootPath } from "../../byte-path.ts";
import type { BytePath, Entry, Layer } from "../../image/image.ts";
import { itemAt } from "../../must.ts";
import { sameAttributes } from "../../rootfs/attributes.ts";
import type { LayerPlan, PlanInput } from "./layer-plan.ts";
import type { PlanOptions } from "./plan-layer.ts";
import type { Rewrite } from "./rewrite.ts";
import { isPlain, unpack, type Applied, type UnpackedNode } from "./unpacked.ts";

/**
 * A name that runtimes which unpack one layer over the other, and follow symlinks, would see differently after this plan.
 * If they cannot unpack the input at all, nothing changes for them.
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
        ? [asItIs(itemAt(layers, i))]
        : plan.action === "rewrite"
          ? [rewritten(plan.rewrite)]
          : [],
    ),
  );
  if (after === undefined) return rootPath;
  // a kept layer has lost nothing
  const rewrites = plans.flatMap((plan) => ("sources" in plan ? plan.sources : []));
  const gone = new Set(
    rewrites.flatMap((i) => itemAt(layers, i).entries.filter((entry) => isPruned(i, entry))),
  );
  return firstOther(rootPath, before, after, (a, b) => {
    // pruned files must be gone, and nothing else
    const one = a?.entry !== undefined && gone.has(a.entry) ? undefined : a;
    if (one === undefined || b === undefined) return one === b;
    return one.entry === b.entry || isSame(one.entry, b.entry, options);
  });
}

function isSame(a: Entry | undefined, b: Entry | undefined, options: PlanOptions): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.kind === b.kind &&
    sameAttributes(a, b) &&
    (a.kind === "dir" || (options.dropIdentical && isSameThing(a, b, options)))
  );
}

/** The first name that is not the same in two trees. */
function firstOther(
  path: BytePath,
  a: UnpackedNode | undefined,
  b: UnpackedNode | undefined,
  areSame: (a: UnpackedNode | undefined, b: UnpackedNode | undefined) => boolean,
): BytePath | undefined {
  if (!areSame(a, b)) return path;
  const below = (name: string) => {
    const full = pathIn(path, name);
    return firstOther(full, a?.children?.get(name), b?.children?.get(name), areSame);
  };
  for (const name of b?.children?.keys() ?? []) {
    const other = below(name);
    if (other !== undefined) return other;
  }
  for (const name of a?.children?.keys() ?? []) {
    const other = b?.children?.has(name) === true ? undefined : below(name);
    if (other !== undefined) return other;
  }
  return undefined;
}

function* asItIs({ entries }: Layer): Iterable<Applied> {
  for (const entry of entries) yield { entry, from: entry };
}

function* rewritten({ entries, from }: Rewrite): Iterable<Applied> {
  for (const [i, entry] of entries.entries()) yield { entry, from: itemAt(from, i) };
}

function isSameThing(a: Entry, b: Entry, { isSameContent }: PlanOptions): boolean {
  if (a.kind === "file") return isSameContent(a, b);
  return a.link === b.link && a.device?.join() === b.device?.join();
}
