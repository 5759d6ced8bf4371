/** Random layer stacks for properties: hardlinks, opaque directories, changes of kind, odd orders, few names. */
import fc from "fast-check";
import { expect } from "vitest";
import type { Entry } from "../../src/image/image.ts";
import { applyLayers } from "../../src/rootfs/apply.ts";
import { Lookup } from "../support/lookup.ts";
import { sketchLayers } from "../support/sketch.ts";

const name = fc.constantFrom("a", "b", "c");
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const content = fc.constantFrom("10,h", "10,i", "20", "7", "0");
const attributes = fc.constantFrom("", ",mode=0600", ",uid=7", ",mtime=9");

const item = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(path, content, attributes).map(([at, size, more]) => `${at}(${size}${more})`),
  },
  { weight: 3, arbitrary: path.map((at) => `${at}/`) },
  { weight: 3, arbitrary: path.map((at) => at.replace(/[^/]+$/, ".wh.$&")) },
  { weight: 2, arbitrary: fc.tuple(path, path).map(([at, target]) => `${at}≡${target}`) },
  { weight: 2, arbitrary: path.map((at) => `${at}/.wh..wh..opq`) },
  { weight: 1, arbitrary: fc.tuple(path, path).map(([at, target]) => `${at}→${target}`) },
  { weight: 1, arbitrary: fc.constantFrom(".wh..wh..opq", ".wh.", ".wh..wh.plnk/x(5)", "a/.wh..wh.aufs(3)") },
);
export const stack = fc.array(
  fc.array(item, { maxLength: 6 }).map((items) => items.join(" ")),
  { minLength: 1, maxLength: 5 },
);

/** The identity holds, and both evaluators see the same live files under the same names. */
export function checkStack(texts: readonly string[]): void {
  const layers = sketchLayers(texts);
  const rootfs = applyLayers(layers, { os: "linux" }).settle();
  const all = layers.flatMap(({ entries }) => entries.filter(isCounted));
  expect(rootfs.contentBytes).toBe(all.reduce((sum, { size }) => sum + size, 0));
  expect(rootfs.liveBytes + rootfs.deadBytes).toBe(rootfs.contentBytes);
  expect(rootfs.live.length + rootfs.deadFiles.length).toBe(all.length);
  const mine = rootfs.live.map(({ entry, layer, paths }) => `${layer} ${entry.offset} ${paths.join(" ")}`);
  const others = [...new Lookup(layers).live()].map(
    ([key, { paths }]) => `${key} ${paths.toSorted().join(" ")}`,
  );
  expect(mine.toSorted()).toEqual(others.toSorted());
  for (const { addedIn, hiddenIn } of rootfs.deadFiles) expect(hiddenIn).toBeGreaterThanOrEqual(addedIn);
}

/** Files of whichever kind, AUFS metadata too, but no markers. */
function isCounted({ kind, path: at }: Entry): boolean {
  const isMarker = /(?:^|\/)\.wh\.[^/]*$/.test(at) && !/(?:^|\/)\.wh\.\.wh\.(?!\.opq$)/.test(at);
  return kind === "file" && !isMarker;
}
