/** The random stacks of properties.test.ts, ten times more of them. */
import fc from "fast-check";
import { test } from "vitest";
import { checkStack, stack } from "./random-stacks.ts";

test("10,000 random stacks, different ones in each run", () => {
  fc.assert(fc.property(stack, checkStack), { numRuns: 10_000 });
}, 600_000);
