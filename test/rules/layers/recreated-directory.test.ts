import { expect, test } from "vitest";
import { recreatedDirectory } from "../../../rules/layers/recreated-directory.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(recreatedDirectory, { layers, base });

test("the whiteout may come before or after the new directory", async () => {
  for (const layer of [".wh.d d/ d/new(9)", "d/ d/new(9) .wh.d"]) {
    const [finding, ...others] = await find(["d/ d/old(9)", layer]);
    expect(others).toEqual([]);
    expect(finding?.locations[0]).toMatchObject({ layer: 1, path: "d" });
    expect(finding?.message).toContain("(/d): Podman, Buildah and CRI-O show the old files again");
  }
});

test("several directories of one layer are one finding", async () => {
  const [finding, ...others] = await find(["a/ a/f(9) b/ b/f(9)", ".wh.a a/ a/n(9) .wh.b b/ b/n(9)"]);
  expect(others).toEqual([]);
  expect(finding?.message).toContain("deletes and recreates 2 directories in one layer (/a and 1 more)");
});

test("in the base image it is info", async () => {
  const [finding] = await find(["d/ d/old(9)", ".wh.d d/ d/new(9)", "x(1)"], 2);
  expect(finding?.severity).toBe("info");
});

test("it is silent about opaque markers, mere deletions, and two layers", async () => {
  expect(await find(["d/ d/old(9)", "d/ d/.wh..wh..opq d/new(9)"])).toEqual([]);
  expect(await find(["d/ d/old(9)", ".wh.d"])).toEqual([]);
  expect(await find(["d/ d/old(9)", ".wh.d", "d/ d/new(9)"])).toEqual([]);
});
