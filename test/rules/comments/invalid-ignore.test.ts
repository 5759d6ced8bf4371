import { describe, expect, test } from "vitest";
import { invalidIgnore } from "../../../rules/comments/invalid-ignore.ts";
import { findingsOf } from "../../support/subject.ts";

async function find(dockerfile: string) {
  const findings = await findingsOf(invalidIgnore, { dockerfile });
  return findings.map(({ message, locations }) => {
    const { start, end } = locations[0]!.range!;
    return [message, dockerfile.slice(start, end)] as const;
  });
}

describe("is found, at the very word", () => {
  test.each([
    [
      "# layerlint ignore=leftover-cach",
      "leftover-cach",
      /no rule leftover-cach: did you mean leftover-cache\?/,
    ],
    ["# layerlint ignore=syntax,nothing-like-it", "nothing-like-it", /there is no rule nothing-like-it$/],
    ["# layerlint ignore=syntax deleted-later", "deleted-later", /separate rules by commas/],
    ["# layerlint ignore=syntax because", "because", /write a reason after "--"/],
    ["# hadolint ignore=DL3008 because", "because", /write a reason after "--"/],
    ["# hadolint ignore=DL308", "DL308", /there is no rule DL308/],
    ["# layerlint ignore", "# layerlint ignore", /"ignore" names no rule/],
    ["# layerlint ignore=", "# layerlint ignore=", /"ignore=" names no rule/],
    ["# layerlint ingore=syntax", "# layerlint ingore=syntax", /write "# layerlint ignore=/],
    ["# layerlint: ignore=syntax", "# layerlint: ignore=syntax", /write "# layerlint ignore=/],
    ["# layerlint-ignore syntax", "# layerlint-ignore syntax", /write "# layerlint ignore=/],
    ["# layerlint disable=syntax", "# layerlint disable=syntax", /write "# layerlint ignore=/],
    ["# hadolint ingore=DL3008", "# hadolint ingore=DL3008", /did you mean "# hadolint ignore="/],
    ["# layerlint ignore=unused-ignore", "unused-ignore", /turn it off in the configuration/],
    ["# layerlint ignore-end=syntax", "# layerlint ignore-end=syntax", /ends no "ignore-start" of syntax/],
    [
      "# layerlint ignore-start=syntax",
      "# layerlint ignore-start=syntax",
      /no "# layerlint ignore-end=syntax" follows/,
    ],
    ["# check=error=true", "# check=error=true", /only in the first lines/],
    [
      "# check=skip=UndefinedVar, StageNameCasing",
      "# check=skip=UndefinedVar, StageNameCasing",
      /up to the first blank/,
    ],
    ["# check=skip= UndefinedVar", "# check=skip= UndefinedVar", /up to the first blank/],
    ["# check=skip=UndefinedVr // why", "UndefinedVr", /did you mean UndefinedVar/],
    ["# hadolint stage ignore=DL3008", "# hadolint stage ignore=DL3008", /no FROM follows/],
  ])("%s", async (comment, word, message) => {
    const text = `# a Dockerfile\nFROM debian\n${comment}\nRUN x\n`;
    const found = await find(text);
    expect(found).toEqual([[expect.stringMatching(message), word]]);
  });

  test("a misspelt check of BuildKit", async () => {
    expect(await find("# check=skip=UndefinedVr;error=true\nFROM a\n")).toEqual([
      ["BuildKit has no check UndefinedVr: did you mean UndefinedVar?", "UndefinedVr"],
    ]);
  });

  test("a comment that no instruction follows", async () => {
    const found = await find("FROM a\nRUN x\n# layerlint ignore=syntax");
    expect(found).toEqual([["no instruction follows this comment", "# layerlint ignore=syntax"]]);
  });

  test("a comment behind a command, also where the line goes on", async () => {
    const found = await find("FROM a\nRUN x \\\n  && y # layerlint ignore=syntax -- z\n");
    expect(found).toEqual([
      [expect.stringContaining("follows an instruction on the same line"), "# layerlint ignore=syntax -- z"],
    ]);
  });
});

describe("is silent", () => {
  test.each([
    "# layerlint found this to be large",
    "# layerlint",
    "# layerlint version=1.2 was used",
    "# see layerlint ignore=nothing",
    "# hadolint is not used here",
    "# hadolint shell=powershell",
    "# hadolint ignore=DL9999,SC2086",
    "# check that this works",
    "# check=this",
    "# check=skip=UndefinedVar // a reason",
    "# hadolint ignore=DL3009  # a later step reads the lists",
    "# layerlint ignore=syntax, -- reason",
    "# layerlint ignore-file",
    'RUN echo "layerlint ignore=nonsense"',
  ])("%s", async (line) => {
    expect(await find(`# a Dockerfile\nFROM debian\n${line}\nRUN x\n`)).toEqual([]);
  });

  test("about hadolint's comment for a stage", async () => {
    expect(await find("# hadolint stage ignore=DL3009\nFROM a\nRUN x\n")).toEqual([]);
  });

  test("about checks of a newer BuildKit, and all of them", async () => {
    expect(await find("# check=skip=SomethingQuiteNew,all\nFROM a\n")).toEqual([]);
  });
});

test("what could be read of a comment still counts", async () => {
  const text = "FROM a\n# layerlint ignore=syntax, nonsense\nBUILD x\n";
  expect(await find(text)).toEqual([[expect.stringContaining("no rule nonsense"), "nonsense"]]);
});
