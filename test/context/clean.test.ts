import { expect, test } from "vitest";
import { clean } from "../../src/context/clean.ts";

test.each([
  ["./a//b/../c/", "a/c"],
  ["a/b/../..", "."],
  ["", "."],
  ["./", "."],
  ["..", ".."],
  ["../../a", "../../a"],
  ["a/../../b", "../b"],
  ["/", "/"],
  ["//a/./b/", "/a/b"],
  ["/..", "/"],
  ["/../../a", "/a"],
  ["/a/../../b", "/b"],
])("%j is %j", (path, expected) => {
  expect(clean(path)).toBe(expected);
});
