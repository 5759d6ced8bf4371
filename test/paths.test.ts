import { expect, test } from "vitest";
import { optionsOf } from "../src/shell/option-reader.ts";
import { clean } from "../src/context/clean.ts";
import { baseName, isBelow, overlaps, resolve } from "../src/paths.ts";

const words = (...texts: string[]) =>
  texts.map((text) => ({ text, value: text, glob: false, start: 0, end: text.length }));

test("paths are cleaned as the kernel would read them", () => {
  expect(["/a//b/", "/a/./b/../c", "/../x", "/"].map(clean)).toEqual(["/a/b", "/a/c", "/x", "/"]);
});

test("a word is a path only when it is literal and its directory is known", () => {
  expect(resolve("/w", "a/b")).toBe("/w/a/b");
  expect(resolve(undefined, "/a/b/")).toBe("/a/b");
  for (const word of [undefined, "", "~/x", "$HOME/x"]) expect(resolve("/w", word)).toBeUndefined();
  expect(resolve(undefined, "a")).toBeUndefined();
});

test("below means a component further down, not a longer name", () => {
  expect([isBelow("/a/b", "/a"), isBelow("/ab", "/a"), isBelow("/a", "/a"), isBelow("/a", "/")]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect([overlaps("/a", "/a/b"), overlaps("/a", "/a"), overlaps("/a", "/ab")]).toEqual([true, true, false]);
  expect([baseName("a/b.tgz"), baseName("a/"), baseName("..")]).toEqual(["b.tgz", undefined, undefined]);
});

test("clusters, attached values, long options and the end of options are split as getopt does", () => {
  const { options, rest } = optionsOf(
    words("-fsSLo", "out", "--retry", "3", "-ofile", "--user=a", "url", "--", "-x"),
    { short: "o", long: ["--retry"] },
  );
  expect(options.map(({ name, value }) => [name, value?.value])).toEqual([
    ["-f", undefined],
    ["-s", undefined],
    ["-S", undefined],
    ["-L", undefined],
    ["-o", "out"],
    ["--retry", "3"],
    ["-o", "file"],
    ["--user", "a"],
  ]);
  expect(rest.map(({ text }) => text)).toEqual(["url", "-x"]);
});
