import { expect, test } from "vitest";
import { invalidWhiteout } from "../../../rules/portability/invalid-whiteout.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(invalidWhiteout, { layers, base });

test("a whiteout without a name", async () => {
  const [finding] = await find(["d/ d/f(9)", "d/ d/.wh."]);
  expect(finding?.message).toContain("has 1 whiteout without a name");
});

test("it is silent about whiteouts that name something", async () => {
  expect(await find(["d/ d/f(9) d/.wh(9)", "d/ d/.wh.f"])).toEqual([]);
});
