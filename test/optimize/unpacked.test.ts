/** Layers as runtimes read them that unpack one over the other; test/lab asks umoci the same. */
import { expect, test } from "vitest";
import { isPlain, unpack } from "../../src/optimize/plan/unpacked.ts";
import { sketchLayers } from "../support/sketch.ts";
import { namesOf } from "../support/unpacked.ts";

function unpacked(...texts: string[]): string {
  const layers = sketchLayers(texts).map(({ entries }) => entries.map((entry) => ({ entry, from: entry })));
  const tree = unpack(layers);
  if (tree === undefined) return "fails";
  return [...namesOf(tree)]
    .filter(([path]) => path !== "")
    .map(([path, entry]) => `${path}${entry === undefined ? "?" : entry.kind === "dir" ? "/" : ""}`)
    .toSorted()
    .join(" ");
}

test.each<[name: string, seen: string, ...stack: string[]]>([
  ["a symlink on the way is followed", "a/ a/c b", "a/ b→a", "b/c(1)"],
  ["and so are symlinks in it", "a/ a/d/ a/d/f a/e b", "a/ a/d/ a/e→d b→a", "b/e/f(1)"],
  ["a last name is no way", "b/ b/c", "b→a", "b/ b/c(1)"],
  ["from the root", "a/ a/c d/ d/b", "a/ d/ d/b→/a", "d/b/c(1)"],
  ["up, and not out of the root", "a/ a/c d/ d/b d/e", "a/ d/ d/b→../a d/e→../../../a", "d/b/c(1) d/e/c(2)"],
  ["to what is not there yet", "a/c a? b", "b→./a", "b/c(1)"],
  ["whiteouts go the same way", "a/ b", "a/ a/c(1) b→a", "b/.wh.c"],
  ["and opaque markers", "a/ b", "a/ a/c(1) b→a", "b/.wh..wh..opq"],
  ["hardlinks go it to their target", "a/ a/c b h", "a/ a/c(1) b→a h≡b/c"],
  ["a hardlink to a symlink is one", "a/ a/f b h", "a/ b→a h≡b", "h/f(1)"],
  ["a whiteout leaves what its own layer has", "b/ b/n", "b/ b/o(1)", "b/n(1) .wh.b"],
  ["and takes it from a later one", "", "b/ b/o(1)", ".wh.b"],
  [
    "an opaque marker leaves what its own layer has",
    "b/ b/c/ b/c/n",
    "b/ b/c/ b/c/o(1)",
    "b/c/n(1) b/.wh..wh..opq",
  ],
  ["a loop", "fails", "a→b b→a", "a/c(1)"],
  ["below a file", "fails", "a(1)", "a/c(1)"],
  ["a whiteout below a file hides nothing", "a", "a(1)", "a/.wh.c"],
  ["a hardlink to nothing", "fails", "h≡no"],
  ["a hardlink to a directory", "fails", "a/ h≡a"],
  ["a whiteout without a name", "fails", "a(1)", ".wh."],
])("%s", (_, seen, ...stack) => {
  expect(unpacked(...stack)).toBe(seen);
});

test("a promoted hardlink is provided by the entry that carried its data", () => {
  const [root, link] = sketchLayers(["f(9) g≡f"])[0]!.entries;
  const tree = unpack([[{ entry: { ...root!, path: link!.path }, from: root! }]]);
  expect([...namesOf(tree!)]).toEqual([
    ["", undefined],
    ["g", root],
  ]);
});

test("isPlain: layers that describe each folder before its content", () => {
  const plain = (...texts: string[]) => isPlain(sketchLayers(texts));
  expect(plain("a/ a/f(1) a/.wh.g b→a k≡a/f", "./ a/ a/.wh..wh..opq c(1) .wh.b", "∅")).toBe(true);
  for (const odd of ["a/f(1)", "a/f(1) a/", "a/.wh.f", "a/ a/b/f(1)", "k≡a/f", "a/ a→b", ".wh.", "../f(1)"])
    expect(plain("a/", odd), odd).toBe(false);
});
