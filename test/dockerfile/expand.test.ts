import { describe, expect, test } from "vitest";
import { expand } from "../../src/dockerfile/expand.ts";

const variables = new Map([
  ["X", "value"],
  ["EMPTY", ""],
  ["PATH_", "/a/b/c.tar.gz"],
  ["UNKNOWN", undefined],
]);

describe("expansion as the builder does it", () => {
  test.each([
    ["plain", "plain"],
    ["$X-${X}", "value-value"],
    ["a$", "a$"],
    ["$$X", "X"],
    ["\\$X", "$X"],
    ["'$X'", "$X"],
    ['"$X y"', "value y"],
    ['"a\\"b\\c"', 'a"b\\c'],
    ["a\\ b", "a b"],
    ["${X:-d}${EMPTY:-d}${EMPTY-d}", "valued"],
    ["${X:+y}${EMPTY:+y}${EMPTY+y}", "yy"],
    ["${X:-${UNKNOWN}}", "value"],
    ["${X:?no}", "value"],
    ["${EMPTY:-a ${X} 'b c'}", "a value b c"],
    ["${PATH_#*/}", "a/b/c.tar.gz"],
    ["${PATH_##*/}", "c.tar.gz"],
    ["${PATH_%.*}", "/a/b/c.tar"],
    ["${PATH_%%.*}", "/a/b/c"],
    ["${PATH_/a/x}", "/x/b/c.tar.gz"],
    ["${PATH_//a/x}", "/x/b/c.txr.gz"],
    ["${PATH_//\\//-}", "-a-b-c.tar.gz"],
    ["${X/l*/[.]}", "va[.]"],
  ])("%s → %s", (word, expected) => {
    expect(expand(word, variables, "\\")).toBe(expected);
  });

  test.each(["$UNKNOWN", "${UNKNOWN:-x}", "$ABSENT", "${X", "'a", '"a', "${EMPTY:?gone}", "${X!y}", "${}"])(
    "%s is not known",
    (word) => {
      expect(expand(word, variables, "\\")).toBeUndefined();
    },
  );

  test("a name that nothing sets is empty where nothing unseen may set it", () => {
    expect(expand("a$ABSENT${ABSENT:-b}${ABSENT+c}", variables, "\\", "unset")).toBe("ab");
  });

  test("the escape directive's character", () => {
    expect(expand("C:\\dir\\`$X", variables, "`")).toBe("C:\\dir\\$X");
  });
});
