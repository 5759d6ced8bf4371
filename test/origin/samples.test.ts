import { describe, expect, test } from "vitest";
import { originsOf } from "../../src/origin/origins.ts";
import { factsOf, samples, viewOf, type Sample } from "../support/history-samples.ts";

/** Start line of the link of each entry above the base; 0 without one. */
function linesOf(sample: Sample, fromHistory: number | undefined): { lines: number[]; history: number } {
  const options = fromHistory === undefined ? {} : { fromHistory };
  const origins = originsOf(factsOf(sample.history), viewOf(sample.text), options);
  for (const { instruction, certainty } of origins.layers)
    expect(certainty === "none").toBe(instruction === undefined);
  return {
    history: origins.base.history,
    lines: origins.links.slice(sample.fromHistory).map(({ instruction, certainty }) => {
      expect(certainty === "none").toBe(instruction === undefined);
      return instruction?.line ?? 0;
    }),
  };
}

describe("histories of real builders", () => {
  test("is 223 records", () => {
    expect(samples).toHaveLength(223);
  });

  test.each(samples)("$name: every entry above the base has its line", (sample) => {
    expect(linesOf(sample, sample.fromHistory).lines).toEqual(sample.lines);
  });

  test.each(samples.filter(({ dockerfile }) => dockerfile !== "onbuild-child"))(
    "$name: the boundary is found without being told",
    (sample) => {
      expect(linesOf(sample, undefined)).toEqual({ history: sample.fromHistory, lines: sample.lines });
    },
  );
});
