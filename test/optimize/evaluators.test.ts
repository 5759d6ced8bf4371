/** The two evaluators of the proof against each other, and against src/rootfs and the lookup of the tests. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { toBytes } from "../../src/byte-path.ts";
import { applyInOrder } from "../../src/optimize/proof/apply-in-order.ts";
import { lastWriter } from "../../src/optimize/proof/last-writer.ts";
import { bothWays } from "../../src/optimize/proof/prove.ts";
import { disagreement, type Provider } from "../../src/optimize/proof/visible.ts";
import { applyLayers } from "../../src/rootfs/apply.ts";
import { stack } from "../rootfs/random-stacks.ts";
import { sketchImage, sketchLayers } from "../support/sketch.ts";
import { growthOf } from "../support/work.ts";

/** `path layer offset` of each name, or `path dir` where nothing describes it. */
function lines(visible: Iterable<readonly [string, Provider]>): string[] {
  return [...visible]
    .filter(([path]) => path !== "")
    .map(([path, { layer, entry }]) => `${path} ${entry === undefined ? "dir" : `${layer} ${entry.offset}`}`)
    .toSorted();
}

test("both evaluators see what src/rootfs sees, entry by entry, in 1,000 random stacks", () => {
  fc.assert(
    fc.property(stack, (texts) => {
      const layers = sketchLayers(texts);
      const visible = applyInOrder(layers);
      expect(disagreement(visible, lastWriter(layers))).toBeUndefined();
      const rootfs = applyLayers(layers).settle();
      const carriers = new Map(rootfs.live.map(({ entry, layer }) => [entry, layer]));
      const theirs = [...rootfs.tree()].map(({ path, entry, layer }) => {
        if (entry === undefined) return `${path} dir`;
        // a hardlink's node says where the name is, not where the data is
        return `${path} ${carriers.get(entry) ?? layer} ${entry.offset}`;
      });
      // links to anything but files have no inode in src/rootfs, so only the entry can be compared
      const loose = (line: string) => line.replace(/ \d+ (\d+)$/, " $1");
      expect(lines(visible).map(loose)).toEqual(theirs.map(loose).toSorted());
    }),
    { seed: 20261125, numRuns: 1000 },
  );
});

test.each([
  [
    "D: a directory that is whited out and made again starts empty",
    ["d/ d/old(1)", ".wh.d d/ d/new(1)"],
    "d 1 512|d/new 1 1024",
  ],
  ["M: a symlink in the way is replaced", ["r/ l→r", "l/f(1)"], "l dir|l/f 1 0|r 0 0"],
  [
    "a directory behind a file that came between has no attributes",
    ["a/[0700] a/x(1)", "a(1)", "a/y(1)"],
    "a dir|a/y 2 0",
  ],
  ["a hardlink keeps what was overwritten below", ["f(1)", "g≡f", "f(2)"], "f 2 0|g 0 0"],
  ["a hardlink below its own target leads nowhere", ["a(1)", "a/b≡a"], "a dir"],
  ["a hardlink to a hardlink", ["f(1) g≡f h≡g", ".wh.f .wh.g"], "h 0 0"],
  ["whiteouts in odd places hide nothing", ["a/ a/b(1)", ".wh..wh.x/.wh.a .wh. a/.wh..."], "a 0 0|a/b 0 512"],
  ["names with a line break", ['"a\\nb/" "a\\nb/c"(1)', '"a\\nb/.wh.c"'], "a\nb 0 0"],
  ["an attribute of the root", ["a(1)", ".wh..wh..opq b(1)"], "b 1 512"],
] as const)("%s", (_name, texts, expected) => {
  const layers = sketchLayers(texts);
  expect(lines(applyInOrder(layers)).join("|")).toBe(expected);
  expect(lines(lastWriter(layers)).join("|")).toBe(expected);
});

test("hardlinks share a provider, equal layers do not", () => {
  const [layer] = sketchLayers(["f(1) g≡f"]);
  for (const evaluator of [applyInOrder, lastWriter]) {
    const visible = new Map(evaluator([layer!, layer!]));
    expect(visible.get(toBytes("f"))).toBe(visible.get(toBytes("g")));
    expect(visible.get(toBytes("f"))?.layer).toBe(1);
  }
});

test("a disagreement of the evaluators names the path and is reported as our bug", () => {
  const layers = sketchLayers(["a(1) b(1)"]);
  const a = applyInOrder(layers);
  expect(disagreement(a, new Map([...a].filter(([path]) => path !== "b")))).toBe("b");
  expect(disagreement(new Map(), a)).toBe("");
  expect(disagreement(a, new Map([...a, [toBytes("a"), a.get(toBytes("b"))!]]))).toBe("a");
  expect(bothWays(sketchImage({ layers: ["a(1)"] })).size).toBe(2);
});

test("the cost of both is linear in entries, whiteouts and links", () => {
  const [file, link, whiteout] = sketchLayers(["f(10) l≡f .wh.f"])[0]!.entries;
  const layersOf = (n: number) => {
    const numbers = Array.from({ length: n }, (_, i) => i);
    const below = Array.from({ length: 9 * n }, (_, i) => ({
      ...file!,
      path: toBytes(`usr/d${i % 100}/f${i}`),
      offset: i,
    }));
    const links = numbers.map((i) => ({
      ...link!,
      path: toBytes(`usr/l/l${i}`),
      link: toBytes(`usr/d${i % 100}/f${i}`),
    }));
    const gone = numbers.map((i) => ({ ...whiteout!, path: toBytes(`usr/d${i % 100}/.wh.f${i}`) }));
    return [{ entries: [...below, ...links] }, { entries: gone }];
  };
  const applying = (evaluate: typeof applyInOrder | typeof lastWriter) => (n: number) => {
    const layers = layersOf(n);
    return () => void [...evaluate(layers)];
  };
  expect(growthOf(applying(applyInOrder), 500)).toBeLessThan(4.5);
  expect(growthOf(applying(lastWriter), 500)).toBeLessThan(4.5);
  const layers = layersOf(500);
  const visible = applyInOrder(layers);
  expect(disagreement(visible, lastWriter(layers))).toBeUndefined();
  expect(visible.size).toBe(4500 + 1 + 1 + 100 + 1);
});
