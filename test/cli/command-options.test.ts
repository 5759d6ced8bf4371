/** The tables of options, and that nothing else knows an option. */
import { readFileSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  compareTable,
  fixTable,
  inspectTable,
  lintTable,
  optimizeTable,
  tables,
} from "../../src/cli/command-options.ts";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";

const folder = testFolder("options");
const root = join(import.meta.dirname, "../..");

test("of two options with the same name, either has a value or none has", () => {
  const flags = new Map<string, boolean>();
  for (const table of tables)
    for (const [name, { kind }] of Object.entries(table)) {
      const isFlag = kind === "flag";
      expect([name, flags.get(name) ?? isFlag]).toEqual([name, isFlag]);
      flags.set(name, isFlag);
    }
  expect(flags.size).toBeGreaterThan(30);
});

describe("the help of each command names every option of its table", () => {
  test.each([
    ["lint", lintTable],
    ["fix", fixTable],
    ["inspect", inspectTable],
    ["optimize", optimizeTable],
    ["compare", compareTable],
  ])("%s", async (command, table) => {
    const { stdout } = await layerlint([command, "--help"]);
    const shown = [...stdout.matchAll(/^ +(?:-\w, )?--([a-z-]+)/gm)].map(([, name = ""]) => name);
    expect(shown.toSorted()).toEqual([...Object.keys(table), "help", "version"].toSorted());
  });
});

describe("an option that a configuration can set wins over it", () => {
  const given: Readonly<Record<string, { readonly option: string; readonly setting: string }>> = {
    preset: { option: "default", setting: "strict" },
    severity: { option: "deleted-later=info", setting: "{ deleted-later: error }" },
    "fail-on": { option: "never", setting: "info" },
    "max-waste": { option: "100MB", setting: "1kB" },
    "min-waste": { option: "100MB", setting: "1kB" },
    builder: { option: "docker-classic", setting: "buildkit" },
  };
  const withKey = Object.entries(lintTable).flatMap(([name, entry]) =>
    "config" in entry ? [[name, entry.config] as const] : [],
  );
  // plugins of both are loaded: an own test shows that
  const overriding = withKey.filter(([name]) => name !== "plugin");

  test("the schema of configurations has the key of each", () => {
    const schema = JSON.parse(readFileSync(join(root, "schema/config.schema.json"), "utf8")) as {
      properties: Readonly<Record<string, unknown>>;
    };
    expect(overriding.map(([name]) => name).toSorted()).toEqual(Object.keys(given).toSorted());
    for (const [, key] of withKey) expect(Object.keys(schema.properties)).toContain(key);
  });

  test.each(overriding)("--%s over the key %s", async (name, key) => {
    const cwd = await mkdtemp(join(folder, "case-"));
    const { option, setting } = given[name]!;
    const share = name === "min-waste" ? "max-waste: 1%\n" : "";
    const configuration = join(cwd, ".layerlint.yaml");
    await writeFile(configuration, `${share}${key}: ${setting}\n`);
    const demo = ["Dockerfile", "image.tar"].map((file) => join(root, "fixtures/demo", file));
    // the demo has nothing that depends on the builder; a heredoc has no set-user-ID bit
    await writeFile(join(cwd, "Dockerfile"), "FROM a\nCOPY run.sh /run.sh\nRUN chmod 755 /run.sh\n");
    const targets = name === "builder" ? [join(cwd, "Dockerfile")] : demo;
    const report = async (...argv: string[]) => {
      const { stdout } = await layerlint(
        ["--format", "json", "--config", configuration, ...argv, ...targets],
        { cwd },
      );
      const { findings, summary } = JSON.parse(stdout) as { findings: unknown; summary: unknown };
      return { findings, summary };
    };
    const configured = await report();
    const overridden = await report(`--${name}`, option);
    expect(overridden).not.toEqual(configured);
    await writeFile(configuration, share);
    expect(overridden).toEqual(await report(`--${name}`, option));
  });
});
