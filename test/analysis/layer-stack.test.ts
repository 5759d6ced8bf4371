import { expect, test } from "vitest";
import { Stack } from "../../src/analysis/layer-stack.ts";
import { toBytes } from "../../src/byte-path.ts";
import { subjectOf } from "../support/subject.ts";

/** Whether a folder shows through from below the last layer. */
async function showsThrough(path: string, ...layers: string[]): Promise<boolean> {
  const { image } = await subjectOf({ layers: [...layers, "top(1)"] });
  return new Stack(image!.image.layers).directoryBelow(layers.length, toBytes(path));
}

test.each([
  ["a", ["a/"], true],
  ["a/b", ["a/b/f(1)"], true],
  ["a/b/c", ["a/b/c/d/f(1)"], true],
  ["", ["∅"], true],
  ["a", ["b/"], false],
  ["a", ["a(1)"], false],
  ["a", ["a/", "b/"], true],
  ["a", ["a/", ".wh.a"], false],
  ["a", ["a/", "a→b"], false],
  ["a", ["a/", ".wh.a", "a/"], true],
  ["a/b", ["a/b/", "a/ a/.wh.b"], false],
  ["a/b", ["a/b/", "a/ a/.wh..wh..opq"], false],
  ["a/b", ["a/b/", ".wh.a"], false],
  ["a/b/c", ["a/b/c/", ".wh.a"], false],
  ["a/b/c", ["a/b/c/", "a/ a/.wh.b"], false],
  ["a/b/c", ["a/b/c/", "a/ a/.wh..wh..opq"], false],
  ["a/b/c", ["a/b/c/", "a/b/ a/b/.wh..wh..opq"], false],
  ["a/b/c", ["a/b/c/", "a/b/c/ a/b/c/.wh..wh..opq"], true],
  ["a/b", ["a/b/", ".wh..wh..opq"], false],
  ["a", ["a/", ".wh..wh..opq"], false],
  ["a", [".wh..wh..opq a/"], true],
  ["a/b", ["a/b/", "a/ a/.wh.bc"], true],
  ["a/b", ["a/b/", ".wh.b"], true],
  ["a/b", ["a/b/", "b(1)"], true],
])("%s shows through from %j: %s", async (path, layers, shows) => {
  expect(await showsThrough(path, ...layers)).toBe(shows);
});
