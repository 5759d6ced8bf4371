/** The random stacks of properties.test.ts, ten times more of them. */
import fc from "fast-check";
import { test } from "vitest";
import { stack } from "../rootfs/random-stacks.ts";
import { oddPlans, soundRewrites } from "./random-rewrites.ts";
import { overwritingStack, samePromise } from "./random-savings.ts";
import { soundStack } from "./sound-stacks.ts";

test("10,000 random stacks are rewritten, other ones every time", async () => {
  await fc.assert(soundRewrites, { numRuns: 10_000 });
}, 600_000);

test("20,000 random stacks of the oddest kind keep what they show", () => {
  fc.assert(oddPlans, { numRuns: 20_000 });
}, 600_000);

test("10,000 random stacks of each kind are planned with few entries as with all", () => {
  for (const texts of [soundStack, stack, overwritingStack])
    fc.assert(samePromise(texts), { numRuns: 10_000 });
}, 600_000);
