import { expect, test } from "vitest";
import { mergeEdits } from "../../src/edits/merge-edits.ts";

test.each([
  [
    "edits apart stay as they are, in the order of the text",
    [
      [4, 5, "x"],
      [0, 1, ""],
    ],
    [
      [0, 1, ""],
      [4, 5, "x"],
    ],
  ],
  [
    "edits that touch become one",
    [
      [0, 2, "x"],
      [2, 4, "y"],
    ],
    [[0, 4, "xy"]],
  ],
  [
    "an addition in front of a cut covers the character before it",
    [
      [3, 3, "x"],
      [3, 5, ""],
    ],
    [[2, 5, "cx"]],
  ],
  [
    "additions at one place become one",
    [
      [3, 3, "x"],
      [3, 3, "y"],
    ],
    [[2, 3, "cxy"]],
  ],
  [
    "at the beginning there is no character before",
    [
      [0, 0, "x"],
      [0, 1, ""],
    ],
    [[0, 1, "x"]],
  ],
  [
    "three in a row",
    [
      [1, 2, ""],
      [2, 2, "x"],
      [2, 4, ""],
    ],
    [[1, 4, "x"]],
  ],
] as const)("%s", (_, given, wanted) => {
  const edits = given.map(([start, end, text]) => ({ start, end, text }));
  expect(mergeEdits(edits, "abcdefg").map(({ start, end, text }) => [start, end, text])).toEqual(wanted);
});

test.each([
  [
    "an addition comes before a cut at its place, in whatever order they are given",
    [
      [3, 5, ""],
      [3, 3, "x"],
    ],
    [[2, 5, "cx"]],
  ],
  [
    "the second character may be the one that is covered",
    [
      [1, 1, "x"],
      [1, 2, ""],
    ],
    [[0, 2, "ax"]],
  ],
] as const)("%s", (_, given, wanted) => {
  const edits = given.map(([start, end, text]) => ({ start, end, text }));
  expect(mergeEdits(edits, "abcdefg").map(({ start, end, text }) => [start, end, text])).toEqual(wanted);
});
