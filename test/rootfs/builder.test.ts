/** Layers applied one by one, and what the planner asks in between. */
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/byte-path.ts";
import { LayersBelow } from "../../src/optimize/plan/layers-below.ts";
import { RootFsBuilder } from "../../src/rootfs/rootfs-builder.ts";
import { sketchLayers } from "../support/sketch.ts";

function built(...texts: string[]): RootFsBuilder {
  const builder = new RootFsBuilder();
  for (const layer of sketchLayers(texts)) builder.apply(layer);
  return builder;
}

describe("RootFsBuilder", () => {
  test("shows the layers so far, and forgets what a later one hides", () => {
    const builder = new RootFsBuilder();
    const [first, second] = sketchLayers(["a/ a/f(1)", ".wh.a b(1)"]);
    builder.apply(first!);
    expect(builder.at(toBytes("a/f"))?.entry?.path).toBe("a/f");
    expect(builder.at(toBytes(""))?.isDir).toBe(true);
    builder.apply(second!);
    expect([builder.at(toBytes("a")), builder.at(toBytes("a/f"))]).toEqual([undefined, undefined]);
    expect(builder.at(toBytes("b"))?.layer).toBe(1);
  });

  test("finds nothing below a file, and nothing beyond a missing name", () => {
    const builder = built("f(1) a/ a/g(1)");
    expect([builder.at(toBytes("f/x")), builder.at(toBytes("a/x")), builder.at(toBytes("x/y/z"))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("hardlinks have the layer of their data, and all their names are linked, also those of symlinks", () => {
    const builder = built("f(1) s→f k(1)", "g≡f t≡s");
    expect([builder.at(toBytes("g"))?.layer, builder.at(toBytes("g"))?.dataLayer]).toEqual([1, 0]);
    expect(["f", "g", "s", "t", "k"].map((path) => builder.at(toBytes(path))?.isLinked)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("LayersBelow, as overlay runtimes misread markers", () => {
  const below = (...texts: string[]) => {
    const layers = new LayersBelow(true);
    for (const { entries, index } of sketchLayers(texts)) layers.apply(entries, index);
    return layers;
  };

  test("a whiteout in a folder that no layer below has is a name of its own (case G)", () => {
    const layers = below("k(1)", "d/ d/.wh.x");
    expect(layers.shows(toBytes("d/x"))).toBe(true);
    expect(layers.isDir(toBytes("d/x"))).toBe(false);
    expect(layers.rootfs.at(toBytes("d/x"))).toBe(undefined);
  });

  test("a marker creates its folder (case G2)", () => {
    expect(below("k(1)", "d/e/.wh.x").isDir(toBytes("d/e"))).toBe(true);
    expect(below("k(1)", "d/e/.wh..wh..opq").isDir(toBytes("d/e"))).toBe(true);
  });

  test("a whiteout beside a directory of its name hides nothing (case D)", () => {
    const layers = below("d/ d/old(1)", ".wh.d d/");
    expect(layers.hasChildren(toBytes("d"))).toBe(true);
    expect(layers.rootfs.at(toBytes("d/old"))).toBe(undefined);
  });

  test("a whiteout that is read as it is meant hides in both readings", () => {
    expect(below("d/ d/f(1)", "d/ d/.wh.f").shows(toBytes("d/f"))).toBe(false);
    expect(below("d/ d/f(1)", "d/ d/.wh..wh..opq").hasChildren(toBytes("d"))).toBe(false);
  });
});
