/** Properties of rewrites over random stacks. */
import fc from "fast-check";
import { expect } from "vitest";
import { rootPath } from "../../src/byte-path.ts";
import type { BytePath, Entry, Layer } from "../../src/image/image.ts";
import { roleOf } from "../../src/optimize/plan/path-roles.ts";
import { applyLayers } from "../../src/rootfs/apply.ts";
import { stack } from "../rootfs/random-stacks.ts";
import { expectSame, planSketch } from "./plans.ts";
import { rewriteStack } from "./rewriting.ts";
import { soundStack } from "./sound-stacks.ts";

/** What stands at or below a name that a whiteout of the same layer hides: runtimes read it differently (case D). */
function besideWhiteouts(entries: readonly Entry[]): BytePath[] {
  const whited = entries.map(roleOf).flatMap((role) => (role.kind === "whiteout" ? [role.path] : []));
  return entries.flatMap(({ path }) =>
    whited.some((name) => path === name || path.startsWith(`${name}/`)) ? [path] : [],
  );
}

/** Sound stacks, really rewritten and read again, with layers in pieces of any size. */
export const soundRewrites = fc.asyncProperty(
  soundStack,
  fc.nat(2),
  fc.record({
    repair: fc.boolean(),
    dropIdentical: fc.boolean(),
    chunk: fc.integer({ min: 300, max: 6000 }),
    merged: fc.option(fc.tuple(fc.nat(4), fc.nat(4)), { nil: undefined }),
  }),
  async (texts, fixedLayers, { merged, ...options }) => {
    const merges = merged === undefined ? [] : [{ first: Math.min(...merged), last: Math.max(...merged) }];
    const { comparison, plans, tars, before, after } = await rewriteStack(texts, {
      fixedLayers,
      merges,
      ...options,
    });
    expect(comparison.differences).toEqual([]);
    expect(comparison.digests[0]).toBe(comparison.digests[1]);
    let at = 0;
    plans.forEach((plan, i) => {
      if (plan.action === "remove" || plan.action === "merge") return;
      const now = after[at++]!;
      if (plan.action === "keep") expect(now.diffId).toBe(before[i]!.diffId);
      else {
        expect(now.entries.map(({ path }) => path)).toEqual(plan.rewrite.entries.map(({ path }) => path));
        expect(now.tarBytes).toBe(plan.rewrite.tarBytes);
        if (plan.sources.length > 1) expect(besideWhiteouts(plan.rewrite.entries)).toEqual([]);
      }
      if (i < fixedLayers && !merges.some(({ first, last }) => first <= i && i <= last))
        expect(plan).toEqual({ action: "keep", why: "base" });
      expect(tars[i]!.length % 512).toBe(0);
    });
  },
);

/**
 * Stacks of the oddest kind: most layers are refused, and the others must not change anything either. Nor may they for a
 * runtime that finds the target of a hardlink where the specification finds none.
 */
export const oddPlans = fc.property(stack, fc.nat(2), fc.boolean(), (texts, fixedLayers, repair) => {
  const { layers, after } = planSketch(texts, { fixedLayers, repair });
  expectSame(layers, after);
  const voids = voidLinks(layers);
  if (voids.size === 0) return;
  const found = (entry: Entry): Entry =>
    voids.has(entry) ? { ...entry, kind: "file", link: rootPath } : entry;
  expectSame(
    layers.map((layer) => ({ ...layer, entries: layer.entries.map(found) })),
    after.map((entries) => entries.map(found)),
  );
});

/** Hardlinks that lead nowhere. Layers with such links are refused, so that a plan has the same entries. */
function voidLinks(layers: readonly Layer[]): Set<Entry> {
  const noted = new Set(
    applyLayers(layers, { os: "linux" })
      .settle()
      .notes.flatMap(({ code, layer, path }) => (code === "dangling-hardlink" ? [`${layer} ${path}`] : [])),
  );
  return new Set(
    layers.flatMap(({ index, entries }) =>
      entries.filter(({ kind, path }) => kind === "hardlink" && noted.has(`${index} ${path}`)),
    ),
  );
}
