/** What a layer must not have to be rewritten (docs/spec/optimizing.md, section 5), one test for each reason. */
import { describe, expect, test } from "vitest";
import type { Entry, Layer } from "../../src/image/image.ts";
import { planLayers } from "../../src/optimize/plan/plan.ts";
import { packSketches, sketchLayers } from "../support/sketch.ts";
import { outline, planSketch } from "./plans.ts";
import { layerOf } from "./rewriting.ts";

const options = { repair: false, dropIdentical: false, isSameContent: () => false };

function planned(layers: readonly Layer[], os = "linux"): string[] {
  const input = { layers, os, fixedLayers: 0, mayRemove: true, isPruned: () => false };
  return outline({ plans: planLayers(input, options) });
}

const refused = (...texts: string[]) => outline(planSketch(texts));

/** `x` is dead in layer 0 everywhere: without the reason it would go. */
test("sound layers are rewritten, so the tests below fail for their own reason", () => {
  expect(refused("x(9) f(1)", "x(1)")).toEqual(["f", "="]);
});

test("a hardlink into a lower layer: both layers", () => {
  expect(refused("x(9) f(1)", "g≡f x(1)", ".wh.x")).toEqual([
    "!cross-layer-hardlink",
    "!cross-layer-hardlink",
    "=",
  ]);
});
test("a hardlink into a lower layer through a link there", () => {
  expect(refused("x(9) f(1) g≡f", "h≡g", ".wh.x .wh.no")[0]).toBe("!cross-layer-hardlink");
});
test("a hardlink to nothing or to a directory", () => {
  expect(refused("x(9) g≡no", ".wh.x")[0]).toBe("!dangling-hardlink");
  expect(refused("x(9) d/ g≡d", ".wh.x")[0]).toBe("!dangling-hardlink");
});
test("a dangling hardlink keeps all layers below it: in a changed layer it could find a target", () => {
  const stack = ["c(10)", "c/", "a≡c c(10)", "x(9) f(1)", ".wh.x"];
  const dangling = "!dangling-hardlink";
  expect(refused(...stack)).toEqual([dangling, dangling, dangling, "f", "-"]);
});
test("a hardlink to one of AUFS's own files, which some runtimes have: what is above may hide it", () => {
  const dangling = "!dangling-hardlink";
  expect(refused(".wh..wh.plnk/ .wh..wh.plnk/1.2(100) f≡.wh..wh.plnk/1.2", ".wh.f g(10)")).toEqual([
    dangling,
    dangling,
  ]);
});
test("a hardlink before its target", () => {
  expect(refused("x(9) g≡f f(1)", ".wh.x")[0]).toBe("!dangling-hardlink");
});
test("a duplicate path, also of a directory or a marker", () => {
  expect(refused("x(9) f(1) f(2)", ".wh.x")[0]).toBe("!duplicate-path");
  expect(refused("x(9) d/ d/[uid=1]", ".wh.x")[0]).toBe("!duplicate-path");
  expect(refused("f(1)", "x(9) .wh.f .wh.f", ".wh.x")[1]).toBe("!duplicate-path");
});
test("an entry below a symlink of the layers below, even if this layer makes that a directory", () => {
  for (const odd of ["l/f(1)", "l/ l/f(1)", "l/.wh.f", "l/.wh..wh..opq", "l/d/ l/d/f(1)"])
    expect(refused("d/ l→d", `x(9) ${odd}`, ".wh.x")[1]).toBe("!parent-not-dir");
});
describe("runtimes that unpack layers into one folder and follow symlinks would see something else", () => {
  const otherwise = "!unpacked-otherwise";
  const odd = "!parent-not-dir";
  test.each<[name: string, stack: string[], fixedLayers: number, plan: string[]]>([
    // they write a/c, and then put a directory in the place of the link
    ["the symlink that an entry of a later layer goes through", ["a/ b→a", "b/c(1) b/"], 0, [otherwise, odd]],
    [
      "a whiteout of what was written through it",
      ["a/ a/c(10) b→a", "b/c(20)", "a/.wh.c"],
      0,
      [otherwise, odd, otherwise],
    ],
    ["the same through a symlink of the very layer", ["b→a a/ b/c(1)", "a/.wh.c"], 0, [odd, otherwise]],
    [
      "a file that is whited out through it",
      ["a/ a/c(10) b→a", "b/.wh.c", ".wh.b"],
      0,
      [otherwise, odd, otherwise],
    ],
    [
      "a symlink in another symlink",
      ["x(9) d/ d/e/ s→d d/t→e", "s/t/f(1)", "d/e/ d/e/.wh.f .wh.x"],
      0,
      [otherwise, odd, otherwise],
    ],
    [
      "a hardlink whose target is reached through it",
      ["a/ a/c(1) b→a h≡b/c", ".wh.h"],
      0,
      // the whiteout stays, since it hides a hardlink that leads nowhere
      ["!dangling-hardlink", "="],
    ],
    // what is kept there is dead, but with the directory gone it would go through the link of the base
    [
      "the directory that is in the way of a dead entry of a refused layer",
      ["a/ b→a", "b/", "b/c(1) x(1) x(2)", ".wh.b"],
      1,
      ["=", otherwise, "!duplicate-path", otherwise],
    ],
    [
      "the directory in the way of an entry that comes before the whiteout of its folder",
      ["a/ b→a", "b/", "b/c(1) .wh.b"],
      1,
      ["=", otherwise, otherwise],
    ],
    [
      "a directory that is whited out after it was filled",
      ["x(9)", "b/[0700] b/d(1)", "b/c(1) .wh.b .wh.x"],
      1,
      ["=", otherwise, otherwise],
    ],
  ])("%s", (_, stack, fixedLayers, plan) => {
    expect(outline(planSketch(stack, { fixedLayers }))).toEqual(plan);
  });
  test("a symlink in the way does not stop a rewrite that nothing depends on", () => {
    expect(refused("x(9) a/ b→a", "b/c(1)", ".wh.x")).toEqual(["a/ b", odd, "-"]);
    expect(refused("a/ a/c(10) b→a", "b/.wh.c", "a/ a/c(1)")).toEqual(["a/ b", odd, "="]);
    // this is what all runtimes replace
    expect(refused("x(9) a/ b→a", "y(1)", "b/ b/c(1)", ".wh.x")).toEqual(["a/", "=", odd, "-"]);
  });
  test("a stack that cannot be unpacked anyway is rewritten", () => {
    expect(refused("x(9) a(1)", "a/c(1)", ".wh.x")).toEqual(["a", odd, "-"]);
    expect(refused("b→a a→b x(9)", "b/c(1)", "y(1) y(2)", "a/ b/ .wh.x")).toEqual([
      "-",
      odd,
      "!duplicate-path",
      "a/ b/",
    ]);
  });
  test("pruned files may be gone for unpacking runtimes as well", () => {
    const isPruned = (_: number, { path }: Entry) => path === "k";
    expect(outline(planSketch(["p/k(1)", "k(9) p/l(1)"], { fixedLayers: 1, isPruned }))).toEqual([
      "=",
      "p/l",
    ]);
  });
});
test("an entry below a file of the layers below, unless a directory entry comes first", () => {
  expect(refused("a(1)", "x(9) a/b(1)", ".wh.x")[1]).toBe("!parent-not-dir");
  expect(refused("a(1)", "x(9) a/b(1) a/", ".wh.x")[1]).toBe("!parent-not-dir");
  expect(refused("a(1)", "x(9) a/ a/b(1)", ".wh.x")[1]).toBe("a/ a/b");
});
test("an entry below a file of the same layer", () => {
  expect(refused("x(9) a(1) a/b(1)", ".wh.x")[0]).toBe("!parent-not-dir");
});
test("hardlinks that state different attributes, when one of them goes", () => {
  expect(refused("x(9) f(1) g≡f[mode=0755]", ".wh.f .wh.x")[0]).toBe("!hardlink-attributes");
  expect(refused("x(9) f(1) g≡f[uid=5]", ".wh.g .wh.x")[0]).toBe("!hardlink-attributes");
  expect(refused("x(9) f(1) g≡f[mode=0755]", ".wh.x")[0]).toBe("f g≡f");
});
test("a sparse file that would need a new header; one that is only copied is fine", () => {
  const sparse = "x(9) f(1MB,stored=1024,mtime=1600000000) g≡f";
  expect(refused(sparse, ".wh.f")[0]).toBe("!sparse");
  expect(refused(sparse, ".wh.x")[0]).toBe("f g≡f");
});
test("attributes of overlay file systems", () => {
  expect(refused("x(9) f(1,xattr.trusted.overlay.opaque=y)", ".wh.x")[0]).toBe("!overlay-xattr");
  expect(refused("x(9) d/[xattr.user.overlay.redirect=y]", ".wh.x")[0]).toBe("!overlay-xattr");
  expect(refused("x(9) f(1,xattr.user.overlay=y)", ".wh.x")[0]).toBe("f");
});
test("whiteouts without a valid name", () => {
  for (const bad of [".wh.", ".wh..", ".wh..."])
    expect(refused(`x(9) ${bad}`, ".wh.x")[0]).toBe("!invalid-whiteout");
});
test("a path that leads out of the image", () => {
  expect(refused("x(9) ../f(1)", ".wh.x")[0]).toBe("!escaping-path");
});
test("a directory without entry in which only a link could stay", () => {
  expect(refused("f(1) x(9) p/l≡f", ".wh.x p/.wh.l")[0]).toBe("!implied-dir");
});
test("non-distributable layers", () => {
  const layers = sketchLayers(["x(9) f(1)", ".wh.x"]);
  for (const mediaType of [
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
  ])
    expect(planned([{ ...layers[0]!, mediaType }, layers[1]!])[0]).toBe("!foreign");
});
test("an encrypted or missing layer keeps all others as they are", () => {
  const [a, b, c] = sketchLayers(["x(9) f(1)", "k(1)", ".wh.x .wh.no"]);
  const unknown: Layer = { ...b!, entries: [], missing: true };
  expect(planned([a!, unknown, c!])).toEqual(["!unknown-content", "!unknown-content", "!unknown-content"]);
});
test("Windows", () => {
  expect(planned(sketchLayers(["Files/ Files/x(9)", "Files/ Files/.wh.x"]), "windows")).toEqual([
    "!windows",
    "!windows",
  ]);
});

async function read(text: string, change: (tar: Buffer) => Buffer | void): Promise<Layer> {
  const [tar] = await packSketches([text]);
  return layerOf(change(tar!) ?? tar!, 0);
}

function checksum(block: Buffer): void {
  block.fill(" ", 148, 156);
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
  );
}

test("a hardlink with a size, with and without data", async () => {
  const claim = (tar: Buffer) => {
    const link = tar.subarray(2048, 2560);
    link.write("00000000005\0", 124);
    checksum(link);
  };
  const [above] = sketchLayers([".wh.x"]);
  const top = { ...above!, index: 1 };
  const without = await read("x(9) f(1) g≡f", claim);
  expect(without.entries.map(({ kind, storedBytes }) => [kind, storedBytes])).toEqual([
    ["file", 9],
    ["file", 1],
    ["hardlink", 0],
  ]);
  expect(planned([without, top])[0]).toBe("!hardlink-with-size");
  const withData = await read("x(9) f(1) g≡f", (tar) => {
    claim(tar);
    return Buffer.concat([tar.subarray(0, 2560), Buffer.alloc(512, "data!"), tar.subarray(2560)]);
  });
  expect(withData.entries[2]).toMatchObject({ kind: "hardlink", storedBytes: 5 } satisfies Partial<Entry>);
  expect(planned([withData, top])[0]).toBe("!hardlink-with-size");
});

test("a global pax header", async () => {
  const [above] = sketchLayers([".wh.x"]);
  const layer = await read("x(9) f(1)", (tar) => {
    const global = Buffer.from(tar.subarray(0, 512));
    const record = "12 uid=1234\n";
    global.write("g", 156);
    global.write(`${record.length.toString(8).padStart(11, "0")}\0`, 124);
    checksum(global);
    const data = Buffer.alloc(512);
    data.write(record);
    return Buffer.concat([global, data, tar]);
  });
  expect(layer.entries[0]!.uid).toBe(1234);
  expect(planned([layer, { ...above!, index: 1 }])[0]).toBe("!global-header");
});
