import { describe, expect, test } from "vitest";
import { allRules } from "../../rules/index.ts";
import { Fixer } from "../../src/app/fixing/fixer.ts";
import { movedInstruction } from "../../src/lint/moved-offsets.ts";
import { chooseRules } from "../../src/lint/settings.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { subjectOf, type SubjectSketch } from "../support/subject.ts";

/** Fixes a sketch; returns the new text, and the findings that are left as `rule:line message`. */
async function fix(sketch: SubjectSketch & { readonly dockerfile: string }, unsafe: boolean) {
  const fixer = new Fixer({ unsafe, write: false, target: undefined });
  const rules = chooseRules(allRules, { only: [], skip: [], severity: [] });
  const settings = { rules, known: allRules, failOn: "warning", budget: undefined } as const;
  const { part, text } = await fixer.audit(
    await subjectOf(sketch),
    { settings, targets: { dockerfile: 0, image: 1 }, all: false },
    {
      kind: "dockerfile",
      name: "Dockerfile",
      path: "Dockerfile",
      text: sketch.dockerfile,
      onDisk: false,
      encoding: "utf8",
    },
  );
  return {
    text,
    left: part.findings.map(
      ({ finding: { rule, locations, message } }) => `${rule}:${locations[0]?.line} ${message}`,
    ),
  };
}

const image = {
  dockerfile:
    "FROM debian:12\nRUN curl -fLo /opt/a.tgz https://a.example/a.tgz\nENV A=1\nRUN rm /opt/a.tgz\n\nCOPY big /srv/big\nRUN rm /srv/big && id\n",
  layers: ["bin/", "opt/ opt/a.tgz(30MB,a)", "opt/.wh.a.tgz", "srv/ srv/big(20MB,b)", "srv/.wh.big"],
  base: 1,
} as const;

describe("after fix with the image", () => {
  test("lines and messages are those of the new text, and what was fixed is gone", async () => {
    const { text, left } = await fix(image, false);
    expect(text).toBe(
      "FROM debian:12\nRUN curl -fLo /opt/a.tgz https://a.example/a.tgz && rm /opt/a.tgz\nENV A=1\n\nCOPY big /srv/big\nRUN rm /srv/big && id\n",
    );
    const deleted = left.filter((line) => line.startsWith("deleted-later"));
    expect(deleted).toEqual([
      "deleted-later:5 line 5 added 20.0 MB in 1 file that line 6 deletes (/srv/big)",
    ]);
  });

  test("what the layers do not show is not fixed, also when its rule fixed something else", async () => {
    const dockerfile =
      "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\nRUN apt-get update && apt-get install -y --no-install-recommends git\n";
    const { text } = await fix(
      {
        dockerfile,
        layers: [
          "bin/",
          "var/ var/lib/ var/lib/apt/ var/lib/apt/lists/ var/lib/apt/lists/d_Packages(30MB,l)",
          "usr/ usr/git(1MB)",
        ],
        base: 1,
      },
      true,
    );
    expect(text.split("\n")[1]).toContain("rm -rf /var/lib/apt/lists/*");
    expect(text.split("\n")[2]).toBe(dockerfile.split("\n")[2]);
  });
});

describe("an instruction is followed through edits", () => {
  const text = "FROM a\nRUN one\nRUN two\nRUN three\n";
  const file = parseDockerfile(text, "Dockerfile");
  const [, one, two, three] = file.instructions;
  const after = (edits: readonly { start: number; end: number; text: string }[][], now: string) => {
    const next = parseDockerfile(now, "Dockerfile");
    return [one, two, three].map((each) => movedInstruction(each!, edits, next)?.line);
  };

  test("behind one that was removed", () => {
    const edit = { start: one!.start, end: two!.start, text: "" };
    expect(after([[edit]], "FROM a\nRUN two\nRUN three\n")).toEqual([undefined, 2, 3]);
  });

  test("into the one that it was joined with, over two rounds", () => {
    const join = { start: one!.end, end: two!.start + 4, text: " \\\n && " };
    const joined = "FROM a\nRUN one \\\n && two\nRUN three\n";
    const line = { start: 0, end: 0, text: "# a comment\n" };
    expect(after([[join], [line]], `# a comment\n${joined}`)).toEqual([3, 3, 5]);
  });

  test("with text before, in and after it", () => {
    const edits = [
      { start: 0, end: 4, text: "from" },
      { start: two!.start, end: two!.start, text: "USER x\n" },
      { start: two!.end, end: two!.end, text: " && more" },
    ];
    expect(after([edits], "from a\nRUN one\nUSER x\nRUN two && more\nRUN three\n")).toEqual([2, 4, 5]);
  });
});
