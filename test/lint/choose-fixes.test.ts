import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { guarantee } from "../../src/edits/fix.ts";
import { applyEdits, collide, whatBroke } from "../../src/lint/apply-edits.ts";
import { chooseFixes } from "../../src/lint/choose-fixes.ts";
import type { LocatedFinding } from "../../src/lint/run.ts";
import type { TextEdit } from "../../src/rule/contract.ts";
import { growthOf } from "../support/work.ts";

function finding(
  edits: readonly TextEdit[],
  { rule = "a", condition }: { rule?: string; condition?: string } = {},
) {
  const fix = { description: "d", ...guarantee(condition), edits };
  const reported = { category: "size", severity: "info", evidence: "dockerfile" } as const;
  const texts = { message: "m", advice: "a", aliases: [], locations: [], fixes: [] };
  return { finding: { rule, ...reported, ...texts }, inodes: [], fixes: [fix] } satisfies LocatedFinding;
}

const isValid = (text: string, edits: readonly TextEdit[]) => {
  const after = parseDockerfile(applyEdits(text, edits), "Dockerfile");
  return whatBroke(parseDockerfile(text, "Dockerfile"), after, edits) === undefined;
};

/** The edits of all fixes that still fit when each is tried after the ones before it. */
function oneByOne(fixes: readonly (readonly TextEdit[])[], text: string): TextEdit[] {
  let edits: TextEdit[] = [];
  for (const own of fixes) {
    if (!collide(own, edits) && isValid(text, [...edits, ...own])) edits = [...edits, ...own];
  }
  return edits;
}

/** Two fixes of one place may each break it, and not together; no rule offers such fixes. */
function isOffered(fixes: readonly (readonly TextEdit[])[], text: string): boolean {
  const { instructions, comments } = parseDockerfile(text, "Dockerfile");
  const touching = [...instructions, ...comments].map((each) =>
    fixes.filter((edits) => collide([{ start: each.start, end: each.end, text: "" }], edits)),
  );
  return touching.every((some) => some.length < 2 || some.every((edits) => isValid(text, edits)));
}

const lines = ["RUN a", "RUN b \\\n  c", "# why", "RUN <<E\nx\nE", "COPY . /x", "E", "USER u", ""];
const texts = ["", "x", " \\", " <<E", "\n", "\nUSER v", " && y", "#", "E"];

test("many fixes at once give what each fix after the other gives", () => {
  let broken = 0;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...lines), { minLength: 1, maxLength: 8 }),
      fc.array(fc.tuple(fc.nat(60), fc.nat(4), fc.constantFrom(...texts)), { maxLength: 8 }),
      (body, places) => {
        const text = `FROM x\n${body.join("\n")}\n`;
        const fixes = places.map(([at, length, replacement]) => {
          const start = Math.min(at, text.length);
          return [{ start, end: Math.min(start + length, text.length), text: replacement }];
        });
        if (!isValid(text, []) || !isOffered(fixes, text)) return;
        if (!fixes.every((edits) => isValid(text, edits))) broken++;
        const findings = fixes.map((edits) => finding(edits));
        const { edits } = chooseFixes(findings, parseDockerfile(text, "Dockerfile"), false);
        expect(applyEdits(text, edits)).toBe(applyEdits(text, oneByOne(fixes, text)));
      },
    ),
    { numRuns: 2000, seed: 20261130 },
  );
  expect(broken).toBeGreaterThan(20);
});

test("a fix that breaks the next instruction is left out although that one is edited too", () => {
  const text = "FROM x\nRUN a\nRUN b\nRUN c\n";
  const at = (word: string) => text.indexOf(word) + 1;
  const swallowing = finding([{ start: at("a"), end: at("a"), text: " && \\" }]);
  const plain = finding([{ start: at("b"), end: at("b"), text: "b" }]);
  const { edits, chosen } = chooseFixes([swallowing, plain], parseDockerfile(text, "Dockerfile"), false);
  expect(applyEdits(text, edits)).toBe("FROM x\nRUN a\nRUN bb\nRUN c\n");
  expect(chosen.map((each) => each.finding)).toEqual([plain]);
});

test("time grows with the number of fixes, not with its square", () => {
  const make = (size: number) => {
    const text = `FROM x\n${"RUN a\n".repeat(size)}`;
    const file = parseDockerfile(text, "Dockerfile");
    const findings = file.instructions.slice(1).map(({ end }) => finding([{ start: end, end, text: "b" }]));
    return () => expect(chooseFixes(findings, file, false).edits).toHaveLength(size);
  };
  expect(growthOf(make, 100)).toBeLessThan(6);
});
