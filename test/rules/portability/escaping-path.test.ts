import { expect, test } from "vitest";
import { escapingPath } from "../../../rules/portability/escaping-path.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(escapingPath, { layers, base });

test("a path with dots that leave the root", async () => {
  const [finding] = await find(["a(9) ../../etc/cron.d/x(9)"]);
  expect(finding?.message).toContain("has 1 path that would leave the root directory");
});

test("it is silent about names that only look like dots", async () => {
  expect(await find(["..data→x", "d/ d/...(9) d/..a(9)"])).toEqual([]);
});
