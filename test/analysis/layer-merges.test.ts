import fc from "fast-check";
import { expect, test } from "vitest";
import { bestMerges, type Merge } from "../../src/analysis/layer-merges.ts";
import { subjectOf } from "../support/subject.ts";

/** A Dockerfile with these instructions, and an image with one layer for each. */
async function imageOf(keywords: readonly string[], layers?: readonly string[]) {
  const dockerfile = `FROM a\n${keywords.map((each, i) => (each === "RUN" ? `RUN x${i}` : `${each} f${i} /f${i}`)).join("\n")}\n`;
  const subject = await subjectOf({
    dockerfile,
    layers: layers ?? keywords.map((_, i) => `f${i}(${i + 1})`),
  });
  return subject.image!;
}

/** What a release transfers: each layer with the probability that it or one below it changed, and 3 MB for each layer. */
function costOf(
  merges: readonly Merge[],
  keywords: readonly string[],
  bytes: readonly number[],
  start: number,
) {
  let cost = 0;
  for (let first = start; first < bytes.length;) {
    const last = merges.find((merge) => merge.first === first)?.last ?? first;
    const stays = keywords.slice(start, last + 1).map((each) => (each === "RUN" ? 0.9 : 0.5));
    const sum = bytes.slice(first, last + 1).reduce((a, b) => a + b, 0);
    cost += (1 - stays.reduce((a, b) => a * b, 1)) * sum + 3_000_000;
    first = last + 1;
  }
  return cost;
}

/** All ways to split the layers from `start` on into neighbours. */
function* splits(start: number, count: number): Iterable<Merge[]> {
  for (let bits = 0; bits < 2 ** (count - start - 1); bits++) {
    const merges: Merge[] = [];
    for (let first = start; first < count;) {
      let last = first;
      while (last + 1 < count && (bits >> (last - start)) % 2 === 1) last++;
      if (last > first) merges.push({ first, last, deadBytes: 0, compressedBytes: 0 });
      first = last + 1;
    }
    yield merges;
  }
}

test("no other split of the layers transfers less", async () => {
  const layer = fc.tuple(
    fc.constantFrom("RUN", "COPY", "ADD"),
    fc.oneof(fc.integer({ min: 0, max: 30_000_000 }), fc.integer({ min: 0, max: 900_000_000 })),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(layer, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 2 }),
      async (made, from) => {
        const keywords = made.map(([keyword]) => keyword);
        const storedBytes = made.map(([, bytes]) => bytes);
        const start = Math.min(from, made.length - 1);
        const merges = bestMerges(await imageOf(keywords), { start, storedBytes });
        const costs = [...splits(start, made.length)].map((split) =>
          costOf(split, keywords, storedBytes, start),
        );
        const cost = costOf(merges, keywords, storedBytes, start);
        expect(cost - Math.min(...costs)).toBeLessThan(1);
        for (const { first, last, deadBytes, compressedBytes } of merges) {
          expect(last).toBeGreaterThan(first);
          expect(deadBytes).toBe(0);
          const sum = storedBytes.slice(first, last + 1).reduce((a, b) => a + b, 0);
          expect(compressedBytes).toBe(sum);
        }
      },
    ),
    { numRuns: 60, seed: 20261130 },
  );
});

test("files that die between the layers count once, those of the layers below never", async () => {
  const image = await imageOf(
    ["RUN", "RUN", "RUN"],
    ["a(20MB) b(30MB) keep(1MB)", ".wh.a c(40MB)", ".wh.b .wh.c"],
  );
  const [merge, ...others] = bestMerges(image);
  expect(others).toEqual([]);
  expect(merge).toMatchObject({ first: 0, last: 2, deadBytes: 90_000_000 });
  expect(merge!.compressedBytes).toBeLessThan(1_100_000);
});

test("one layer, or none above the base, is nothing to merge", async () => {
  expect(bestMerges(await imageOf(["RUN"]))).toEqual([]);
  expect(bestMerges(await imageOf(["RUN", "RUN"]), { start: 2, storedBytes: [1, 1] })).toEqual([]);
});
