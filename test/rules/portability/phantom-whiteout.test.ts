import { expect, test } from "vitest";
import { phantomWhiteout } from "../../../rules/portability/phantom-whiteout.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(phantomWhiteout, { layers, base });

test("a whiteout in a directory that is new with this layer", async () => {
  const [finding, ...others] = await find(["a(9)", "d/ d/.wh.x d/y(9)"]);
  expect(others).toEqual([]);
  expect(finding?.message).toContain("has 1 whiteout in a directory that no layer below has");
});

test("a whiteout below a directory that is nowhere", async () => {
  expect(await find(["a(9)", "d/.wh.x"])).toHaveLength(1);
});

test("a whiteout in a directory that a layer in between deleted", async () => {
  expect(await find(["d/ d/x(9)", ".wh.d", "d/ d/.wh.x"])).toHaveLength(1);
  expect(await find(["p/ p/d/ p/d/x(9)", "p/ p/.wh..wh..opq", "p/ p/d/ p/d/.wh.x"])).toHaveLength(1);
  expect(await find(["d/ d/x(9)", "d(5)", "d/ d/.wh.x"])).toHaveLength(1);
});

test("it is silent about a whiteout of nothing where the directory exists below", async () => {
  expect(await find(["d/ d/y(9)", "d/ d/.wh.x"])).toEqual([]);
  expect(await find(["d/e/y(9)", "d/ d/.wh.x"])).toEqual([]);
  expect(await find(["a(9)", ".wh.x"])).toEqual([]);
  expect(await find(["d/ d/x(9)", ".wh.d", "d/", "d/ d/.wh.x"])).toEqual([]);
});

test("it is silent about a whiteout that deletes something", async () => {
  expect(await find(["d/ d/x(9)", "d/ d/.wh.x"])).toEqual([]);
});
