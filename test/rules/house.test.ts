import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allRules } from "../../rules/index.ts";
import { ruleFiles } from "../../scripts/rule-index.mjs";
import { examples } from "../support/tables.ts";

const root = join(import.meta.dirname, "../..");
const files = ruleFiles(join(root, "rules"));

describe("the rules agree with their folder, list, tests and documentation", () => {
  test("what is made of the rule files is up to date: rules/index.ts, rules/README.md, docs/rules, the schema", () => {
    const { stderr, status } = spawnSync(process.execPath, [join(root, "scripts/docs.mjs"), "--check"], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  test("every rule has the id that its file is named after", () => {
    const ids = allRules.map(({ id }) => `rules/…/${id}.ts`);
    expect(
      files.map((file) => file.replace(/^.*\//, "rules/…/") + ".ts"),
      "run `npm run docs`",
    ).toEqual(ids);
  });

  test("every rule has a test in the folder of the same name", () => {
    const missing = files
      .map((file) => `test/rules/${file}.test.ts`)
      .filter((file) => !existsSync(join(root, file)));
    expect(missing, "write it; `npm run new-rule` writes both for the next rule").toEqual([]);
  });

  test("ids and aliases are unique, whatever their case", () => {
    const names = allRules.flatMap((rule) => [rule.id, ...rule.aliases].map((name) => name.toLowerCase()));
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});

for (const rule of allRules) examples(rule);
