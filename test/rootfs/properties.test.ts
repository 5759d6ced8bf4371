/** Random stacks against the second evaluator, and the cost of applying layers. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyLayers } from "../../src/rootfs/apply.ts";
import type { Entry } from "../../src/image/image.ts";
import { checkStack, stack } from "./random-stacks.ts";

test("1,000 random stacks: live + dead = total, and a second evaluator agrees on every live file", () => {
  fc.assert(fc.property(stack, checkStack), { seed: 20261124, numRuns: 1000 });
});

test("cost is linear: 200,000 entries and 20,000 whiteouts", () => {
  const layer = (index: number, entries: Entry[]) => ({ index, entries });
  const below = Array.from({ length: 200_000 }, (_, i) => file(`usr/d${i % 500}/f${i}`, i * 1024));
  const gone = Array.from({ length: 20_000 }, (_, i) => file(`usr/d${i % 500}/.wh.f${i}`, i * 512, 0));
  const start = performance.now();
  const rootfs = applyLayers([layer(0, below), layer(1, gone)]).settle();
  expect(performance.now() - start).toBeLessThan(5000);
  expect(rootfs.deadFiles).toHaveLength(20_000);
  expect(rootfs.live).toHaveLength(180_000);
});

function file(path: string, offset: number, size = 10): Entry {
  return {
    path,
    kind: "file",
    size,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    mtimeNs: 0,
    link: "",
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
