import { describe, expect, test } from "vitest";
import { instructionRule } from "../../src/rule/instruction-rule.ts";
import { replace, textFix } from "../../src/rule/text-finding.ts";
import type { Fix, Instruction, Rule, RuleDocs } from "../../src/rule/contract.ts";
import { checkFixes, checkRuleDocs } from "../../src/testing.ts";

/** A rule that finds `USER bad`, and offers what `fixFor` makes. */
function rule(fixFor?: (instruction: Instruction) => Fix | undefined, docs: Partial<RuleDocs> = {}): Rule {
  return instructionRule({
    id: "no-bad-user",
    aliases: [],
    category: "correctness",
    severity: "warning",
    reads: "dockerfile",
    docs: {
      summary: "s",
      what: "w",
      why: "y",
      bad: [{ title: "bad", dockerfile: "FROM scratch\nUSER bad\nLABEL a=b\n" }],
      good: [{ title: "good", dockerfile: "FROM scratch\nUSER good\n" }],
      fix: "f",
      ...docs,
    },
    keywords: ["USER"],
    find: ({ instruction }) =>
      instruction.body.startsWith("bad")
        ? { message: "a bad user", advice: "Take a good one.", fix: fixFor?.(instruction) }
        : undefined,
  });
}

const to = (text: string) => (instruction: Instruction) =>
  textFix("take a good user", [replace(instruction.argsRange, text)]);

test("a correct rule passes", async () => {
  await checkRuleDocs(rule());
  await checkRuleDocs(rule(to("good")));
});

describe("the harness notices", () => {
  test.each<[string, Rule, RegExp]>([
    [
      "a bad example that is not found",
      rule(undefined, { bad: [{ title: "x", dockerfile: "FROM a\n" }] }),
      /does not find its bad example "x"/,
    ],
    [
      "a good example that is found",
      rule(undefined, { good: [{ title: "x", dockerfile: "FROM a\nUSER bad\n" }] }),
      /finds something in its good example "x"/,
    ],
    ["no documentation", rule(undefined, { why: " " }), /docs\.why is empty/],
    ["a fix after which it is found again", rule(to("bad2")), /afterwards it is found again/],
    ["a fix that swallows the next line", rule(to("good \\")), /breaks something else/],
    ["a fix that does not parse", rule(to("good\nNONSENSE")), /breaks something else/],
    [
      "a fix that writes \\n into a file with \\r\\n",
      rule(to("good\nSTOPSIGNAL 9")),
      /writes \\n into a file with \\r\\n/,
    ],
    [
      "an unsafe fix without a condition",
      rule((at) => ({
        description: "d",
        safety: "unsafe",
        condition: "",
        edits: [replace(at.argsRange, "good")],
      })),
      /an unsafe fix without a condition/,
    ],
    [
      "a description with a full stop",
      rule((at) => textFix("take it.", [replace(at.argsRange, "good")])),
      /ends with a full stop/,
    ],
  ])("%s", async (_, wrong, message) => {
    await expect(checkRuleDocs(wrong)).rejects.toThrow(message);
  });

  test("edits that touch", async () => {
    const wrong = rule(({ argsRange }) =>
      textFix("d", [replace(argsRange, "good"), replace(argsRange, "better")]),
    );
    await expect(checkFixes(wrong, { dockerfile: "FROM scratch\nUSER bad\n" })).rejects.toThrow(
      /two edits meet/,
    );
  });
});
