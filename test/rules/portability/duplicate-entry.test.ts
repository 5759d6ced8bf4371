import { expect, test } from "vitest";
import { duplicateEntry } from "../../../rules/portability/duplicate-entry.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(duplicateEntry, { layers, base });

test("the earlier copy is dead, and counted here", async () => {
  const [finding, ...others] = await find(["a(9)", "f(300kB) f(400kB)"]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ bytes: 300_000, fixes: [{ operation: "drop-dead" }] });
  expect(finding?.message).toContain("has 1 path more than once (/f)");
  expect(finding?.inodes).toHaveLength(1);
});

test("three copies are two dead ones of one path", async () => {
  const [finding] = await find(["f(1kB) f(2kB) f(4kB)"]);
  expect(finding?.bytes).toBe(3000);
  expect(finding?.message).toContain("has 1 path more than once");
});

test("it is silent about the same path in two layers", async () => {
  expect(await find(["f(9)", "f(9)"])).toEqual([]);
});
