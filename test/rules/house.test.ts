import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allRules } from "../../rules/index.ts";
import { ruleFiles, ruleIndex } from "../../scripts/rule-index.mjs";
import { ruleMarkdown } from "../../src/report/rule-docs.ts";
import { examples } from "../support/tables.ts";

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

for (const rule of allRules) examples(rule);
