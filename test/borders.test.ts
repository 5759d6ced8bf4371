import { execFile } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { testFolder } from "./support/folder.ts";

const root = join(import.meta.dirname, "..");

/** Each file holds one line; those under `forbidden` must be reported, those under `allowed` must not. */
const forbidden: Readonly<Record<string, string>> = {
  "rules/reads-a-file.ts": `import "node:fs";`,
  "rules/reads-the-engine.ts": `import "../src/lint/run.ts";`,
  "rules/reads-a-room.ts": `import "../src/rootfs/apply.ts";`,
  "rules/knowledge/reads-a-room.ts": `import "../../src/image/open.ts";`,
  "rules/ends-the-process.ts": `process.exit(1);`,
  "rules/reads-promises.ts": `import "node:fs/promises";`,
  "rules/prints.ts": `console.log(1);`,
  "src/dockerfile/reads-an-image.ts": `import "../image/open.ts";`,
  "src/dockerfile/parses-shell.ts": `import "unbash";`,
  "src/dockerfile/reads-the-context.ts": `import "../context/folder.ts";`,
  "src/context/reads-a-file.ts": `import "node:fs";`,
  "src/context/parses-a-dockerfile.ts": `import "../dockerfile/parse.ts";`,
  "src/context/knows-the-engine.ts": `import "../engine/contract.ts";`,
  "src/shell/parses-a-dockerfile.ts": `import "dockerfile-ast";`,
  "src/image/knows-origins.ts": `import "../origin/origins.ts";`,
  "src/image/prints-colours.ts": `import "chalk";`,
  "src/rootfs/does-io.ts": `import "node:fs/promises";`,
  "src/rootfs/opens-images.ts": `import "../image/open.ts";`,
  "src/origin/knows-rootfs.ts": `import "../rootfs/apply.ts";`,
  "src/engine/knows-rules.ts": `import "../../rules/index.ts";`,
  "src/engine/knows-the-command.ts": `import "../cli/main.ts";`,
  "src/engine/ends-the-process.ts": `process.exit(1);`,
  "src/report/reads-a-file.ts": `import "node:fs";`,
  "src/report/parses-arguments.ts": `import "yargs";`,
  "src/optimize/writes-a-file.ts": `import "node:fs";`,
  "src/optimize/knows-rules.ts": `import "../../rules/index.ts";`,
  "src/optimize/proof/shares-an-evaluator.ts": `import "../../rootfs/apply.ts";`,
  "src/optimize/proof/shares-the-plan.ts": `import "../plan/plan.ts";`,
  "src/cli/reads-yaml.ts": `import "yaml";`,
  "src/report/matches-globs.ts": `import "picomatch";`,
  "src/cli/unpacks.ts": `import "tar-stream";`,
};
const allowed: Readonly<Record<string, string>> = {
  "rules/fine.ts": `import "../src/rule/contract.ts";`,
  "rules/knowledge/fine.ts": `import "../../src/rule/contract.ts";`,
  "src/context/folder.ts": `import "node:fs";`,
  "src/rootfs/fine.ts": `import "../image/image.ts";`,
  "src/report/fine.ts": `import "chalk";`,
  "src/engine/config/fine.ts": `import "yaml";`,
  "src/image/fine.ts": `import "tar-stream";`,
};

describe("the borders between the folders are enforced by the linter", () => {
  const folder = testFolder("borders");
  let reported: Map<string, string>;

  beforeAll(async () => {
    await copyFile(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
    for (const [path, text] of Object.entries({ ...forbidden, ...allowed })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), `${text}\nexport {};\n`);
    }
    const out = await new Promise<string>((resolve) => {
      execFile(
        join(root, "node_modules/.bin/oxlint"),
        ["--format", "json"],
        { cwd: folder },
        (_error, stdout) => resolve(stdout),
      );
    });
    const { diagnostics } = JSON.parse(out) as {
      diagnostics: { filename: string; severity: string; code: string }[];
    };
    reported = new Map(diagnostics.filter((d) => d.severity === "error").map((d) => [d.filename, d.code]));
  });

  test.each(Object.keys(forbidden))("%s is refused", (path) => {
    expect(reported.get(path)).toMatch(/no-restricted|no-console/);
  });

  test.each(Object.keys(allowed))("%s is fine", (path) => {
    expect(reported.get(path)).toBeUndefined();
  });
});
