import fc from "fast-check";
import { test } from "vitest";
import { oddPlans, soundRewrites } from "./random-rewrites.ts";

test("10,000 random stacks are rewritten, other ones every time", async () => {
  await fc.assert(soundRewrites, { numRuns: 10_000 });
}, 600_000);

test("20,000 random stacks of the oddest kind keep what they show", () => {
  fc.assert(oddPlans, { numRuns: 20_000 });
}, 600_000);
