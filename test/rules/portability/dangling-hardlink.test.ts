import { expect, test } from "vitest";
import { danglingHardlink } from "../../../rules/portability/dangling-hardlink.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(danglingHardlink, { layers, base });

test("a link to nothing", async () => {
  const [finding] = await find(["a(9)", "g≡f"]);
  expect(finding?.message).toContain("has 1 hardlink without a target (/g)");
});

test("a link to a file that was deleted below", async () => {
  expect(await find(["f(9)", ".wh.f", "g≡f"])).toHaveLength(1);
});

test("it is silent about a target in the same layer or below", async () => {
  expect(await find(["f(9) g≡f", "h≡f"])).toEqual([]);
});
