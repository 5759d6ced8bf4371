import { describe, expect, test } from "vitest";
import { invalidIgnore } from "../../../rules/comments/invalid-ignore.ts";
import { unusedIgnore } from "../../../rules/comments/unused-ignore.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const find = (dockerfile: string, more: SubjectSketch = {}) =>
  findingsOf(unusedIgnore, { dockerfile, ...more });

/** The text after the fixes of all findings, from the last to the first. */
async function fixed(dockerfile: string): Promise<string> {
  const edits = (await find(dockerfile)).flatMap(
    ({ fixes }) => fixes?.flatMap((fix) => fix.edits ?? []) ?? [],
  );
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), dockerfile);
}

describe("the fix removes the unused parts, and nothing else", () => {
  test.each([
    ["a line", "FROM a\n# layerlint ignore=syntax -- x\nRUN x\n", "FROM a\nRUN x\n"],
    ["a line with CRLF", "FROM a\r\n# layerlint ignore=syntax\r\nRUN x\r\n", "FROM a\r\nRUN x\r\n"],
    ["the first line behind a BOM", "\ufeff# layerlint ignore=syntax\nFROM a\n", "\ufeffFROM a\n"],
    ["the last line without line end", "FROM a\n# layerlint ignore-file=syntax", "FROM a\n"],
    [
      "a line in an instruction",
      "FROM a\nRUN x \\\n  # layerlint ignore=syntax\n  y\n",
      "FROM a\nRUN x \\\n  y\n",
    ],
    [
      "one name of two, the first",
      "FROM a\n# layerlint ignore=syntax, deleted-later -- x\nRUN x\n",
      "FROM a\n# layerlint ignore=deleted-later -- x\nRUN x\n",
    ],
    [
      "one name of two, the last",
      "FROM a\n# layerlint ignore=deleted-later , syntax -- x\nRUN x\n",
      "FROM a\n# layerlint ignore=deleted-later -- x\nRUN x\n",
    ],
    [
      "start and end of a range",
      "FROM a\n# layerlint ignore-start=syntax\nRUN x\n# layerlint ignore-end=syntax\nRUN y\n",
      "FROM a\nRUN x\nRUN y\n",
    ],
  ])("%s", async (_, before, after) => {
    expect(await fixed(before)).toBe(after);
    expect(await find(after)).toEqual([]);
    expect(await findingsOf(invalidIgnore, { dockerfile: after })).toEqual([]);
  });

  test.each([
    ["in a heredoc", "FROM a\nRUN <<EOF\n# layerlint ignore=syntax\nx\nEOF\n"],
    ["that keeps a line from being a directive", "# layerlint ignore=syntax\n# escape=`\nFROM a\n"],
    [
      "of a range whose end names more",
      "FROM a\n# layerlint ignore-start=syntax\nRUN x\n# layerlint ignore-end=syntax,deleted-later\n",
    ],
  ])("no fix for one %s", async (_, text) => {
    const [finding, ...others] = await find(text);
    expect(others).toEqual([]);
    expect(finding?.message).toBe("nothing is found here by syntax");
    expect(finding?.fixes).toBeUndefined();
  });
});

describe("a rule that looks at layers", () => {
  const text = "FROM a\n# layerlint ignore=deleted-later\nCOPY big /big\nRUN rm /big\n";

  test("is not judged without the image", async () => {
    expect(await find(text)).toEqual([]);
  });

  test("is judged with it", async () => {
    expect(await find(text, { layers: ["big(5MB)", "other(1)"] })).toHaveLength(1);
    expect(await find(text, { layers: ["big(5MB)", ".wh.big"] })).toEqual([]);
  });

  test("is not judged with an image that another Dockerfile made", async () => {
    const builtFrom = "FROM a\nCOPY other /\nRUN other things\n";
    expect(await find(text, { layers: ["big(5MB)", "other(1)"], builtFrom })).toEqual([]);
  });
});

describe("what a rule reads decides whether a comment can be judged without an image", () => {
  test.each([
    ["dockerfile", "sudo", 1],
    ["dockerfile, with a context that is not known", "cache-busting-copy", 1],
    ["build", "upgrade-in-build", 0],
    ["build, with a context that is not known", "context-without-dockerignore", 0],
    ["image", "moved-later", 0],
    ["either", "leftover-cache", 0],
    ["both", "dockerfile-mismatch", 0],
  ])("%s: %s", async (_, id, count) => {
    expect(await find(`FROM a\n# layerlint ignore=${id}\nCOPY . /b\nRUN x\n`)).toHaveLength(count);
  });
});

test("comments for other linters and unknown rules are not judged", async () => {
  expect(
    await find("# check=skip=all\nFROM a\n# hadolint ignore=DL1000\n# layerlint ignore=nonsense\nRUN x\n"),
  ).toEqual([]);
});

test("a stage that is not built is not judged", async () => {
  const text = "FROM a AS one\n# layerlint ignore=syntax\nRUN x\nFROM a AS two\nRUN y\n";
  expect(await find(text, { target: "one" })).toEqual([]);
  expect(await find(text)).toHaveLength(1);
});
