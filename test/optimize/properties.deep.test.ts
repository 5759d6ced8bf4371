/** The random stacks of properties.test.ts, ten times more of them. */
import fc from "fast-check";
import { test } from "vitest";
import { stack } from "../rootfs/random-stacks.ts";
import { oddPlans, soundRewrites } from "./random-rewrites.ts";
import { overwritingStack, samePromise } from "./random-savings.ts";
import { soundStack } from "./sound-stacks.ts";

test("10,000 random stacks, different ones in each run, show the same after they are rewritten", async () => {
  await fc.assert(soundRewrites, { numRuns: 10_000 });
}, 600_000);

test("20,000 random stacks of the oddest kind show the same after a plan", () => {
  fc.assert(oddPlans, { numRuns: 20_000 });
}, 600_000);

test("a plan of the subset promises the same savings as a plan of all entries, for 10,000 random stacks of each kind", () => {
  for (const texts of [soundStack, stack, overwritingStack])
    fc.assert(samePromise(texts), { numRuns: 10_000 });
}, 600_000);
