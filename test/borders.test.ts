import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { withBorders } from "../scripts/borders.mjs";
import { rooms } from "../scripts/rooms.mjs";
import { testFolder } from "./support/folder.ts";

const root = join(import.meta.dirname, "..");
const all = Object.entries(rooms);

interface Sample {
  readonly path: string;
  readonly text: string;
}

/** A file of one room that imports a file of another one, from a folder in it as well. */
function importing([name, room]: (typeof all)[number], target: string, label: string): Sample[] {
  return ["", "inner/"].map((inner) => {
    const path = `${room.path}/${inner}${label}.ts`;
    const up = "../".repeat(path.split("/").length - 1);
    return {
      path,
      text: `import type { X } from "${up}${target}";\nexport type Y${name.replaceAll("-", "")} = X;`,
    };
  });
}

const upward = all.flatMap((from) =>
  all
    .filter(([name]) => name !== from[0] && from[1].uses[name] === undefined)
    .flatMap(([name, room]) => importing(from, `${room.path}/any.ts`, `reads-${name}`)),
);
const partly = all.flatMap((from) =>
  all
    .filter(([name]) => Array.isArray(from[1].uses[name]))
    .flatMap(([name, room]) => importing(from, `${room.path}/other.ts`, `reads-more-of-${name}`)),
);
const used = all.flatMap((from) =>
  all.flatMap(([name, room]) => {
    const uses = from[1].uses[name];
    if (uses === undefined) return [];
    const files = uses === "all" ? ["any.ts"] : uses;
    return files.flatMap((file, i) => importing(from, `${room.path}/${file}`, `uses-${name}-${i}`));
  }),
);
const packages = all.flatMap(([, room]) => room.packages ?? []);
const foreign = all.flatMap(([, room]) =>
  packages
    .filter((each) => !(room.packages ?? []).includes(each))
    .map((each) => ({ path: `${room.path}/loads-${each}.ts`, text: `import "${each}";\nexport {};` })),
);

const others: Readonly<Record<string, string>> = {
  "rules/caches/reads-a-file.ts": `import "node:fs";`,
  "rules/caches/reads-promises.ts": `import "node:fs/promises";`,
  "rules/caches/ends-the-process.ts": `process.exit(1);`,
  "rules/caches/prints.ts": `console.log(1);`,
  "rules/caches/holds-bytes.ts": `Buffer.from("");`,
  "src/analysis/reads-a-file.ts": `import "node:fs";`,
  "src/context/reads-a-file.ts": `import "node:fs";`,
  "src/rootfs/does-io.ts": `import "node:fs/promises";`,
  "src/lint/ends-the-process.ts": `process.exit(1);`,
  "src/lint/fetches.ts": `import "node:https";`,
  "src/app/ends-the-process.ts": `process.exit(1);`,
  "src/app/prints.ts": `console.log(1);`,
  "src/report/reads-a-file.ts": `import "node:fs";`,
  "src/optimize/writes-a-file.ts": `import "node:fs";`,
  "src/optimize/proof/shares-an-evaluator.ts": `import "../../rootfs/apply.ts";`,
  "src/optimize/proof/shares-the-plan.ts": `import "../plan/plan.ts";`,
  "src/image/uses-the-library.ts": `import "../index.ts";`,
};
const fine: Readonly<Record<string, string>> = {
  "src/context/folder.ts": `import "node:fs";`,
  "src/app/reads-a-file.ts": `import "node:fs";`,
  "src/lint/config/reads-yaml.ts": `import "yaml";`,
  "src/report/paints.ts": `import "chalk";`,
  "src/image/inner/streams.ts": `import "tar-stream";`,
};

describe("the borders between the rooms are enforced by the linter", () => {
  const folder = testFolder("borders");
  let reported: Map<string, string>;

  beforeAll(async () => {
    await copyFile(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
    const more = Object.entries({ ...others, ...fine }).map(([path, text]) => ({
      path,
      text: `${text}\nexport {};`,
    }));
    for (const { path, text } of [...upward, ...partly, ...used, ...foreign, ...more]) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), `${text}\n`);
    }
    const out = await new Promise<string>((resolve) => {
      execFile(
        join(root, "node_modules/.bin/oxlint"),
        ["--format", "json"],
        { cwd: folder, maxBuffer: 2 ** 26 },
        (_error, stdout) => resolve(stdout),
      );
    });
    const { diagnostics } = JSON.parse(out) as {
      diagnostics: { filename: string; severity: string; code: string }[];
    };
    reported = new Map(
      diagnostics
        .filter(({ severity, code }) => severity === "error" && /no-restricted|no-console/.test(code))
        .map(({ filename, code }) => [filename, code]),
    );
  });

  test(".oxlintrc.json agrees with scripts/rooms.mjs (else run `npm run docs`)", async () => {
    const text = await readFile(join(root, ".oxlintrc.json"), "utf8");
    expect(text).toBe(withBorders(text));
  });

  test("a room comes after all that it uses, so that arrows point down only", () => {
    const names = all.map(([name]) => name);
    for (const [name, { uses }] of all)
      for (const other of Object.keys(uses))
        expect([other, names.indexOf(other) < names.indexOf(name)]).toEqual([other, true]);
  });

  test.each([
    ["a room that it does not use", upward],
    ["a file that it does not use of a room it uses in part", partly],
    ["a package that has its home elsewhere", foreign],
  ])("no room imports %s", (_, samples) => {
    expect(samples.length).toBeGreaterThan(10);
    expect(samples.map(({ path }) => path).filter((path) => !reported.has(path))).toEqual([]);
  });

  test("every room may import what it uses", () => {
    expect(used.map(({ path }) => path).filter((path) => reported.has(path))).toEqual([]);
  });

  test.each(Object.keys(others))("%s is refused", (path) => {
    expect(reported.get(path)).toBeDefined();
  });

  test.each(Object.keys(fine))("%s is fine", (path) => {
    expect(reported.get(path)).toBeUndefined();
  });
});
