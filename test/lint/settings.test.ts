import { describe, expect, test } from "vitest";
import type { Rule } from "../../src/rule/contract.ts";
import { closest } from "../../src/lint/closest.ts";
import { atLeast, chooseRules, findRule, type RuleChoice } from "../../src/lint/settings.ts";
import { UserError } from "../../src/errors.ts";

function rule(id: string, aliases: string[] = [], more: Partial<Rule> = {}): Rule {
  const docs = { summary: "", what: "", why: "", bad: [], good: [], fix: "" };
  return { id, aliases, category: "size", severity: "warning", docs, check: () => [], ...more };
}
const rules = [rule("leftover-cache", ["DL3009", "DL3019"]), rule("deleted-later"), rule("syntax")];

describe("choosing rules", () => {
  test("a rule is found by its id and by any alias, ignoring case", () => {
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

describe("opt-in rules", () => {
  const pinned = rule("pinned", ["DL3008"], { preset: "strict" });
  const all = [...rules, pinned];
  const nothing = { only: [], skip: [], severity: [] };
  const ids = (choice: Partial<RuleChoice>) =>
    chooseRules(all, { ...nothing, ...choice }).map(({ rule: { id }, severity }) => `${id}=${severity}`);

  test("run with the preset strict only", () => {
    expect(ids({})).not.toContain("pinned=warning");
    expect(ids({ preset: "default" })).not.toContain("pinned=warning");
    expect(ids({ preset: "strict" })).toEqual(all.map(({ id }) => `${id}=warning`));
  });

  test("run where they are named: in --only, with a level in --severity or in the configuration", () => {
    expect(ids({ only: ["DL3008"] })).toEqual(["pinned=warning"]);
    expect(ids({ severity: ["pinned=info"] })).toContain("pinned=info");
    expect(ids({ rules: new Map([[pinned, { severity: "error" }]]) })).toContain("pinned=error");
    expect(ids({ rules: new Map([[pinned, { options: {} }]]) })).toHaveLength(rules.length);
  });

  test("the command line wins over the configuration, and skip over all", () => {
    const off = new Map([[pinned, { severity: "off" as const }]]);
    expect(ids({ preset: "strict", rules: off })).not.toContain("pinned=warning");
    expect(ids({ rules: off, severity: ["pinned=error"] })).toContain("pinned=error");
    expect(ids({ rules: off, only: ["pinned"] })).toEqual(["pinned=warning"]);
    expect(ids({ only: ["pinned"], severity: ["pinned=off"] })).toEqual([]);
    expect(ids({ only: ["pinned"], skip: ["pinned"] })).toEqual([]);
  });
});

test("a rule is given its options: those that are set, else their defaults", () => {
  const one = rule("one", [], {
    options: {
      floor: { type: "size", default: 5, summary: "" },
      names: { type: "list", default: ["a"], summary: "" },
    },
  });
  const choice = { only: [], skip: [], severity: [] };
  expect(chooseRules([one], choice)[0]!.options).toEqual({ floor: 5, names: ["a"] });
  const set = new Map([[one, { options: { floor: 7 } }]]);
  expect(chooseRules([one], { ...choice, rules: set })[0]!.options).toEqual({ floor: 7, names: ["a"] });
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
