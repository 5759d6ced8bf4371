import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allRules } from "../../rules/index.ts";
import { ruleFiles, ruleIndex } from "../../scripts/rule-index.mjs";
import { ruleMarkdown } from "../../src/report/rule-docs.ts";
import type { Example } from "../../src/rule/contract.ts";
import { checkFixes } from "../support/fixes.ts";
import { findingsOf, type SubjectSketch } from "../support/subject.ts";

const root = join(import.meta.dirname, "../..");
const files = ruleFiles(join(root, "rules"));
const ids = allRules.map((rule) => rule.id);

describe("the rules agree with their folder, list, tests and documentation", () => {
  test("rules/index.ts lists the files below rules/ (else run `npm run docs`)", () => {
    expect(readFileSync(join(root, "rules/index.ts"), "utf8")).toBe(ruleIndex(join(root, "rules")));
  });

  test("every rule has the id that its file is named after", () => {
    expect(ids).toEqual(files.map((file) => file.slice(file.indexOf("/") + 1)));
  });

  test("every rule has a test file in the folder of the same name", () => {
    expect(files.filter((file) => !existsSync(join(root, `test/rules/${file}.test.ts`)))).toEqual([]);
  });

  test("rules/README.md is what the rule files say (else run `npm run docs`)", () => {
    expect(readFileSync(join(root, "rules/README.md"), "utf8")).toBe(ruleMarkdown(allRules));
  });

  test("ids and aliases are unique, whatever their case", () => {
    const names = allRules.flatMap((rule) => [rule.id, ...rule.aliases].map((name) => name.toLowerCase()));
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

describe.each(allRules)("$id", (rule) => {
  test("is documented", () => {
    const { summary, what, why, bad, fix } = rule.docs;
    for (const text of [summary, what, why, fix]) expect(text.trim()).not.toBe("");
    expect(summary).not.toContain("\n");
    expect(bad.length).toBeGreaterThan(0);
    expect(rule.docs.good.length).toBeGreaterThan(0);
    for (const [name, option] of Object.entries(rule.options ?? {})) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(name).not.toBe("severity");
      expect(option.summary.trim()).not.toBe("");
    }
  });

  test.each(rule.docs.bad)("finds: $title", async (example) => {
    const findings = await findingsOf(rule, exampleSketch(example));
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) {
      expect(finding.message.trim()).not.toBe("");
      expect(finding.message).not.toMatch(/\.$/);
      expect(finding.advice.trim()).not.toBe("");
      expect(finding.locations.length).toBeGreaterThan(0);
      for (const fix of finding.fixes ?? []) if (fix.safety === "unsafe") expect(fix.condition).toBeTruthy();
    }
  });

  test.each(rule.docs.bad)("fixes safely what it finds, or says why not: $title", async (example) => {
    const sketch = exampleSketch(example);
    await checkFixes(rule, sketch);
    await checkFixes(rule, { ...sketch, dockerfile: example.dockerfile.trimEnd() });
    await checkFixes(rule, { ...sketch, dockerfile: example.dockerfile.replaceAll("\n", "\r\n") });
  });

  test.each(rule.docs.good)("is silent: $title", async (example) => {
    const findings = await findingsOf(rule, exampleSketch(example));
    expect(findings.map((finding) => finding.message)).toEqual([]);
  });
});

function exampleSketch({ dockerfile, layers, builtFrom, context }: Example): SubjectSketch {
  return {
    dockerfile,
    ...(layers === undefined ? {} : { layers }),
    ...(context === undefined ? {} : { context: { files: context } }),
    ...(builtFrom === undefined ? {} : { builtFrom }),
  };
}
