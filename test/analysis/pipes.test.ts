import { expect, test } from "vitest";
import { hasPipe } from "../../src/analysis/steps/pipes.ts";

test.each([
  ["a | b", true],
  ["a |& b", true],
  ["a|b", true],
  ["a || b | c", true],
  ["a 'x' | b", true],
  ['a "x" | b', true],
  ["a 'x\\' | b", true],
  ["a \\' | b", true],
  ["a x# | b", true],
  ["a # x\n| b", true],
  ["a || b", false],
  ["a >| f", false],
  ["a '|' b", false],
  ['a "|" b', false],
  ['a "\\"|" b', false],
  ["a \\| b", false],
  ["a `| b", false],
  ["a # | b", false],
  ["# | b", false],
  ["a;# | b", false],
  ["a # x\n # | b", false],
  ["case x in a|b) c ;; esac", false],
])("%j has a pipe: %s", (script, has) => {
  expect(hasPipe(script, "`")).toBe(has);
});
