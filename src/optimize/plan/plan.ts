/** Plans each layer of an image: finds dead entries from the top down, then decides what stays from the bottom up. */
import { rootPath, parentOf } from "../../byte-path.ts";
import { defined } from "../../defined.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import { entryFlag, type LayerFacts } from "./layer-draft.ts";
import type { LayerPlan, LayerRange, PlanInput } from "./layer-plan.ts";
import { LayersAbove } from "./layers-above.ts";
import { LayersBelow } from "./layers-below.ts";
import { ancestorsOf, foldersOf, roleOf } from "./path-roles.ts";
import { planLayer, type PlanOptions } from "./plan-layer.ts";
import { findRefusals, type Refusal, type Refusals } from "./refusals.ts";
import { unpackedOtherwise } from "./unpacked-otherwise.ts";

/** Plans each layer (docs/spec/optimizing.md, sections 2 to 5 and 9). Pure: it reads entries, never contents. */
export function planLayers(input: PlanInput, options: PlanOptions): LayerPlan[] {
  const refusals = findRefusals(input.layers, input.os);
  const plans = planWith(input, options, refusals);
  const path = unpackedOtherwise(input, options, plans);
  if (path === undefined) return plans;
  const { merges = [], ...rest } = input;
  if (merges.length > 0) {
    // layers that cannot be merged can still lose their dead bytes
    const notMerged = { code: "unpacked-otherwise", path } as const;
    return planLayers(rest, options).map((plan, i) =>
      plan.action === "merge" || !merges.some((range) => isIn(range, i)) ? plan : { ...plan, notMerged },
    );
  }
  const all = input.layers.map((_, i) => [i, { code: "unpacked-otherwise", path } as const] as const);
  return planWith(input, options, { ...refusals, byLayer: new Map([...all, ...refusals.byLayer]) });
}

/** A layer before it is planned. */
interface LayerInput extends LayerFacts {
  readonly index: number;
  /** Why it stays as it is; undefined if it may change. */
  readonly keptWhy: "base" | "shared" | Refusal | undefined;
}

function planWith(input: PlanInput, options: PlanOptions, refusals: Refusals): LayerPlan[] {
  const merges = input.mayRemove ? (input.merges ?? []) : [];
  const planner = new Planner(new LayersBelow(refusals.isMisread), input.mayRemove, options);
  for (const group of groupsOf(layerInputs(input, merges, refusals), merges)) {
    const [only] = group;
    if (group.length === 1 && only !== undefined) planner.planOne(only);
    else planner.merge(group);
  }
  return keepLastLayer(planner.plans);
}

/** Finds, from the top down, which entries of each layer the layers above hide. */
function layerInputs(
  { layers, shared, fixedLayers, isPruned }: PlanInput,
  merges: readonly LayerRange[],
  { byLayer, isVoid }: Refusals,
): LayerInput[] {
  const above = new LayersAbove();
  const fixedWhy = (i: number) => {
    if (shared?.has(i) === true) return "shared";
    return i < fixedLayers && !merges.some((range) => isIn(range, i)) ? "base" : undefined;
  };
  const found = [...layers.entries()].reverse().map(([index, layer]): LayerInput => {
    const { entries, tarBytes } = layer;
    const keptWhy = fixedWhy(index) ?? byLayer.get(index);
    const known =
      keptWhy === undefined
        ? {
            flags: flagsOf(entries, above, (entry) => isPruned(index, entry)),
            implied: impliedBy(entries, above),
          }
        : { flags: new Uint8Array(), implied: new Set<BytePath>() };
    above.add(layer, (path) => isVoid(index, path));
    return { index, entries, tarBytes, keptWhy, ...known };
  });
  return found.reverse();
}

/** Groups the layers to merge; every other layer is a group of its own. A layer that must not change splits its range. */
function groupsOf(layers: readonly LayerInput[], merges: readonly LayerRange[]): LayerInput[][] {
  const groups: LayerInput[][] = [];
  let group: LayerInput[] = [];
  let open: LayerRange | undefined;
  for (const layer of layers) {
    const range = layer.keptWhy === undefined ? merges.find((each) => isIn(each, layer.index)) : undefined;
    if (range === undefined || range !== open) groups.push((group = []));
    group.push(layer);
    open = range;
  }
  return groups;
}

function isIn({ first, last }: LayerRange, i: number): boolean {
  return first <= i && i <= last;
}

/** Plans layers from the bottom up. */
class Planner {
  readonly plans: LayerPlan[] = [];
  readonly #below: LayersBelow;
  readonly #mayRemove: boolean;
  readonly #options: PlanOptions;

  constructor(below: LayersBelow, mayRemove: boolean, options: PlanOptions) {
    this.#below = below;
    this.#mayRemove = mayRemove;
    this.#options = options;
  }

  /** `notMerged`: why a requested merge was impossible. */
  planOne(layer: LayerInput, notMerged?: Refusal): void {
    const { index, entries, keptWhy } = layer;
    const plan = keptWhy === undefined ? planLayer([layer], this.#below, this.#options) : undefined;
    const rest = defined({ notMerged });
    if (plan === undefined || "refusal" in plan) {
      this.#below.apply(entries, index);
      this.plans.push({ action: "keep", why: keptWhy ?? plan?.refusal ?? "clean", ...rest });
      return;
    }
    const isRemoved = plan.isEmpty && this.#mayRemove;
    if (!isRemoved) this.#below.apply(plan.entries, index);
    this.plans.push({
      action: isRemoved ? "remove" : "rewrite",
      rewrite: plan,
      sources: [index],
      ...rest,
    });
  }

  /** Merges several layers into the last of them. If the merge is refused, plans each layer alone. */
  merge(group: readonly LayerInput[]): void {
    const masked = maskedBy(group, this.#below);
    const plan =
      masked === undefined
        ? planLayer(group, this.#below, this.#options)
        : { refusal: { code: "masked-dir" as const, path: masked } };
    if (plan === undefined) throw new Error("layers that are merged have no plan: a bug in planning");
    if ("refusal" in plan) {
      for (const layer of group) this.planOne(layer, plan.refusal);
      return;
    }
    const sources = group.map(({ index }) => index);
    const into = Math.max(...sources);
    for (const _ of sources.slice(1)) this.plans.push({ action: "merge", into });
    if (!plan.isEmpty) this.#below.apply(plan.entries, into);
    this.plans.push({ action: plan.isEmpty ? "remove" : "rewrite", rewrite: plan, sources });
  }
}

/**
 * Returns a directory that prevents the merge, because its attributes would change; undefined if there is none. A member
 * has entries in the directory but no entry for it, nor does a higher member, and one of these holds:
 *
 * - A lower member describes it as something other than 0755 of root. Overlay runtimes show 0755 of root now
 *   (docs/spec/optimizing.md, section 6, case H); after the merge they would show the lower member's attributes.
 * - A marker in this member or a lower one hides it. The merged layer would have the marker beside the directory's new
 *   content, and runtimes read that in different ways (case D).
 * - No member has an entry for it and no layer below has it, but a member describes its parent. umoci changes the parent's modification time
 *   when it creates the directory after applying the parent's entry.
 */
function maskedBy(members: readonly LayerFacts[], below: LayersBelow): BytePath | undefined {
  const described = new Map<BytePath, Entry>();
  const whited = new Set<BytePath>();
  const opaque = new Set<BytePath>();
  const masked = new Set<BytePath>();
  const isHidden = (folder: BytePath) => {
    if (whited.has(folder)) return true;
    for (const each of ancestorsOf(folder)) if (whited.has(each) || opaque.has(each)) return true;
    return opaque.has(rootPath);
  };
  for (const { entries, implied, flags } of members) {
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
      if (
        roleOf(entry).kind !== "ordinary" ||
        entry.kind !== "dir" ||
        ((flags[i] ?? 0) & entryFlag.dead) !== 0
      )
        return;
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

/** Keeps the last layer, even if empty, when the image would otherwise have no layers. */
function keepLastLayer(plans: LayerPlan[]): LayerPlan[] {
  const last = plans.at(-1);
  if (last?.action !== "remove" || plans.some(({ action }) => action !== "remove" && action !== "merge"))
    return plans;
  return [...plans.slice(0, -1), { ...last, action: "rewrite" }];
}

/** The sum of `entryFlag` values for each entry. Hardlinks to a pruned file are pruned too. */
function flagsOf(
  entries: readonly Entry[],
  above: LayersAbove,
  isPruned: (entry: Entry) => boolean,
): Uint8Array {
  const pruned = new Set<BytePath>();
  const all = new Uint8Array(entries.length);
  entries.forEach((entry, i) => {
    all[i] = flagsFromAbove(entry, above);
    if (!isPruned(entry) && !(entry.kind === "hardlink" && pruned.has(entry.link))) return;
    pruned.add(entry.path);
    all[i] += entryFlag.pruned;
  });
  return all;
}

function flagsFromAbove(entry: Entry, above: LayersAbove): number {
  const { kind } = roleOf(entry);
  if (kind === "aufs") return entryFlag.dead + entryFlag.covered;
  if (kind !== "ordinary") return 0;
  const put = above.kindAt(entry.path);
  const covered = above.hides(entry.path);
  const dead = covered || put === "other" || (put === "dir" && entry.kind !== "dir");
  return (
    (dead ? entryFlag.dead : 0) + (covered ? entryFlag.covered : 0) + (put === "dir" ? entryFlag.underDir : 0)
  );
}

/** Directories that hold entries of the layer, have no entry themselves, and are not hidden by the layers above. */
function impliedBy(entries: readonly Entry[], above: LayersAbove): Set<BytePath> {
  const described = new Set<BytePath>();
  for (const { kind, path } of entries) if (kind === "dir") described.add(path);
  const implied = new Set<BytePath>();
  for (const folder of foldersOf(entries.filter((entry) => roleOf(entry).kind !== "aufs")))
    if (!described.has(folder) && !above.hides(folder) && above.kindAt(folder) !== "other")
      implied.add(folder);
  return implied;
}
