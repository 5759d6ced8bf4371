/** Random stacks: a rewrite changes nothing that containers see. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { oddPlans, soundRewrites } from "./random-rewrites.ts";
import { rewriteStack } from "./rewriting.ts";
import { soundStack } from "./sound-stacks.ts";

test("1,000 random stacks show the same after they are rewritten and read again", async () => {
  await fc.assert(soundRewrites, { seed: 20261125, numRuns: 1000 });
}, 120_000);

test("1,000 random stacks of the oddest kind show the same after a plan", () => {
  fc.assert(oddPlans, { seed: 20261125, numRuns: 1000 });
}, 300_000);

test("the random stacks reach every kind of rewrite", async () => {
  const seen = new Set<string>();
  for (const texts of fc.sample(soundStack, { seed: 5, numRuns: 250 })) {
    const { plans } = await rewriteStack(texts, { fixedLayers: 1 });
    for (const plan of plans) {
      seen.add(plan.action === "keep" ? (typeof plan.why === "string" ? plan.why : "refused") : plan.action);
      if (!("rewrite" in plan)) continue;
      for (const kind of ["promoted", "repaired", "hiding"] as const)
        if (plan.rewrite[kind].length > 0) seen.add(kind);
      if (plan.rewrite.droppedMarkers > 0) seen.add("markers");
    }
  }
  expect([...seen].toSorted()).toEqual(
    ["base", "clean", "hiding", "markers", "promoted", "refused", "remove", "repaired", "rewrite"].toSorted(),
  );
}, 300_000);
