/** Random stacks against the second evaluator, and the cost of applying layers. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { toBytes } from "../../src/byte-path.ts";
import type { Entry } from "../../src/image/image.ts";
import { applyLayers } from "../../src/rootfs/apply.ts";
import { growthOf } from "../support/work.ts";
import { checkStack, stack } from "./random-stacks.ts";

test("1,000 random stacks: live + dead = total, and a second evaluator agrees on every live file", () => {
  fc.assert(fc.property(stack, checkStack), { seed: 20261124, numRuns: 1000 });
});

test("cost is linear in entries and whiteouts", () => {
  const layersOf = (n: number) => [
    { index: 0, entries: Array.from({ length: 10 * n }, (_, i) => file(`usr/d${i % 50}/f${i}`, i * 1024)) },
    { index: 1, entries: Array.from({ length: n }, (_, i) => file(`usr/d${i % 50}/.wh.f${i}`, i * 512, 0)) },
  ];
  const applying = (n: number) => {
    const layers = layersOf(n);
    return () => void applyLayers(layers).settle();
  };
  expect(growthOf(applying, 500)).toBeLessThan(4.5);
  const rootfs = applyLayers(layersOf(500)).settle();
  expect(rootfs.deadFiles).toHaveLength(500);
  expect(rootfs.live).toHaveLength(4500);
});

function file(path: string, offset: number, size = 10): Entry {
  return {
    path: toBytes(path),
    kind: "file",
    size,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    mtimeNs: 0,
    link: toBytes(""),
    device: undefined,
    xattrs: undefined,
    offset,
    dataOffset: offset + 512,
    storedBytes: size,
    tarBytes: 1024,
    sparse: false,
    sha256: undefined,
  };
}
