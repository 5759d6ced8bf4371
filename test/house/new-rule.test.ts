import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleFolder } from "../../scripts/from-source.mjs";

const root = join(import.meta.dirname, "../..");
const copy = join(bundleFolder, `new-rule-${process.pid}`);
const [rule, ruleTest] = ["rules/layers/core-dump.ts", "test/rules/layers/core-dump.test.ts"];

/** What a newcomer's checkout has of what a rule needs. */
beforeAll(() => {
  mkdirSync(copy, { recursive: true });
  const folders = ["rules", "src", "schema", "scripts", "docs/rules", "test/support", "test/rules"];
  for (const name of [...folders, "package.json", "tsconfig.json", ".oxlintrc.json", ".oxfmtrc.json"])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rmSync(copy, { recursive: true }));

function run(script: string, ...args: readonly string[]) {
  const path = script.startsWith("scripts/") ? join(copy, script) : join(root, "node_modules", script);
  const env = { ...process.env, VITEST: undefined, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
    cwd: copy,
    env,
    encoding: "utf8",
  });
  return { status, output: `${stdout}${stderr}` };
}

function vitest(...args: readonly string[]) {
  return run("vitest/vitest.mjs", "run", "--root", copy, "--maxWorkers", "1", ...args);
}

const passes = { status: 0, output: expect.anything() };

test(
  "npm run new-rule writes a rule and a test that pass, and renews what is made of the rules",
  { timeout: 120_000 },
  () => {
    expect(run("scripts/new-rule.mjs", "layers/core-dump")).toEqual(passes);
    expect(run("scripts/docs.mjs", "--check")).toEqual(passes);
    expect(run("oxfmt/bin/oxfmt", "--check", rule, ruleTest)).toEqual(passes);
    expect(run("oxlint/bin/oxlint", "--deny-warnings", rule, ruleTest)).toEqual(passes);
    const { status, output } = vitest(
      ruleTest,
      "test/rules/house.test.ts",
      "-t",
      "core-dump|agree|behind|of that name",
    );
    expect(output).not.toContain("FAIL");
    expect(status).toBe(0);
  },
);

test(
  "npm run new-rule image-config/<id> makes the folder, and a rule about the configuration that passes",
  { timeout: 120_000 },
  () => {
    const files = ["rules/image-config/old-label.ts", "test/rules/image-config/old-label.test.ts"] as const;
    expect(run("scripts/new-rule.mjs", "image-config/old-label")).toEqual(passes);
    expect(readFileSync(join(copy, files[0]), "utf8")).toContain("imageConfigRule({");
    expect(run("oxfmt/bin/oxfmt", "--check", ...files)).toEqual(passes);
    expect(run("oxlint/bin/oxlint", "--deny-warnings", ...files)).toEqual(passes);
    const { status, output } = vitest(
      files[1],
      "test/rules/house.test.ts",
      "-t",
      "old-label|agree|at the LABEL|another label",
    );
    expect(output).not.toContain("FAIL");
    expect(status).toBe(0);
    for (const file of files) rmSync(join(copy, file));
    expect(run("scripts/docs.mjs")).toEqual(passes);
  },
);

test(
  "the example of CONTRIBUTING is a rule: formatted, linted, tested, documented",
  { timeout: 120_000 },
  () => {
    const blocks = readFileSync(join(root, "CONTRIBUTING.md"), "utf8").matchAll(/^```ts\n(.*?)^```$/gms);
    const [code = "", testCode = "", ...others] = [...blocks].map(([, text = ""]) => text);
    expect(others).toEqual([]);
    writeFileSync(join(copy, rule), code);
    writeFileSync(join(copy, ruleTest), testCode);
    expect(run("oxfmt/bin/oxfmt", "--check", rule, ruleTest)).toEqual(passes);
    expect(run("oxlint/bin/oxlint", "--deny-warnings", rule, ruleTest)).toEqual(passes);
    expect(run("scripts/docs.mjs")).toEqual(passes);
    expect(vitest(ruleTest, "test/rules/house.test.ts", "-t", "core-dump|agree|core dump|named")).toEqual(
      passes,
    );
  },
);

test(
  "a rule that is not listed, one without a test, and an old page fail with what to do",
  { timeout: 120_000 },
  () => {
    rmSync(join(copy, ruleTest));
    const code = readFileSync(join(copy, rule), "utf8");
    writeFileSync(join(copy, rule), code.replace("of a crashed program", "of a program"));
    writeFileSync(
      join(copy, "rules/layers/late-dump.ts"),
      readFileSync(join(copy, rule), "utf8")
        .replace("coreDump", "lateDump")
        .replace(`"core-dump"`, `"late-dump"`),
    );
    const { status, output } = vitest("test/rules/house.test.ts", "-t", "agree");
    expect(status).toBe(1);
    expect(output).toContain("rules/index.ts is out of date: run `npm run docs`");
    expect(output).toContain("docs/rules/core-dump.md is out of date: run `npm run docs`");
    expect(output).toContain("test/rules/layers/core-dump.test.ts");
    expect(output).toContain("npm run new-rule");
  },
);

test.each([
  ["no folder", "core-dump", /npm run new-rule <folder>\/<id>/],
  ["an unknown folder", "dumps/core-dump", /"dumps" is not a subject of rules; choose one of caches, /],
  ["an id that is taken", "layers/sudo", /rules\/instructions\/sudo\.ts has this id already/],
])("npm run new-rule refuses %s", (_, given, message) => {
  const { status, output } = run("scripts/new-rule.mjs", given);
  expect(output).toMatch(message);
  expect(status).toBe(2);
});
