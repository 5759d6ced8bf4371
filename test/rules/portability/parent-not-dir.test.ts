import { expect, test } from "vitest";
import { parentNotDir } from "../../../rules/portability/parent-not-dir.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(parentNotDir, { layers, base });

test("a child of a file", async () => {
  const [finding] = await find(["a(9)", "a/b(9)"]);
  expect(finding?.message).toContain("that is not a directory in the layers below");
});

test("it is silent when a directory entry replaces the file first", async () => {
  expect(await find(["a(9)", "a/ a/b(9)"])).toEqual([]);
});
