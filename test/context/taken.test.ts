import { describe, expect, test } from "vitest";
import type { ContextSources } from "../../src/context/context.ts";
import { context, contextSketch } from "../support/context.ts";

const files = {
  "README.md": 10,
  "package.json": 1,
  "package-lock.json": 2,
  ".env": 3,
  "src/main.ts": 4,
  "src/lib/a.ts": 5,
  "src/lib/a.test.ts": 6,
  "src/lib/deep/b.ts": 7,
  "docs/a.md": 8,
  "empty/": 0,
  link: "-> src/lib",
  "abs/link": "-> /docs/a.md",
  nowhere: "-> gone",
  loop: "-> loop",
};

function taken(sources: readonly string[], more: Partial<ContextSources> & { ignore?: string } = {}) {
  const { ignore, ...options } = more;
  const { taken: take } = context({ files, ...(ignore === undefined ? {} : { ignore }) });
  return take({ paths: sources, exclude: [], parents: false, ...options });
}

function paths(...args: Parameters<typeof taken>): string[] {
  return taken(...args).files.map(({ path }) => path);
}

const lib = ["src/lib/a.test.ts", "src/lib/a.ts", "src/lib/deep/b.ts"];

describe("what a COPY takes", () => {
  test.each([
    [["package.json"], ["package.json"]],
    [["/package.json"], ["package.json"]],
    [["../../package.json"], ["package.json"]],
    [["src/lib"], lib],
    [["./src//lib/"], lib],
    [["package*.json"], ["package-lock.json", "package.json"]],
    [["*.md"], ["README.md"]],
    [["*/*.md"], ["docs/a.md"]],
    [["s?c/[l]ib"], lib],
    [["src/lib/*"], lib],
    [
      ["package.json", "p*"],
      ["package.json", "package-lock.json"],
    ],
    [["empty"], []],
    [["link"], lib],
    [["link/deep"], ["src/lib/deep/b.ts"]],
    [["abs/link"], ["docs/a.md"]],
    [["ab*/li*"], ["docs/a.md"]],
    [["abs"], ["abs/link"]],
    [["src/**"], ["src/lib/a.test.ts", "src/lib/a.ts", "src/lib/deep/b.ts", "src/main.ts"]],
  ])("%j", (sources, expected) => {
    expect(paths(sources)).toEqual(expected);
    expect(taken(sources).missing).toEqual([]);
  });

  test("the whole context, with sizes; a symlink has none", () => {
    const { files: all, complete } = taken(["."]);
    expect(all).toHaveLength(13);
    expect(all.find(({ path }) => path === "src/lib/deep/b.ts")!.size).toBe(7);
    expect(all.find(({ path }) => path === "nowhere")!.size).toBe(0);
    expect(complete).toBe(true);
  });

  test.each(["gone", "*.gone", "src/gone/*", "README.md/x", "nowhere", "now*", "loop", "[", "src/main.ts/*"])(
    "%s names nothing",
    (path) => {
      expect(taken([path, "README.md"])).toMatchObject({ files: [{ path: "README.md" }], missing: [path] });
    },
  );

  test("ignored files do not exist", () => {
    expect(paths(["."], { ignore: "*\n!src" })).toEqual([...lib, "src/main.ts"]);
    expect(paths(["."], { ignore: "*\n!src/lib/deep\nsrc/**/*.md" })).toEqual(["src/lib/deep/b.ts"]);
    expect(taken(["docs"], { ignore: "docs" }).missing).toEqual(["docs"]);
    expect(taken(["abs/link"], { ignore: "docs" }).missing).toEqual(["abs/link"]);
    expect(taken(["src"], { ignore: "src\n!src/gone" }).missing).toEqual(["src"]);
  });

  test("--exclude is about paths below each source", () => {
    expect(paths(["src"], { exclude: ["lib"] })).toEqual(["src/main.ts"]);
    expect(paths(["src"], { exclude: ["src/lib"] })).toContain("src/lib/a.ts");
    expect(paths(["src"], { exclude: ["**/*.test.ts", "main.ts"] })).toEqual([
      "src/lib/a.ts",
      "src/lib/deep/b.ts",
    ]);
    expect(paths(["src"], { exclude: ["**", "!lib/deep"] })).toEqual(["src/lib/deep/b.ts"]);
    expect(paths(["src/*"], { exclude: ["deep"] })).toEqual([
      "src/lib/a.test.ts",
      "src/lib/a.ts",
      "src/main.ts",
    ]);
  });

  test("a source that is a file itself is not excluded", () => {
    expect(paths(["README.md"], { exclude: ["*.md"] })).toEqual(["README.md"]);
  });

  test("--parents reads the whole path as a pattern", () => {
    expect(paths(["src/lib/deep"], { parents: true })).toEqual(["src/lib/deep/b.ts"]);
    expect(paths(["**/*.md"], { parents: true })).toEqual(["README.md", "docs/a.md"]);
    expect(paths(["**/b.ts"], { parents: true, exclude: ["src"] })).toEqual([]);
    expect(taken(["gone"], { parents: true }).missing).toEqual(["gone"]);
    expect(taken(["**/gone"], { parents: true }).missing).toEqual(["**/gone"]);
  });

  test("/./ in it begins the pattern", () => {
    expect(paths(["src/./lib/*.ts"], { parents: true })).toEqual(["src/lib/a.test.ts", "src/lib/a.ts"]);
    expect(paths(["src/./**/b.ts"], { parents: true, exclude: ["lib/deep"] })).toEqual([]);
    expect(paths(["s*/./main.ts"], { parents: true })).toEqual(["src/main.ts"]);
  });
});

describe("what it costs", () => {
  test("nothing until used, and each folder is read once", () => {
    const { context: lazy, reads } = contextSketch({ files, ignore: "node_modules" });
    expect(reads).toEqual([]);
    lazy.ignores("a");
    expect(reads).toEqual([".dockerignore"]);
    lazy.taken({ paths: ["docs/a.md"], exclude: [], parents: false });
    expect(reads).toEqual([".dockerignore", "", "docs"]);
    lazy.files();
    lazy.files();
    expect(reads).toHaveLength(new Set(reads).size);
  });

  test("an ignored folder is not read, unless a file in it is included again", () => {
    const look = (ignore: string) => {
      const { context: lazy, reads } = contextSketch({ files, ignore });
      lazy.files();
      return reads;
    };
    expect(look("src\n!docs/x")).not.toContain("src");
    expect(look("src\n!src/lib/deep")).toContain("src/lib/deep");
    expect(look("src\n!src/lib/deep")).not.toContain("src/other");
  });

  test("beyond the limit the answer is incomplete", () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`d${i % 10}/f${i}`, 1]));
    const { files: listed, complete } = context({ files: many, limit: 50 }).files();
    expect(complete).toBe(false);
    expect(listed.length).toBeLessThanOrEqual(50);
    expect(context({ files: many, limit: 200 }).files()).toMatchObject({ complete: true });
  });
});
