import type { BytePath, Entry, Layer } from "../../image/image.ts";
import { fromTheTop, type Above } from "./liveness.ts";
import { ancestorsOf, roleOf } from "./names.ts";
import { fate, planLayer, type PlanOptions, type Rewrite } from "./plan-layer.ts";
import { findRefusals, type Refusal } from "./refusals.ts";
import { State } from "./state.ts";

/** What is to be done with a layer, and why. */
export type LayerPlan =
  | { readonly action: "keep"; readonly why: "base" | "clean" | Refusal }
  /** `remove`: what would be left is below already. */
  | { readonly action: "rewrite" | "remove"; readonly rewrite: Rewrite };

export interface PlanInput {
  readonly layers: readonly Layer[];
  readonly os: string;
  /** Layers of the base, which stay byte for byte. */
  readonly fixedLayers: number;
  /** Emptied layers may go: the history can say so. */
  readonly mayRemove: boolean;
  /** Files to be removed although they can be seen. */
  readonly isPruned: (layer: number, entry: Entry) => boolean;
}

/** A plan for each layer (optimize.md sections 2 to 5). Pure: it reads entries, never contents. */
export function planLayers(input: PlanInput, options: PlanOptions): LayerPlan[] {
  const { layers, fixedLayers } = input;
  const refusals = findRefusals(layers, input.os);
  const facts = layers.map(({ entries }) => ({
    fates: new Uint8Array(entries.length),
    implied: new Set<BytePath>(),
  }));
  fromTheTop(layers, refusals.isVoid, (i, above) => {
    if (i < fixedLayers || refusals.byLayer.has(i)) return;
    const { entries } = layers[i]!;
    entries.forEach((entry, at) => {
      facts[i]!.fates[at] = fateOf(entry, above) + (input.isPruned(i, entry) ? fate.pruned : 0);
    });
    spreadPruned(entries, facts[i]!.fates);
    for (const folder of impliedBy(entries))
      if (!above.covered(folder) && above.put(folder) !== "other") facts[i]!.implied.add(folder);
  });
  const below = new State();
  const plans = layers.map(({ entries }, i): LayerPlan => {
    const refusal = refusals.byLayer.get(i);
    const plan =
      i < fixedLayers || refusal !== undefined
        ? undefined
        : planLayer({ index: i, entries, ...facts[i]! }, below, options);
    if (plan === undefined || "refusal" in plan) {
      below.apply(entries, i);
      return { action: "keep", why: i < fixedLayers ? "base" : (refusal ?? plan?.refusal ?? "clean") };
    }
    if (plan.isEmpty && input.mayRemove) return { action: "remove", rewrite: plan };
    below.apply(plan.entries, i);
    return { action: "rewrite", rewrite: plan };
  });
  return keepOne(plans);
}

/** No runtime is asked to run an image without layers. */
function keepOne(plans: LayerPlan[]): LayerPlan[] {
  const last = plans.at(-1);
  if (last?.action !== "remove" || plans.some(({ action }) => action !== "remove")) return plans;
  return [...plans.slice(0, -1), { ...last, action: "rewrite" }];
}

function fateOf(entry: Entry, above: Above): number {
  const { kind } = roleOf(entry);
  if (kind === "aufs") return fate.dead + fate.covered;
  if (kind !== "ordinary") return 0;
  const put = above.put(entry.path);
  const covered = above.covered(entry.path);
  const dead = covered || put === "other" || (put === "dir" && entry.kind !== "dir");
  return (dead ? fate.dead : 0) + (covered ? fate.covered : 0) + (put === "dir" ? fate.underDir : 0);
}

/** All names of a file that is pruned go. */
function spreadPruned(entries: readonly Entry[], fates: Uint8Array): void {
  const pruned = new Set<BytePath>();
  entries.forEach(({ path, kind, link }, i) => {
    if (kind === "hardlink" && pruned.has(link)) fates[i]! |= fate.pruned;
    if ((fates[i]! & fate.pruned) !== 0) pruned.add(path);
  });
}

function impliedBy(entries: readonly Entry[]): Set<BytePath> {
  const described = new Set<BytePath>();
  for (const { kind, path } of entries) if (kind === "dir") described.add(path);
  const implied = new Set<BytePath>();
  const seen = new Set<BytePath>();
  for (const entry of entries) {
    if (roleOf(entry).kind === "aufs") continue;
    for (const folder of ancestorsOf(entry.path)) {
      if (seen.has(folder)) break;
      seen.add(folder);
      if (!described.has(folder)) implied.add(folder);
    }
  }
  return implied;
}
