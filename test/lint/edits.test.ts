import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { applyEdits, collide, whatBroke } from "../../src/lint/apply-edits.ts";

function broke(before: string, find: string, text: string): string | undefined {
  const start = before.indexOf(find);
  const edits = [{ start, end: start + find.length, text }];
  const after = applyEdits(before, edits);
  return whatBroke(parseDockerfile(before, "Dockerfile"), parseDockerfile(after, "Dockerfile"), edits);
}

const file = "# about\nFROM a AS x\nRUN b # c\n# why\nRUN d\nFROM x\nCMD e\n";

describe("what an edit must not change", () => {
  test.each([
    ["a word", "b # c", "b && f"],
    ["an instruction that goes", "RUN d\n", ""],
    ["an instruction that comes", "RUN d\n", "RUN d\nRUN e\n"],
    ["a comment that goes with its line", "# why\nRUN d\n", ""],
  ])("%s may change", (_, find, text) => {
    expect(broke(file, find, text)).toBeUndefined();
  });

  test.each([
    [
      "an instruction swallowed by a continuation",
      "b # c",
      "b \\",
      /line 5 \(RUN\) became another instruction/,
    ],
    ["a heredoc without end", "b # c", "<<E", /unterminated heredoc/],
    ["a stage that gets another name", "AS x", "AS y", /stages are not the same/],
    ["a stage that gets another parent", "FROM x\n", "FROM z\n", /stages are not the same/],
    ["a stage that comes", "RUN d\n", "RUN d\nFROM q\n", /stages are not the same/],
    ["an instruction that does not parse", "RUN d", "RUNN d", /unknown instruction/],
    ["two parsers that disagree", "RUN d", "RUN d \\\\", /two parsers/],
  ])("%s is seen", (_, find, text, message) => {
    expect(broke(file, find, text)).toMatch(message);
  });
});

test("instructions and comments that a heredoc swallows are seen", () => {
  expect(broke("FROM a\nRUN b\nRUN d \\\nE\n", "b\n", "<<E\n")).toMatch(/line 3 \(RUN\) became another/);
  expect(broke("FROM a\nRUN b\n# why\nRUN d \\\nE\n", "b", "b <<E")).toMatch(
    /became another|comment in line 3/,
  );
});

describe("edits", () => {
  test("are applied at their locations, whatever their order", () => {
    const edits = [
      { start: 4, end: 5, text: "" },
      { start: 0, end: 0, text: ">" },
      { start: 1, end: 3, text: "XYZ" },
    ];
    expect(applyEdits("abcdef", edits)).toBe(">aXYZdf");
  });

  test("collide when they share a character or meet", () => {
    expect(collide([{ start: 0, end: 2, text: "" }], [{ start: 1, end: 3, text: "" }])).toBe(true);
    expect(collide([{ start: 2, end: 2, text: "a" }], [{ start: 2, end: 2, text: "b" }])).toBe(true);
    const [a, b] = [
      { start: 0, end: 2, text: "" },
      { start: 2, end: 3, text: "" },
    ];
    expect([collide([a], [b]), collide([b], [a])]).toEqual([true, true]);
    const c = { start: 3, end: 4, text: "" };
    expect([collide([a], [c]), collide([c], [a])]).toEqual([false, false]);
  });
});
