import { describe, expect, test } from "vitest";
import type { Rule } from "../../src/engine/contract.ts";
import { atLeast, chooseRules, closest, findRule } from "../../src/engine/settings.ts";
import { UserError } from "../../src/errors.ts";

function rule(id: string, aliases: string[] = []): Rule {
  const docs = { summary: "", what: "", why: "", bad: [], good: [], fix: "" };
  return { id, aliases, category: "size", severity: "warning", docs, check: () => [] };
}
const rules = [rule("leftover-cache", ["DL3009", "DL3019"]), rule("deleted-later"), rule("syntax")];

describe("choosing rules", () => {
  test("a rule is found by its id and by any alias, in any case", () => {
    expect(findRule(rules, "DL3009").id).toBe("leftover-cache");
    expect(findRule(rules, "dl3019").id).toBe("leftover-cache");
    expect(findRule(rules, "deleted-later").id).toBe("deleted-later");
  });

  test("a misspelt rule is an error with a suggestion", () => {
    expect(() => findRule(rules, "delete-later")).toThrow("did you mean deleted-later?");
    expect(() => findRule(rules, "nothing-like-it")).toThrow(UserError);
    expect(() => findRule(rules, "nothing-like-it")).not.toThrow("did you mean");
  });

  test("only, skip and severity work together, aliases included", () => {
    const chosen = chooseRules(rules, { only: ["DL3009", "syntax"], skip: [], severity: ["DL3009=error"] });
    expect(chosen.map(({ rule: { id }, severity }) => `${id}=${severity}`)).toEqual([
      "leftover-cache=error",
      "syntax=warning",
    ]);
    expect(
      chooseRules(rules, { only: [], skip: ["syntax"], severity: ["deleted-later=off"] }).map(
        ({ rule: { id } }) => id,
      ),
    ).toEqual(["leftover-cache"]);
  });

  test.each(["syntax", "syntax=loud", "=error"])("--severity %s is refused", (pair) => {
    expect(() => chooseRules(rules, { only: [], skip: [], severity: [pair] })).toThrow(UserError);
  });
});

test("severities are ordered, and never is above all", () => {
  expect(atLeast("error", "warning")).toBe(true);
  expect(atLeast("info", "warning")).toBe(false);
  expect(atLeast("warning", "warning")).toBe(true);
  expect(atLeast("error", "never")).toBe(false);
});

test("the closest word is only named when it is close", () => {
  expect(closest("sqashable-layers", ["squashable-layers", "syntax"])).toBe("squashable-layers");
  expect(closest("xyz", ["squashable-layers", "syntax"])).toBeUndefined();
});
