/** Properties of savings over random stacks: a plan of a subset gives what a plan of all entries gives. */
import fc from "fast-check";
import { expect } from "vitest";
import { planSubset } from "../../src/optimize/plan-subset.ts";
import { planLayers } from "../../src/optimize/plan/plan.ts";
import { savingsOf } from "../../src/optimize/savings.ts";
import { applyLayers } from "../../src/rootfs/apply.ts";
import { sketchImage } from "../support/sketch.ts";

/** Layers that write the same files again and again, in folders that they describe or only imply. */
export const overwritingStack = fc.array(
  fc
    .tuple(
      fc.subarray(["a/", "a/b/", "c/"]),
      fc.subarray(["x", "y", "a/x", "a/y", "a/z", "a/b/x", "a/b/y", "c/x", "c/y", "c/z"], { minLength: 1 }),
      fc.array(fc.constantFrom(10, 600, 1500), { minLength: 10, maxLength: 10 }),
      fc.constantFrom(
        "",
        "",
        "",
        "",
        ".wh.a",
        "a/.wh.x",
        "c/.wh..wh..opq",
        "l≡x",
        "a/b",
        "c/x→y",
        "a/x",
        "a/",
      ),
    )
    .map(([dirs, files, sizes, more]) => {
      const paths = [
        ...dirs,
        ...files.map((path, i) => `${path}(${sizes[i]})`),
        ...(more === "" ? [] : [more]),
      ];
      return paths.join(" ");
    }),
  { minLength: 2, maxLength: 5 },
);

/** From all entries, as optimize plans. */
function fully(texts: readonly string[], fixedLayers: number) {
  const image = sketchImage({ layers: texts });
  const plans = planLayers(
    { layers: image.layers, os: "linux", fixedLayers, mayRemove: true, isPruned: () => false },
    { repair: false, dropIdentical: false, isSameContent: () => false },
  );
  const sums = { contentBytes: 0, tarBytes: 0, compressedBytes: 0, rewrittenLayers: 0, removedLayers: 0 };
  plans.forEach((plan, i) => {
    if (!("rewrite" in plan)) return;
    const { tarBytes } = image.layers[i]!;
    const saved = tarBytes - (plan.action === "remove" ? 0 : plan.rewrite.tarBytes);
    sums.contentBytes += plan.rewrite.droppedBytes;
    sums.tarBytes += saved;
    sums.compressedBytes += saved;
    sums[plan.action === "remove" ? "removedLayers" : "rewrittenLayers"]++;
  });
  return { image, sums };
}

/** Planning with few entries gives what planning with all does; `reached` counts what it left out. */
export function samePromise(
  texts: fc.Arbitrary<string[]>,
  reached: { droppable: number; left: number } = { droppable: 0, left: 0 },
) {
  return fc.property(texts, fc.nat(2), (layers, fixedLayers) => {
    const { image, sums } = fully(layers, fixedLayers);
    const rootfs = applyLayers(image.layers, { os: "linux" }).settle();
    const { refused: _, ...savings } = savingsOf(image, fixedLayers, rootfs);
    expect(savings).toEqual(sums);
    const { droppable, layers: less } = planSubset(image.layers, fixedLayers, rootfs);
    reached.droppable += droppable.flat().length;
    for (const [i, { entries }] of image.layers.entries())
      reached.left += entries.length - less[i]!.entries.length;
  });
}
