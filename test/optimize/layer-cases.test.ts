/**
 * Every case of docs/spec/layers.md and of docs/spec/optimizing.md, section 6: what becomes of its layers, and that
 * nothing else changes.
 */
import { describe, expect, test } from "vitest";
import { packSketches } from "../support/sketch.ts";
import { layerCases } from "./layer-cases.ts";
import { outline } from "./plans.ts";
import { rawEntries, rewriteStack } from "./rewriting.ts";

test("no case of the spec is missing", () => {
  const numbers = layerCases.map(({ name }) => name.split(" ")[0]!);
  const counted = Array.from({ length: 46 }, (_, i) => String(i + 1).padStart(2, "0"));
  const letters = "A B C C2 D D2 E E2 F G G2 H I J J2 K M N O P".split(" ");
  expect([...new Set(numbers)]).toEqual([...counted, ...letters]);
});

describe.each([
  [0, "without a base"],
  [1, "with layer 0 as base"],
] as const)("%i: %s", (fixedLayers, _name) => {
  test.each(layerCases)("$name", async ({ layers, free, based, history, platform }) => {
    const mayRemove = history === undefined || history.length === layers.length;
    const result = await rewriteStack(layers, { fixedLayers, mayRemove, os: platform?.os ?? "linux" });
    expect(outline(result).join(" ∥ ")).toBe(fixedLayers === 0 ? free : based);
    expect(result.comparison.differences).toEqual([]);
    result.plans.forEach((plan, i) => {
      if (plan.action === "rewrite") expect(result.tars[i]!.length).toBe(plan.rewrite.tarBytes);
    });
  });
});

test("remaining entries are copied bit for bit, headers and data", async () => {
  const stack = [
    "gone(9) a/[0750,uid=3] a/f(700,xattr.user.k=v) s→t[mtime=5.5] dev[char=1:3] h(5) l≡h",
    "gone(1)",
  ];
  const { before, after, tars } = await rewriteStack(stack);
  const [old] = await packSketches(stack);
  const was = rawEntries(old!, before[0]!);
  const is = rawEntries(tars[0]!, after[0]!);
  expect([...is.keys()]).toEqual(["a", "a/f", "s", "dev", "h", "l"]);
  for (const [path, bytes] of is) expect(bytes.equals(was.get(path)!), path).toBe(true);
  expect(tars[0]!.subarray(-1024).equals(Buffer.alloc(1024))).toBe(true);
});

describe("hardlinks", () => {
  test("a promoted link has the attributes of the inode, and long names and xattrs survive", async () => {
    const long = `${"d".repeat(90)}/${"n".repeat(90)}`;
    const stack = [
      `${"d".repeat(90)}/ f(700,h,xattr.user.k=v,mode=0640) "${long}"≡f[mode=0640,mtime=1600000000] g≡f[mode=0640,mtime=1600000000] z(3)`,
      ".wh.f",
    ];
    const { comparison, after, plans } = await rewriteStack(stack, { chunk: 512 });
    expect(comparison.differences).toEqual([]);
    expect(after[0]!.entries.map(({ path, kind, link, mode }) => [path, kind, link, mode])).toEqual([
      ["d".repeat(90), "dir", "", 0o755],
      [long, "file", "", 0o640],
      ["g", "hardlink", long, 0o640],
      ["z", "file", "", 0o644],
    ]);
    expect(after[0]!.entries[1]!.xattrs).toEqual(new Map([["user.k", "v"]]));
    expect(plans[0]).toMatchObject({ rewrite: { promoted: [long], droppedBytes: 0 } });
  });

  test("a link whose own target is gone follows the name that carries the data", async () => {
    // the second link names the first one, which is gone
    const { comparison, after } = await rewriteStack(["f(9) g≡f h≡g", ".wh.g"]);
    expect(comparison.differences).toEqual([]);
    expect(after[0]!.entries.map(({ path, link }) => `${path}>${link}`)).toEqual(["f>", "h>f"]);
  });

  test("links to a symlink are promoted as well", async () => {
    const { comparison, after } = await rewriteStack(["s→t l≡s[mode=0777]", ".wh.s"]);
    expect(comparison.differences).toEqual([]);
    expect(after[0]!.entries.map(({ path, kind, link }) => [path, kind, link])).toEqual([
      ["l", "symlink", "t"],
    ]);
  });
});

describe("a file that hides something is not simply dropped", () => {
  test.each<[name: string, stack: string[], plan: string[]]>([
    ["a file between two directories", ["a/ a/old(9)", "a(5) k(1)", "a/ a/new(1)"], ["=", ".wh.a k", "="]],
    [
      "a file in the way of a directory that case D would show again",
      ["a/ a/old(9)", "a(5) k(1)", ".wh.a a/ a/new(1)"],
      ["=", ".wh.a k", "a/ a/new"],
    ],
    [
      "whatever is between them",
      ["a/ a/old(9)", "a(5) k(1)", "x(1)", "a/ a/new(1) .wh.a"],
      ["=", ".wh.a k", "=", "a/ a/new"],
    ],
    [
      "a file in a folder that comes again, with a directory in its place",
      ["d/ d/e/ d/e/old(9)", "d/ d/e(5) k(1)", ".wh.d d/ d/e/ d/e/new(1)"],
      ["=", "d/ d/.wh.e k", "d/ d/e/ d/e/new"],
    ],
    [
      "a whiteout between them has nothing to hide then",
      ["a/ a/old(9)", "a(5) k(1)", ".wh.a", ".wh.a a/ a/new(1)"],
      ["=", ".wh.a k", "-", "a/ a/new"],
    ],
    [
      "a file in a directory that is emptied by the layer which has one in its place: umoci changes its time",
      ["b/ b/b/ b/b/b/", "b/b(700) k(1)", "b/ b/b/ b/b/c(1) b/.wh..wh..opq"],
      ["=", "b/.wh.b k", "b/ b/b/ b/b/c"],
    ],
    [
      "a folder that is only there for a marker, which overlay runtimes make",
      ["a/c/.wh..wh..opq k(1)", ".wh.a a/ a/b(1)", ".wh.a k(2)"],
      ["=", ".wh.a", "k"],
    ],
    [
      "and a whiteout in a new folder, which is a name there",
      ["d/ d/.wh.x k(1)", "d/ d/x(1)", "d/ d/.wh.x k(2)"],
      ["=", "d/", "="],
    ],
  ])("%s", async (_, stack, plan) => {
    const result = await rewriteStack(stack, { fixedLayers: 1 });
    expect(outline(result)).toEqual(plan);
    expect(result.comparison.differences).toEqual([]);
  });

  test("a whiteout below a directory that case D would show again", async () => {
    const stack = ["c/ c/a(9)", ".wh.c c/ c/n(1)", "c/ c/.wh.a k(1)", ".wh.k"];
    const result = await rewriteStack(stack, { fixedLayers: 1 });
    expect(outline(result)).toEqual(["=", "=", "c/ c/.wh.a", "-"]);
    // a file there as well: it hides what a directory above it would show
    const file = ["c/ c/e/ c/e/a(9)", ".wh.c c/ c/n(1)", "c/ c/e(5)", "c/ c/e/ c/e/b(1)"];
    expect(outline(await rewriteStack(file, { fixedLayers: 1 }))).toEqual(["=", "=", "c/ c/.wh.e", "="]);
    // read alike by all, it is not needed
    const opaque = ["c/ c/a(9)", "c/ c/.wh..wh..opq c/n(1)", "c/ c/.wh.a k(1)", ".wh.k"];
    expect(outline(await rewriteStack(opaque, { fixedLayers: 1 }))).toEqual(["=", "=", "c/", "-"]);
  });

  test("a whiteout that hides the base stays, and so does one that hides a refused layer", async () => {
    expect(outline(await rewriteStack(["a(9)", "b(1)", ".wh.a .wh.b"], { fixedLayers: 1 }))).toEqual([
      "=",
      "-",
      ".wh.a",
    ]);
    expect(outline(await rewriteStack(["a(9) a(8)", ".wh.a .wh.no"]))).toEqual(["!duplicate-path", ".wh.a"]);
  });

  test("markers that runtimes misread are replaced where a layer is rewritten anyway, and elsewhere with --repair", async () => {
    const stack = ["d/ d/old(9)", ".wh.d d/ d/new(1)"];
    const more = ["d/ d/old(9)", ".wh.d .wh.no d/ d/new(1)"];
    const repaired = ["=", "d/ d/.wh..wh..opq d/new"];
    expect(outline(await rewriteStack(stack, { fixedLayers: 1 }))).toEqual(["=", "="]);
    expect(outline(await rewriteStack(more, { fixedLayers: 1 }))).toEqual(repaired);
    const result = await rewriteStack(stack, { fixedLayers: 1, repair: true });
    expect(outline(result)).toEqual(repaired);
    expect(result.comparison.differences).toEqual([]);
  });

  test("an implied directory keeps one entry, the cheapest", async () => {
    const result = await rewriteStack([
      "k(1)",
      "p/big(9000) p/small(5) k(2)",
      ".wh.k",
      "p/.wh.big p/.wh.small",
    ]);
    expect(outline(result)[1]).toBe("p/small");
    expect(result.comparison.differences).toEqual([]);
  });

  test("a marker does not keep an implied directory that its own layer creates", async () => {
    const stack = ["a/a/", ".wh.a a/.wh..wh..opq a/a(10)", "a/.wh..wh..opq"];
    const result = await rewriteStack(stack, { fixedLayers: 1 });
    expect(result.comparison.differences).toEqual([]);
    expect(result.after[1]!.entries.map(({ path }) => path)).toContain("a/a");
  });

  test("the folders of remaining files keep their entries, also dead ones", async () => {
    const result = await rewriteStack(["a/ a/b/ a/b/f(1)", "a/[uid=4] a/b/[uid=5] a/b/.wh.f", ".wh.a"], {
      fixedLayers: 1,
    });
    expect(outline(result)).toEqual(["=", "=", "="]);
  });
});

describe("empty layers", () => {
  test("an emptied layer is removed; one that was empty before stays", async () => {
    expect(outline(await rewriteStack(["∅", "a(1)", "∅", ".wh.a k(1)"]))).toEqual(["=", "-", "=", "k"]);
  });
  test("a layer with a directory of different attributes is not empty", async () => {
    const stack = ["a/", "a/[uid=1] a/f(1)", "a/[uid=1,mtime=1600000001] a/.wh.f"];
    expect(outline(await rewriteStack(stack))).toEqual(["=", "a/", "-"]);
  });
  test("a whiteout that hides nothing stays where it alone masks the attributes of its folder", async () => {
    const stack = (mode: string) => [`a/[${mode}] a/f(1)`, "a/.wh.f k(1)"];
    expect(outline(await rewriteStack(stack("0700")))).toEqual(["a/", "="]);
    expect(outline(await rewriteStack(stack("0755")))).toEqual(["a/", "k"]);
  });
  test("an emptied layer stays as an empty one if the history has another number of layers", async () => {
    expect(outline(await rewriteStack(["a(1)", ".wh.a k(1)"], { mayRemove: false }))).toEqual(["", "k"]);
  });
});

describe("--drop identical", () => {
  const drop = { fixedLayers: 1, dropIdentical: true };
  test("drops files that the base already has, and keeps those that differ in anything", async () => {
    const base = "f(9,h) g(9,h) s→t d/[mtime=1600000000]";
    const result = await rewriteStack(
      [base, "f(9,h) g(9,h,uid=1) s→t[mtime=1600000000] d/[mtime=1600000000] x(9,h)"],
      drop,
    );
    expect(outline(result)).toEqual(["=", "g x"]);
    expect(result.comparison.differences).toEqual([]);
  });
  test("a folder stays where something in it does", async () => {
    const result = await rewriteStack(["d/ d/f(9,h)", "d/[mtime=1600000000] d/f(9,h) d/n(1)"], drop);
    expect(outline(result)).toEqual(["=", "d/ d/n"]);
  });
  test("what this layer itself hides does not count as below", async () => {
    expect(outline(await rewriteStack(["f(9,h)", ".wh.f f(9,h)"], drop))[1]).toBe("f");
    expect(outline(await rewriteStack(["d/ d/f(9,h)", "d/ d/.wh..wh..opq d/f(9,h)"], drop))[1]).toBe("=");
  });
  test("hardlinks stay hardlinks", async () => {
    const result = await rewriteStack(["f(9,h) g≡f[mtime=1600000000]", "f(9,h)"], drop);
    expect(outline(result)).toEqual(["=", "="]);
    const other = await rewriteStack(["f(9,h)", "f(9,h) g≡f[mtime=1600000000]"], drop);
    expect(outline(other)).toEqual(["=", "="]);
  });
});
