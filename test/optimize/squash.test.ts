/** --squash and --with: neighbours become one layer, and others stay as they are. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openImage } from "../../src/image/open.ts";
import { dockerArchive, ociImage, ociLayout, tarOf, writeParts } from "../support/archive.ts";
import { layerlint, onlyImage } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";
import { layerCases } from "./layer-cases.ts";
import { outline, planSketch } from "./plans.ts";
import { rewriteStack } from "./rewriting.ts";

async function merged(texts: readonly string[], first = 1, last = texts.length - 1, more = {}) {
  const result = await rewriteStack(texts, { fixedLayers: 1, merges: [{ first, last }], ...more });
  expect(result.comparison.differences).toEqual([]);
  expect(result.comparison.digests[0]).toBe(result.comparison.digests[1]);
  return outline(result);
}

describe("several layers merged into one", () => {
  test.each<[name: string, stack: string[], last: string]>([
    ["files of all of them", ["k(1)", "a/ a/f(5)", "b(6)"], "a/ a/f b"],
    [
      "what dies between them is gone, and the whiteout with it",
      ["k(1)", "a(900) b(1)", ".wh.a c(2)"],
      "b c",
    ],
    ["a whiteout of what is below comes first", ["k(1)", "a(9)", ".wh.k"], ".wh.k a"],
    [
      "a directory described twice has the last attributes, before what is in it",
      ["k(1)", "d/ d/f(1)", "d/[0700] d/g(2)"],
      "d/ d/f d/g",
    ],
    [
      "a directory that only the later one describes comes first",
      ["k(1) d/", "d/f(1)", "d/ d/g(2)"],
      "d/ d/f d/g",
    ],
    ["the root", ["k(1)", "a(1)", "./[0700] b(1)"], "/ a b"],
    [
      "deleted and made again: an opaque directory, no whiteout",
      ["d/ d/old(9)", ".wh.d", "d/ d/new(1)"],
      "d/ d/.wh..wh..opq d/new",
    ],
    ["deleted, made, deleted again", ["d/ d/old(9)", ".wh.d", "d/ d/new(1)", ".wh.d"], ".wh.d"],
    [
      "an opaque marker of a directory that is deleted after all",
      ["d/ d/old(9)", "d/ d/.wh..wh..opq d/a(1)", ".wh.d"],
      ".wh.d",
    ],
    [
      "two opaque markers are one",
      ["d/ d/old(9)", "d/ d/.wh..wh..opq d/a(1)", "d/ d/.wh..wh..opq d/b(2)"],
      "d/ d/.wh..wh..opq d/b",
    ],
    ["a whiteout below what a file takes the place of", ["a/ a/c(1)", "a/ a/.wh.c", "a(9)"], "a"],
    [
      "a whiteout in a directory that only another layer describes",
      ["k(1)", "a/ a/f(1000)", "a/.wh.f c/ c/k(3)"],
      "a/ c/ c/k",
    ],
    ["two whiteouts are one", ["k(1) z(1)", ".wh.k", "k(2)", ".wh.k y(1)"], ".wh.k y"],
    [
      "a file that took the place of a directory below, and went",
      ["d/ d/old(9)", "d(5)", ".wh.d d/ d/n(1)"],
      "d/ d/.wh..wh..opq d/n",
    ],
    ["a file between two directories", ["d/ d/old(9)", "d(5)", "d/ d/n(1)"], "d/ d/.wh..wh..opq d/n"],
    [
      "a child whiteout below a deleted directory",
      ["d/ d/x(1) d/y(1)", "d/ d/.wh.x", ".wh.d", "d/ d/z(1)"],
      "d/ d/.wh..wh..opq d/z",
    ],
    [
      "hardlinks stay with the file of their own layer",
      ["k(1)", "a(9) b≡a[mtime=1600000001]", "a(5) c≡a[mtime=1600000002]"],
      "b a c≡a",
    ],
    [
      "a link to a name that a later layer has as well",
      ["k(1)", "a(9) b≡a[mtime=1600000001] c≡b[mtime=1600000001]", "b(5)"],
      "a c≡a b",
    ],
  ])("%s", async (_, stack, last) => {
    const found = await merged(stack);
    expect(found).toEqual(["=", ...stack.slice(2).map(() => "↓"), last]);
  });

  test("nothing is left, so the merged layer is removed", async () => {
    expect(await merged(["k(1)", "a(1)", ".wh.a"])).toEqual(["=", "↓", "-"]);
  });

  test("pruned files and identical copies are found across the merged layers", async () => {
    expect(await merged(["f(100,h) g(5)", "f(30)", "f(100,h) x(1)"], 1, 2, { dropIdentical: true })).toEqual([
      "=",
      "↓",
      "x",
    ]);
    // what one of them hid is not there already
    expect(await merged(["f(100,h) g(5)", ".wh.f", "f(100,h) x(1)"], 1, 2, { dropIdentical: true })).toEqual([
      "=",
      "↓",
      "f x",
    ]);
  });

  test("with the base included, its dead bytes go as well", async () => {
    expect(await merged(["a(900) b(1)", ".wh.a c(1)", "d(1)"], 0, 1)).toEqual(["↓", "b c", "="]);
  });

  test.each(layerCases)("case $name: merged or refused, it shows the same", async ({ layers }) => {
    const result = await rewriteStack(layers, { merges: [{ first: 0, last: layers.length - 1 }] });
    expect(result.comparison.differences).toEqual([]);
  });
});

describe("what splits a group of layers", () => {
  test("a refused layer stays, and its neighbours are merged on each side of it", async () => {
    expect(await merged(["k(1)", "a(1)", "b(1)", "x(1) x(2)", "c(1)", "d(1)"])).toEqual([
      "=",
      "↓",
      "a b",
      "!duplicate-path",
      "↓",
      "c d",
    ]);
  });

  test("a layer that other images share", () => {
    const { plans } = planSketch(["k(1)", "a(1)", "b(1)", "c(1)", "d(1)"], {
      fixedLayers: 1,
      shared: new Set([2]),
      merges: [{ first: 1, last: 4 }],
    });
    expect(plans[2]).toEqual({ action: "keep", why: "shared" });
    expect(outline({ plans })).toEqual(["=", "=", "=", "↓", "c d"]);
  });

  test("a directory that a layer only implies over one with other attributes: runtimes would show those again", () => {
    const { plans } = planSketch(["k(1)", "p/[0700] p/a(1)", "p/b(1)"], {
      fixedLayers: 1,
      merges: [{ first: 1, last: 2 }],
    });
    expect(plans[2]).toEqual({ action: "keep", why: "clean", notMerged: { code: "masked-dir", path: "p" } });
    // where they would show the same anyway, it may be
    expect(
      outline(
        planSketch(["k(1)", "p/ p/a(1)", "p/b(1)"], { fixedLayers: 1, merges: [{ first: 1, last: 2 }] }),
      ),
    ).toEqual(["=", "↓", "p/ p/a p/b"]);
  });

  test("an implied directory that was deleted before: its whiteout would stand beside what is in it", () => {
    const { plans } = planSketch(["d/ d/old(1)", ".wh.d", "d/new(1)"], {
      fixedLayers: 1,
      merges: [{ first: 1, last: 2 }],
    });
    const notMerged = { code: "masked-dir", path: "d" };
    expect(plans.slice(1)).toMatchObject([
      { why: "clean", notMerged },
      { why: "clean", notMerged },
    ]);
  });

  test.each([
    ["c/ c/a/[uid=3] c/a/a(9)", "c/a/a(7) .wh.c"],
    ["c/ c/b/[0700] c/b/f(1)", "c/ c/.wh..wh..opq c/b/b(10)"],
  ])("one that its own layer hides first: %s, %s", async (...stack) => {
    const merges = [{ first: 0, last: 1 }];
    const { plans, comparison } = await rewriteStack(stack, { merges });
    expect(comparison.differences).toEqual([]);
    expect(plans.map(({ action }) => action)).not.toContain("merge");
  });

  test("an implied directory in a directory that another layer describes: umoci would change the time of the outer one", () => {
    const of = (...stack: string[]) => {
      const merges = [{ first: 1, last: stack.length - 1 }];
      return planSketch(stack, { fixedLayers: 1, merges }).plans[1];
    };
    const notMerged = { code: "masked-dir", path: "a/a" };
    expect(of("k(1)", "a/a/c(1)", "a/")).toMatchObject({ notMerged });
    // one that is there already is not made
    expect(of("a/ a/a/ k(1)", "a/a/c(1)", "a/")).toMatchObject({ action: "merge" });
    // a marker makes none, but for overlay runtimes
    expect(of("a/a/c/.wh..wh..opq", "a/a/c(1)", "a/")).toMatchObject({ notMerged });
  });

  test("a file, a directory and a file again hide what is below them, whatever comes above", () => {
    const stack = ["a/ a/a(10)", "a(1)", "a/ a/a(2)", "a(3)", "a/ a/b(4)"];
    const { plans } = planSketch(stack, { fixedLayers: 1, merges: [{ first: 1, last: 3 }] });
    expect(plans[3]).toMatchObject({ action: "rewrite", rewrite: { entries: [{ path: ".wh.a" }] } });
  });

  test("no opaque marker stands in what a whiteout hides, which takes the place of a file", () => {
    const stack = ["b/ b/a/ b/a/n(7)", "b/ b/a/ b/a/.wh..wh..opq k(1)", "b/ b/a(1)", "b/ b/a/"];
    const { plans } = planSketch(stack, { fixedLayers: 1, merges: [{ first: 1, last: 2 }] });
    const entries = ["b", "b/.wh.a", "k"].map((path) => ({ path }));
    expect(plans[2]).toMatchObject({ action: "rewrite", rewrite: { entries } });
  });

  test("no marker stands below a whiteout that takes the place of a file", () => {
    const merges = [{ first: 1, last: 2 }];
    const { plans } = planSketch(["a/ a/c(1)", "a/.wh.c a/ a/b(1) k(1)", "a→a", "a/ a/d(1)"], {
      fixedLayers: 1,
      merges,
    });
    const entries = [{ path: ".wh.a" }, { path: "k" }];
    expect(plans[2]).toMatchObject({ action: "rewrite", rewrite: { entries, hiding: ["a"] } });
  });

  test("layers that cannot be merged still lose their dead bytes, and the plan says why", () => {
    const { plans } = planSketch(["k(1)", "p/[0700] p/a(1) big(9)", "p/b(1)", ".wh.big"], {
      fixedLayers: 1,
      merges: [{ first: 1, last: 2 }],
    });
    expect(plans[1]).toMatchObject({ action: "rewrite", notMerged: { code: "masked-dir", path: "p" } });
  });
});

describe("the command", () => {
  const folder = testFolder("squash");
  let input: string;
  let base: string;
  beforeAll(async () => {
    const layers = await packSketches(["base(90000)", "a(50000) x(1)", ".wh.a b(20)", "c(30)"]);
    const history = ["base", "RUN a", "RUN b", "COPY c"].map((created_by) => ({ created_by }));
    [input, base] = [join(folder, "in.tar"), join(folder, "base.tar")];
    await writeFile(input, await tarOf(dockerArchive({ layers, history })));
    await writeFile(
      base,
      await tarOf(dockerArchive({ layers: layers.slice(0, 2), history: history.slice(0, 2) })),
    );
  });

  let count = 0;
  async function run(...args: string[]) {
    const output = join(folder, `${count++}.tar`);
    const done = await layerlint(["optimize", input, "-o", output, ...args]);
    expect([done.code, done.stderr]).toEqual([0, ""]);
    const image = await openImage(output);
    await image.close();
    const { layers, config } = image;
    return {
      text: done.stdout,
      layers: layers.map(({ entries }) => entries.map(({ path }) => path).join(" ")),
      history: config.history!.map(({ createdBy, emptyLayer }) => `${createdBy}${emptyLayer ? " -" : ""}`),
      diffIds: config.diffIds,
      formats: layers.map(({ compression }) => compression),
    };
  }

  test("above-base: the base stays, the history keeps its entries, and the report states the price", async () => {
    const { layers, history, text } = await run("--squash", "above-base");
    expect(layers).toEqual(["base", "x b c"]);
    expect(history).toEqual(["base", "RUN a -", "RUN b -", "COPY c"]);
    expect(text).toMatch(/1 +\S+ kB +gone +merged into layer 3/);
    expect(text).toContain(
      "note: layers 1 to 3 are one: a change to one of them transfers all of them again",
    );
  });

  test("all: the report says that the base is no longer shared", async () => {
    const { layers, text } = await run("--squash", "all");
    expect(layers).toEqual(["base x b c"]);
    expect(text.replace(/\n/g, " ")).toContain("; the configuration is the same");
    expect(text).toContain("base: layer 0, not kept (its exact end is unknown; --base sets it)\n");
    expect(text.replace(/\n/g, " ")).toContain(
      "of the base in them are no longer shared with any other image",
    );
  });

  test.each(["2-3", "2..3"])("a range: %s", async (range) => {
    expect((await run("--squash", range)).layers).toEqual(["base", "x", "b c"]);
  });

  test("auto merges tiny layers that are not sent more often than before, and no large ones", async () => {
    expect((await run("--squash", "auto")).layers).toEqual(["base", "x b c"]);
  });

  test("--with: the layer of the other image stays, its dead bytes included", async () => {
    const { layers, diffIds } = await run("--with", base, "--squash", "above-base");
    expect(layers).toEqual(["base", "a x", ".wh.a b c"]);
    const other = await openImage(base);
    await other.close();
    expect(diffIds.slice(0, 2)).toEqual(other.config.diffIds);
  });

  test.each([[], ["--recompress-base"]])(
    "--with and --recompress: what is shared stays as it is stored %s",
    async (...more) => {
      const { formats } = await run("--with", base, "--recompress", "gzip:1", ...more);
      expect(formats).toEqual(["none", "none", "gzip", "gzip"]);
    },
  );

  test("--with and --base: an archive with many images", async () => {
    const layers = await packSketches(["base(90000)", "a(50000) x(1)", ".wh.a b(20)", "c(30)"]);
    const [many, app] = [join(folder, "many"), join(folder, "app.tar")];
    const images = [layers.slice(0, 1), layers.slice(0, 2), await packSketches(["other(9)"])];
    await writeParts(many, ociLayout(images.map((each) => ociImage({ layers: each }))));
    await writeFile(app, await tarOf(dockerArchive({ layers })));
    const planned = async (...args: string[]) => {
      const { stdout, stderr } = await layerlint(["optimize", app, "--dry-run", "--format", "json", ...args]);
      if (stderr !== "") return stderr;
      const { layers: rows } = onlyImage(stdout) as { layers: { action: string; why?: { code: string } }[] };
      return rows.map(({ action, why }) => why?.code ?? action).join(" ");
    };
    expect(await planned("--with", many)).toBe("shared shared clean clean");
    expect(await planned("--base", many)).toBe("base base clean clean");
    expect(await planned("--base", app)).toBe("base base base base");
    expect(await planned("--base", "-")).toBe(
      "layerlint: --base -: only the image itself can come from standard input; name a file\n",
    );
    expect(await planned("--with", "-")).toMatch(/^layerlint: --with -: only the image itself/);
    expect(await planned("--with", "")).toBe("layerlint: --with: name the image file\n");
    expect(await planned("--base", " ")).toMatch(/^layerlint: --base: write a number of layers/);
  });

  test("an empty history is treated like a missing one", async () => {
    const path = join(folder, "empty.tar");
    const layers = await packSketches(["a(1)", "b(1)", ".wh.b"]);
    await writeFile(path, await tarOf(dockerArchive({ layers, history: [] })));
    const output = join(folder, "empty-out.tar");
    const done = await layerlint(["optimize", path, "-o", output, "--squash", "all", "--base", "0"]);
    expect([done.code, done.stderr]).toEqual([0, ""]);
    const image = await openImage(output);
    await image.close();
    expect(image.layers).toHaveLength(1);
  });

  test.each([
    ["some", "write auto, above-base, all, or the numbers"],
    ["3-2", "has layers 0 to 3; write two of these numbers"],
    ["1-9", "has layers 0 to 3"],
    ["1-2,2-3", "a layer is in two of these ranges"],
  ])("--squash %s", async (value, message) => {
    const output = join(folder, "never.tar");
    const done = await layerlint(["optimize", input, "-o", output, "--squash", value]);
    expect(done.code).toBe(2);
    expect(done.stderr).toContain(message);
  });

  test("a history with another number of layers", async () => {
    const odd = join(folder, "odd.tar");
    await writeFile(
      odd,
      await tarOf(
        dockerArchive({ layers: await packSketches(["a(1)", "b(1)"]), history: [{ created_by: "one" }] }),
      ),
    );
    const done = await layerlint(["optimize", odd, "--dry-run", "--squash", "all"]);
    expect(done.code).toBe(2);
    expect(done.stderr).toContain(
      "odd.tar: its history does not show which entry created which layer, so layers cannot be merged",
    );
  });

  test("a prediction reports the same", async () => {
    const done = await layerlint([
      "optimize",
      input,
      "--dry-run",
      "--squash",
      "above-base",
      "--format",
      "json",
    ]);
    const { layers } = onlyImage(done.stdout) as {
      layers: { action: string; into?: number; sources?: number[] }[];
    };
    expect(layers.map(({ action }) => action)).toEqual(["keep", "merge", "merge", "rewrite"]);
    expect(layers[3]!.sources).toEqual([1, 2, 3]);
    expect(layers[1]!.into).toBe(3);
  });
});
