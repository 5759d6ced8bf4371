import type { LayerRange, LayerPlan, PlanInput } from "./layer-plan.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import { fromTheTop, type Above } from "./liveness.ts";
import { ancestorsOf, parentOf, roleOf } from "./path-roles.ts";
import { fate, type LayerFacts } from "./draft.ts";
import { planLayer, type PlanOptions } from "./plan-layer.ts";
import { findRefusals, type Refusal, type Refusals } from "./refusals.ts";
import { LayersBelow } from "./layers-below.ts";
import { unpackedOtherwise } from "./unpacked-otherwise.ts";

/** A plan for each layer (docs/spec/optimizing.md, sections 2 to 5 and 9). Pure: it reads entries, never contents. */
export function planLayers(input: PlanInput, options: PlanOptions): LayerPlan[] {
  const refusals = findRefusals(input.layers, input.os);
  const plans = planWith(input, options, refusals);
  const path = unpackedOtherwise(input, options, plans);
  if (path === undefined) return plans;
  const { merges = [], ...rest } = input;
  if (merges.length > 0) {
    // what cannot be merged may lose its dead bytes all the same
    const apart = { code: "unpacked-otherwise", path } as const;
    return planLayers(rest, options).map((plan, i) =>
      plan.action === "merge" || !merges.some((range) => isIn(range, i)) ? plan : { ...plan, apart },
    );
  }
  const all = input.layers.map((_, i) => [i, { code: "unpacked-otherwise", path } as const] as const);
  return planWith(input, options, { ...refusals, byLayer: new Map([...all, ...refusals.byLayer]) });
}

function planWith(input: PlanInput, options: PlanOptions, refusals: Refusals): LayerPlan[] {
  const { layers } = input;
  const merges = input.mayRemove ? (input.merges ?? []) : [];
  const fixedWhy = (i: number): "base" | "shared" | undefined => {
    if (input.shared?.has(i) === true) return "shared";
    return i < input.fixedLayers && !merges.some((range) => isIn(range, i)) ? "base" : undefined;
  };
  const mayChange = (i: number) => i < layers.length && fixedWhy(i) === undefined && !refusals.byLayer.has(i);
  const facts = layers.map(({ entries, tarBytes }) => ({
    entries,
    tarBytes,
    fates: new Uint8Array(entries.length),
    implied: new Set<BytePath>(),
  }));
  fromTheTop(layers, refusals.isVoid, (i, above) => {
    if (!mayChange(i)) return;
    const { entries } = layers[i]!;
    entries.forEach((entry, at) => {
      facts[i]!.fates[at] = fateOf(entry, above) + (input.isPruned(i, entry) ? fate.pruned : 0);
    });
    spreadPruned(entries, facts[i]!.fates);
    for (const folder of impliedBy(entries))
      if (!above.covered(folder) && above.put(folder) !== "other") facts[i]!.implied.add(folder);
  });
  const below = new LayersBelow(refusals.isMisread);
  const plans: LayerPlan[] = [];
  const planOne = (i: number, apart?: Refusal): void => {
    const { entries } = layers[i]!;
    const plan = mayChange(i) ? planLayer([facts[i]!], below, options) : undefined;
    if (plan === undefined || "refusal" in plan) {
      below.apply(entries, i);
      const why = fixedWhy(i) ?? refusals.byLayer.get(i) ?? plan?.refusal ?? "clean";
      plans.push({ action: "keep", why, ...(apart === undefined ? {} : { apart }) });
      return;
    }
    const rest = { rewrite: plan, sources: [i], ...(apart === undefined ? {} : { apart }) };
    if (plan.isEmpty && input.mayRemove) {
      plans.push({ action: "remove", ...rest });
      return;
    }
    below.apply(plan.entries, i);
    plans.push({ action: "rewrite", ...rest });
  };
  for (let i = 0; i < layers.length; i = plans.length) {
    const group = groupFrom(i, merges, mayChange);
    if (group.length < 2) {
      planOne(i);
      continue;
    }
    const members = group.map((at) => facts[at]!);
    const masked = maskedBy(members, below);
    const plan =
      masked === undefined
        ? planLayer(members, below, options)
        : { refusal: { code: "masked-dir" as const, path: masked } };
    if (plan === undefined) throw new Error("layers that are merged have no plan: a bug in planning");
    if ("refusal" in plan) {
      for (const at of group) planOne(at, plan.refusal);
      continue;
    }
    const into = group.at(-1)!;
    for (const _ of group.slice(1)) plans.push({ action: "merge", into });
    if (!plan.isEmpty) below.apply(plan.entries, into);
    plans.push({ action: plan.isEmpty ? "remove" : "rewrite", rewrite: plan, sources: group });
  }
  return keepOne(plans);
}

function isIn({ first, last }: LayerRange, i: number): boolean {
  return first <= i && i <= last;
}

/** The layers from this one on that become one. A layer that must stay as it is parts what is around it. */
function groupFrom(
  start: number,
  merges: readonly LayerRange[],
  mayChange: (layer: number) => boolean,
): number[] {
  const range = merges.find((each) => isIn(each, start));
  const group: number[] = [];
  for (let i = start; range !== undefined && i <= range.last && mayChange(i); i++) group.push(i);
  return group;
}

/**
 * A directory that one layer only implies, of which one below it says more. Overlay runtimes give an implied one the
 * attributes 0755 of root (docs/spec/optimizing.md, section 6, case H): merged, the others would be seen again. And what hides it (in
 * its own layer, or in one below) would stand beside what is in it now, which is read differently (case D). And umoci
 * gives a directory another time when one that is only implied is made in it after it was described.
 */
function maskedBy(members: readonly LayerFacts[], below: LayersBelow): BytePath | undefined {
  const described = new Map<BytePath, Entry>();
  const whited = new Set<BytePath>();
  const opaque = new Set<BytePath>();
  const masked = new Set<BytePath>();
  const isHidden = (folder: BytePath) => {
    if (whited.has(folder)) return true;
    for (const each of ancestorsOf(folder)) if (whited.has(each) || opaque.has(each)) return true;
    return opaque.has("");
  };
  for (const { entries, implied, fates } of members) {
    for (const entry of entries) {
      const role = roleOf(entry);
      if (role.kind === "whiteout") whited.add(role.path);
      else if (role.kind === "opaque") opaque.add(role.path);
    }
    for (const folder of implied) {
      const entry = described.get(folder);
      const isOther = entry !== undefined && (entry.mode !== 0o755 || entry.uid !== 0 || entry.gid !== 0);
      if (isOther || isHidden(folder)) masked.add(folder);
    }
    entries.forEach((entry, i) => {
      if (roleOf(entry).kind !== "ordinary" || entry.kind !== "dir" || (fates[i]! & fate.dead) !== 0) return;
      described.set(entry.path, entry);
      masked.delete(entry.path);
    });
  }
  for (const { implied } of members)
    for (const folder of implied)
      if (
        !described.has(folder) &&
        described.has(parentOf(folder)) &&
        below.rootfs.at(folder)?.isDir !== true
      )
        masked.add(folder);
  const [first] = masked;
  return first;
}

/** No runtime is asked to run an image without layers. */
function keepOne(plans: LayerPlan[]): LayerPlan[] {
  const last = plans.at(-1);
  if (last?.action !== "remove" || plans.some(({ action }) => action !== "remove" && action !== "merge"))
    return plans;
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
