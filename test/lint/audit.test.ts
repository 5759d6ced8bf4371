import { describe, expect, test } from "vitest";
import { audit } from "../../src/lint/audit.ts";
import type { Settings, WasteBudget } from "../../src/lint/settings.ts";
import { subjectOf } from "../support/subject.ts";

test("of very many dead files the report has the largest, those of one size in byte order", async () => {
  // more files of the largest size than are shown
  const size = (i: number) => (i % 7 === 0 ? 900 : 100 + ((i * 104_729) % 700));
  const folderOf = (i: number) => (i % 2 === 0 ? "z" : "d");
  const files = Array.from({ length: 4000 }, (_, i) => `${folderOf(i)}/f${i}(${size(i)})`);
  // z dies first, so that a name which comes first comes late
  const subject = await subjectOf({ layers: [`d/ z/ ${files.join(" ")}`, ".wh.z", ".wh.d"] });
  const settings: Settings = { rules: [], failOn: "never", budget: undefined };
  const deadOf = (all: boolean) =>
    audit(subject, { settings, targets: { dockerfile: undefined, image: 0 }, all }).targets[0]!.image!;
  const few = deadOf(false);
  const every = deadOf(true);
  expect(few.deadCount).toBe(4000);
  expect(every.dead).toHaveLength(4000);
  expect(few.dead).toEqual(every.dead.slice(0, 100));
  const order = files
    .map((_, i) => ({ bytes: size(i), path: `${folderOf(i)}/f${i}` }))
    .toSorted((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  expect(every.dead.map(({ bytes, path }) => ({ bytes, path: path.replace(/^\//, "") }))).toEqual(order);
  // the cut goes through files of one size
  expect(order[99]!.bytes).toBe(order[100]!.bytes);
});

describe("the budget", () => {
  /** Of an image with 1,000 bytes above its base, of which 100 are avoidable. */
  const budgetOf = async (budget: Partial<WasteBudget>) => {
    const subject = await subjectOf({ layers: ["base(5000)", "live(900) dead(100)", ".wh.dead"], base: 1 });
    const whole = { maxBytes: undefined, maxShare: undefined, floorBytes: 0, ...budget };
    const settings: Settings = { rules: [], failOn: "never", budget: whole };
    const { failed, budget: result } = audit(subject, {
      settings,
      targets: { dockerfile: undefined, image: 0 },
      all: false,
    });
    expect(result).toMatchObject({ avoidableBytes: 100, aboveBaseBytes: 1000, exceeded: failed });
    return { limit: result!.limitBytes, failed };
  };

  test.each<[string, Partial<WasteBudget>, number, boolean]>([
    ["a size that the waste just reaches", { maxBytes: 100 }, 100, false],
    ["a size that is one byte less", { maxBytes: 99 }, 99, true],
    ["a share that the waste just reaches", { maxShare: 0.1 }, 100, false],
    ["a share that is a little less, in whole bytes", { maxShare: 0.0999 }, 99, true],
    ["a share below the least waste that counts", { maxShare: 0.01, floorBytes: 100 }, 100, false],
    ["a share above the least waste that counts", { maxShare: 0.05, floorBytes: 40 }, 50, true],
    ["the smaller one of size and share", { maxBytes: 60, maxShare: 0.5 }, 60, true],
    ["the smaller one of share and size", { maxBytes: 500, maxShare: 0.06 }, 60, true],
  ])("%s", async (_, budget, limit, failed) => {
    expect(await budgetOf(budget)).toEqual({ limit, failed });
  });
});

describe("avoidable bytes", () => {
  const settings: Settings = { rules: [], failOn: "never", budget: undefined };
  const sums = async (layers: readonly string[]) => {
    const targets = { dockerfile: undefined, image: 0 };
    const history = layers.map((_, i) => ({ createdBy: `/bin/sh -c step ${i}`, emptyLayer: false }));
    const { image } = audit(await subjectOf({ layers, base: 1, history }), { settings, targets, all: false })
      .targets[0]!;
    const { avoidableBytes, upgradedBytes, aboveBaseBytes } = image!.totals;
    return [avoidableBytes, upgradedBytes, aboveBaseBytes];
  };
  const status = "var/lib/dpkg/status";

  test.each<[string, readonly string[], readonly [number, number, number]]>([
    ["a copy of a base file that is deleted counts once", ["p(300,p)", "p(300,p)", ".wh.p"], [300, 0, 300]],
    [
      "a base file whose owner changes twice costs both copies",
      ["f(300,f)", "f(300,f,uid=1)", "f(300,f,uid=2)"],
      [600, 0, 600],
    ],
    [
      "a file of one's own whose owner changes costs its old copy",
      ["b(1)", "f(300,f)", "f(300,f,uid=2)"],
      [300, 0, 600],
    ],
    [
      "a base file that becomes a hardlink to another costs nothing",
      ["a(300,f) b(300,f,uid=1)", "b≡a"],
      [0, 0, 0],
    ],
    [
      "two base files that become one cost the one copy",
      ["a(300,f) b(300,f)", "a(300,f,uid=1) b≡a"],
      [300, 0, 300],
    ],
    [
      "what an upgrade replaces is not avoidable, and has a sum of its own",
      [`a(300,f) b(40) ${status}(9)`, `a(300,f,mtime=7) b(50) ${status}(10)`],
      [0, 340, 360],
    ],
    [
      "the owner that changes beside an upgrade is avoidable",
      [`a(300,f) ${status}(9)`, `a(300,f,uid=1) ${status}(10)`],
      [300, 0, 310],
    ],
  ])("%s", async (_, layers, expected) => {
    expect(await sums(layers)).toEqual(expected);
  });
});

describe("the largest files of a layer", () => {
  const largest = async (layers: readonly string[], all: boolean) => {
    const settings: Settings = { rules: [], failOn: "never", budget: undefined };
    const targets = { dockerfile: undefined, image: 0 };
    const { image } = audit(await subjectOf({ layers }), { settings, targets, all }).targets[0]!;
    return image!.layers[0]!.largest.map(({ path, bytes }) => `${path} ${bytes}`);
  };

  test("are three, live or dead, the largest first", async () => {
    const layers = ["a(1) b(5) c(3) d(4) e(2)", ".wh.d .wh.c"];
    expect(await largest(layers, false)).toEqual(["b 5", "d 4", "c 3"]);
  });

  test("are ten where all is asked for", async () => {
    const files = Array.from({ length: 12 }, (_, i) => `f${i}(${10 + i})`);
    const expected = Array.from({ length: 10 }, (_, i) => `f${11 - i} ${21 - i}`);
    expect(await largest([files.join(" ")], true)).toEqual(expected);
  });

  test("of one size are those that are live first, and none is empty", async () => {
    expect(await largest(["a(1) b(1) c(1) d(1) e(0)", ".wh.a"], false)).toEqual(["b 1", "c 1", "d 1"]);
    expect(await largest(["a(1) e(0)"], false)).toEqual(["a 1"]);
  });
});
