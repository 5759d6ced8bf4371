/** Small stacks for each rule and case of docs/spec/layers.md. */
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/byte-path.ts";
import { applyLayers } from "../../src/rootfs/apply.ts";
import type { RootFs } from "../../src/rootfs/rootfs.ts";
import { sketchImage } from "../support/sketch.ts";

/** The table of docs/spec/layers.md: layers, total and dead content bytes, dead inodes as `path bytes cause addedIn>hiddenIn`, notes. */
const cases: readonly (readonly [
  name: string,
  layers: readonly string[],
  total: number,
  dead: number,
  deadFiles: readonly string[],
  notes: readonly string[],
])[] = [
  [
    "46 whiteout below a symlink of its layer",
    ["a/ a/f(100) b/", "a→b a/.wh.f"],
    100,
    100,
    ["a/f 100 deleted 0>1"],
    ["conflict-in-layer a"],
  ],
  ["01 file deleted later", ["a/ a/f(100)", "a/ a/.wh.f"], 100, 100, ["a/f 100 deleted 0>1"], []],
  [
    "02 dir deleted later (whiteout of dir)",
    ["a/ a/f(100) a/g(50)", ".wh.a"],
    150,
    150,
    ["a/f 100 deleted 0>1", "a/g 50 deleted 0>1"],
    [],
  ],
  [
    "03 dir whiteout; children added in two earlier layers",
    ["a/ a/f(100)", "a/ a/g(50)", ".wh.a"],
    150,
    150,
    ["a/f 100 deleted 0>2", "a/g 50 deleted 1>2"],
    [],
  ],
  ["04 overwrite, different content", ["f(100)", "f(300)"], 400, 100, ["f 100 overwritten 0>1"], []],
  [
    "05 overwrite thrice",
    ["f(100)", "f(100)", "f(120)"],
    320,
    200,
    ["f 100 overwritten 0>1", "f 100 overwritten 1>2"],
    [],
  ],
  ["06 chmod-only copy", ["f(100,h,0644)", "f(100,h,0755)"], 200, 100, ["f 100 metadata-only 0>1"], []],
  ["07 identical re-add", ["f(100,h)", "f(100,h)"], 200, 100, ["f 100 identical 0>1"], []],
  [
    "08 delete then re-add in third layer",
    ["f(100,h)", ".wh.f", "f(100,h)"],
    200,
    100,
    ["f 100 deleted 0>1"],
    [],
  ],
  [
    "09 whiteout + re-add same path in one layer",
    ["f(100)", ".wh.f f(70)"],
    170,
    100,
    ["f 100 deleted 0>1"],
    [],
  ],
  [
    "10 same, whiteout after the file in tar order",
    ["f(100)", "f(70) .wh.f"],
    170,
    100,
    ["f 100 deleted 0>1"],
    [],
  ],
  [
    "11 opaque dir hides all lower children",
    ["a/ a/f(100) a/g(50)", "a/ a/.wh..wh..opq a/n(10)"],
    160,
    150,
    ["a/f 100 opaque 0>1", "a/g 50 opaque 0>1"],
    [],
  ],
  [
    "12 opaque marker after the new child",
    ["a/ a/b/ a/b/bar(100)", "a/ a/b/ a/b/foo(10) a/.wh..wh..opq"],
    110,
    100,
    ["a/b/bar 100 opaque 0>1"],
    [],
  ],
  ["13 dir replaced by file", ["a/ a/f(100)", "a(10)"], 110, 100, ["a/f 100 replaced 0>1"], []],
  ["14 dir replaced by symlink", ["a/ a/f(100)", "a→b"], 100, 100, ["a/f 100 replaced 0>1"], []],
  ["15 file replaced by dir", ["a(100)", "a/ a/f(10)"], 110, 100, ["a 100 replaced 0>1"], []],
  [
    "16 dangling whiteout (path never existed) before other files",
    ["z(100)", ".wh.tmp1 z(100)"],
    200,
    100,
    ["z 100 overwritten 0>1"],
    ["dangling-whiteout tmp1"],
  ],
  ["17 dir metadata change only", ["a/ a/f(100)", "a/"], 100, 0, [], []],
  ["18 hardlink pair in one layer", ["f(100) g≡f"], 100, 0, [], []],
  ["19 hardlink pair, one name deleted later", ["f(100) g≡f", ".wh.f"], 100, 0, [], []],
  ["20 hardlink pair, one name overwritten later", ["f(100) g≡f", "f(30)"], 130, 0, [], []],
  [
    "21 hardlink pair, both names deleted later",
    ["f(100) g≡f", ".wh.f .wh.g"],
    100,
    100,
    ["g 100 deleted 0>1"],
    [],
  ],
  [
    "22 copy-up of hardlink: file re-emitted + link in upper layer",
    ["f(100,h)", "f(100,h) g≡f"],
    200,
    100,
    ["f 100 identical 0>1"],
    [],
  ],
  ["23 hardlink to a file only in lower layer", ["f(100)", "g≡f"], 100, 0, [], ["hardlink-to-lower-layer g"]],
  [
    "24 ...then the lower name is deleted",
    ["f(100)", "g≡f", ".wh.f"],
    100,
    0,
    [],
    ["hardlink-to-lower-layer g"],
  ],
  [
    "25 same content at two paths (mv across layers)",
    ["x(100,h)", ".wh.x y(100,h)"],
    200,
    100,
    ["x 100 deleted 0>1"],
    [],
  ],
  ["26 duplicate entry within one layer", ["f(100) f(100)"], 200, 100, ["f 100 duplicate-entry 0>0"], []],
  [
    "27 file re-created under dir deleted earlier",
    ["a/ a/f(100)", ".wh.a", "a/ a/f(40)"],
    140,
    100,
    ["a/f 100 deleted 0>1"],
    [],
  ],
  [
    "28 whiteout of dir + new dir of same name, same layer",
    ["a/ a/old(100)", ".wh.a a/ a/new(40)"],
    140,
    100,
    ["a/old 100 deleted 0>1"],
    [],
  ],
  [
    "29 nested: child whiteout then parent whiteout",
    ["a/ a/f(100) a/g(50)", "a/.wh.f", ".wh.a"],
    150,
    150,
    ["a/f 100 deleted 0>1", "a/g 50 deleted 0>2"],
    [],
  ],
  ["30 symlink overwritten by file", ["s→t", "s(100)"], 100, 0, [], []],
  [
    "31 AUFS metadata .wh..wh.plnk",
    ["f(100)", ".wh..wh.plnk/ .wh..wh.plnk/1.2(100)"],
    200,
    100,
    [".wh..wh.plnk/1.2 100 aufs-metadata 1>1"],
    [],
  ],
  ["32 empty layer / no entries", ["f(100)", "∅"], 100, 0, [], []],
  [
    "33 root opaque",
    ["f(100) a/ a/g(50)", ".wh..wh..opq n(10)"],
    160,
    150,
    ["a/g 50 opaque 0>1", "f 100 opaque 0>1"],
    [],
  ],
  [
    "34 upper adds child under lower file (no dir entry)",
    ["a(100)", "a/b(10)"],
    110,
    100,
    ["a 100 replaced 0>1"],
    ["parent-not-dir a"],
  ],
];

async function rootfsOf(layers: readonly string[]): Promise<RootFs> {
  const image = sketchImage({ layers });
  const draft = applyLayers(image.layers);
  await image.hash(draft.questions.map(({ layer, entry }) => ({ layer: image.layers[layer]!, entry })));
  return draft.settle();
}

describe("the table of layer semantics", () => {
  test.each(cases)("%s", async (_name, layers, total, dead, deadFiles, notes) => {
    const rootfs = await rootfsOf(layers);
    expect(rootfs.contentBytes).toBe(total);
    expect(rootfs.deadBytes).toBe(dead);
    expect(rootfs.liveBytes).toBe(total - dead);
    expect(rootfs.deadFiles.map((d) => `${d.path} ${d.bytes} ${d.cause} ${d.addedIn}>${d.hiddenIn}`)).toEqual(
      deadFiles,
    );
    expect(rootfs.notes.map((note) => `${note.code} ${note.path}`)).toEqual(
      expect.arrayContaining([...notes]),
    );
  });
});

const notesOf = async (layers: readonly string[]) =>
  (await rootfsOf(layers)).notes.map((note) => `${note.code} ${note.path}@${note.layer}`);

describe("notes about stacks that runtimes unpack differently", () => {
  test("D: a whiteout beside the directory that is made again, in either order", async () => {
    expect(await notesOf(["d/ d/old(9)", ".wh.d d/ d/new(1)"])).toEqual(["recreated-directory d@1"]);
    expect(await notesOf(["d/ d/old(9)", "d/ d/new(1) .wh.d"])).toEqual(["recreated-directory d@1"]);
  });
  test("J2: a whiteout after the file of the same name; in the usual order there is nothing to note", async () => {
    expect(await notesOf(["a(9)", "a(1) .wh.a"])).toEqual(["whiteout-and-file a@1"]);
    expect(await notesOf(["a(9)", ".wh.a a(1)"])).toEqual([]);
  });
  test("H: a directory without entry whose attributes are not the default, once for each layer", async () => {
    expect(await notesOf(["p/[0700]", "p/f(1) p/g(1)"])).toEqual(["missing-parent p@1"]);
    expect(await notesOf(["p/", "p/f(1)"])).toEqual([]);
    expect(await notesOf(["p/[0700]", "p/[0700] p/f(1)"])).toEqual([]);
    expect(await notesOf(["p/[0700] p/f(1)", "p/.wh.f"])).toEqual(["missing-parent p@1"]);
  });
  test("M and N: writing and deleting through a symlink does not follow it", async () => {
    const rootfs = await rootfsOf(["usr/ usr/bin/ usr/bin/t(5) bin→usr/bin", "bin/ bin/t(7)"]);
    expect(rootfs.at(toBytes("bin"))?.kind).toBe("dir");
    expect(await notesOf(["usr/ usr/bin/ bin→usr/bin", "bin/t(7)"])).toEqual(["path-through-symlink bin@1"]);
    expect(await notesOf(["usr/ usr/bin/ usr/bin/t(5) bin→usr/bin", "bin/.wh.t"])).toEqual([
      "dangling-whiteout bin/t@1",
      "path-through-symlink bin@1",
    ]);
  });
  test("a hardlink to nothing, a leaked overlay whiteout, a whiteout without a name, a path that escapes", async () => {
    expect(await notesOf(["g≡nothing"])).toEqual(["dangling-hardlink g@0"]);
    expect(await notesOf(["x[char=0:0]"])).toEqual(["overlay-whiteout-device x@0"]);
    expect(await notesOf([".wh."])).toEqual(["invalid-whiteout .wh.@0"]);
  });
});

test("40: the same layer twice gives identical copies of everything", async () => {
  const image = sketchImage({ layers: ["a/ a/f(100) g≡a/f"] });
  const [layer] = image.layers;
  const rootfs = applyLayers([layer!, { ...layer!, index: 1 }]).settle();
  expect(rootfs.deadFiles.map((d) => `${d.path} ${d.cause} ${d.addedIn}>${d.hiddenIn}`)).toEqual([
    "g identical 0>1",
  ]);
  expect(rootfs.contentBytes).toBe(200);
});

test("37: a sparse file counts by its real size", async () => {
  expect((await rootfsOf(["f(1GiB,stored=4096)"])).contentBytes).toBe(2 ** 30);
});

test("44: of a Windows layer only Files/ is looked at", async () => {
  const image = sketchImage({ layers: ["Files/ Files/a(5) Hives/ Hives/x(7)", "Files/ Files/.wh.a"] });
  const rootfs = applyLayers(image.layers, { os: "windows" }).settle();
  expect([rootfs.contentBytes, rootfs.deadBytes]).toEqual([5, 5]);
});

test("what differs only in owner, time or xattr is metadata; other bytes of the same size are not", async () => {
  const cause = async (...layers: string[]) => (await rootfsOf(layers)).deadFiles[0]?.cause;
  expect(await cause("f(9,h)", "f(9,h,uid=5)")).toBe("metadata-only");
  expect(await cause("f(9,h)", "f(9,h,mtime=7)")).toBe("metadata-only");
  expect(await cause("f(9,h)", "f(9,h,xattr.user.a=x)")).toBe("metadata-only");
  expect(await cause("f(9,h)", "f(9,other)")).toBe("overwritten");
});

test("the tree lists every visible name in byte order, implied directories too", async () => {
  const rootfs = await rootfsOf(["b(1) a/x/y(2) a-b(3)", ".wh.b c→a"]);
  expect([...rootfs.tree()].map((node) => `${node.kind} ${node.path}`)).toEqual([
    "dir a",
    "dir a/x",
    "file a/x/y",
    "file a-b",
    "symlink c",
  ]);
});
