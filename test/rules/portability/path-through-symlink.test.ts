import { expect, test } from "vitest";
import { pathThroughSymlink } from "../../../rules/portability/path-through-symlink.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(pathThroughSymlink, { layers, base });

test("a file below a link of a lower layer", async () => {
  const [finding, ...others] = await find(["usr/ usr/lib/ usr/lib/a(9) lib→usr/lib", "lib/b(9)"]);
  expect(others).toEqual([]);
  expect(finding?.message).toContain("writes 1 path through a symlink of a lower layer");
});

test("a whiteout below a link of a lower layer", async () => {
  expect(await find(["usr/ usr/lib/ usr/lib/a(9) lib→usr/lib", "lib/.wh.a"])).toHaveLength(1);
});

test("it is silent when the link is first replaced by a directory, and about the real path", async () => {
  expect(await find(["usr/ usr/lib/ usr/lib/a(9) lib→usr/lib", "usr/ usr/lib/ usr/lib/b(9)"])).toEqual([]);
  expect(await find(["usr/ usr/lib/ usr/lib/a(9) lib→usr/lib", "lib→usr/lib2"])).toEqual([]);
});
