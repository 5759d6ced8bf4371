import { expect, test } from "vitest";
import { conflictInLayer } from "../../../rules/portability/conflict-in-layer.ts";
import { pathThroughSymlink } from "../../../rules/portability/path-through-symlink.ts";
import { findingsOf } from "../../support/subject.ts";

const find = async (...layers: string[]) =>
  (await findingsOf(conflictInLayer, { layers })).map(({ message }) => message.replace(/: .*/, ""));

test("a whiteout below a symlink of its own layer", async () => {
  expect(await find("foo/ foo/bar(1000) baz/", "foo→baz foo/.wh.bar")).toEqual([
    "layer 1 (COPY part1 /) makes 1 path a file or a symlink, and has entries or whiteouts below it (/foo)",
  ]);
});

test.each([
  ["an entry after the symlink", "a→b a/f(1)"],
  ["an entry before the symlink", "a/f(1) a→b"],
  ["an entry deep below a file", "a(1) a/b/c/f(1)"],
  ["a whiteout deep below a file", "a/b/.wh.c a(1)"],
  ["an opaque marker of a file", "a(1) a/.wh..wh..opq"],
  ["an entry below a hardlink", "f(1) a≡f a/g(1)"],
])("is found: %s", async (_, layer) => {
  expect(await find("k(1)", layer)).toHaveLength(1);
});

test.each([
  ["below a symlink of a lower layer", ["a→b", "a/f(1)"]],
  ["a directory that becomes a symlink", ["a/ a/f(1)", "a→b"]],
  ["a file that becomes a directory", ["a(1)", "a/ a/f(1)"]],
  ["a whiteout beside the new symlink", ["a/ a/f(1)", ".wh.a a→b"]],
  ["a marker in a directory", ["a/ a/f(1)", "a/ a/.wh.f ab(1)"]],
])("is silent: %s", async (_, layers) => {
  expect(await find(...layers)).toEqual([]);
});

test("is not told of the layers below as well", async () => {
  expect(await findingsOf(pathThroughSymlink, { layers: ["k(1)", "a→b a/f(1)"] })).toEqual([]);
});
