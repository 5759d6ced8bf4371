/** Where configurations are found, and what they do to a run. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Report } from "../../src/lint/report.ts";
import { layerlint } from "../support/command.ts";

const demo = join(import.meta.dirname, "../../fixtures/demo");
const image = join(demo, "image.tar");
const apt = "FROM debian\nRUN apt-get update && apt-get install -y curl\n";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "layerlint-config-"));
  await mkdir(join(folder, ".git"));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, text);
  return path;
}

async function run(...argv: string[]) {
  const outcome = await layerlint(["--format", "json", ...argv], { cwd: folder });
  const report = outcome.stdout === "" ? undefined : (JSON.parse(outcome.stdout) as Report);
  const found = report?.findings.map(({ rule, severity }) => `${rule}=${severity}`) ?? [];
  return { ...outcome, report, found };
}

describe("the nearest configuration above a file applies", () => {
  test.each([".layerlint.yaml", ".layerlint.yml"])("%s", async (name) => {
    const path = await file("a/b/Dockerfile", apt);
    await file(name, "rules: {leftover-cache: info}\n");
    expect((await run(path)).found).toEqual(["leftover-cache=info"]);
    await file(`a/${name}`, "rules: {leftover-cache: error}\n");
    expect((await run(path)).found).toEqual(["leftover-cache=error"]);
  });

  test("package.json with the key layerlint, and no other package.json", async () => {
    const path = await file("a/b/Dockerfile", apt);
    await file("a/package.json", '{"name": "layerlint", "devDependencies": {"layerlint": "1"}}');
    await file("package.json", '{"layerlint": {"rules": {"DL3009": "info"}}}');
    expect((await run(path)).found).toEqual(["leftover-cache=info"]);
  });

  test("the search ends at the root of the repository", async () => {
    const path = await file("inner/Dockerfile", apt);
    await file(".layerlint.yaml", "rules: {leftover-cache: off}\n");
    expect((await run(path)).found).toEqual([]);
    await file("inner/.git", "gitdir: elsewhere\n");
    expect((await run(path)).found).toEqual(["leftover-cache=warning"]);
  });

  test("each file has its own", async () => {
    await file("a/.layerlint.yaml", "rules: {leftover-cache: error}\n");
    await file("b/.layerlint.yaml", "fail-on: never\nrules: {leftover-cache: info}\n");
    const [a, b] = [await file("a/Dockerfile", apt), await file("b/Dockerfile", apt)];
    const both = await run(a, b);
    expect([both.found, both.code]).toEqual([["leftover-cache=error", "leftover-cache=info"], 1]);
    expect((await run(b)).code).toBe(0);
  });

  test("two configurations in one folder are an error", async () => {
    const path = await file("Dockerfile", apt);
    await file(".layerlint.yaml", "");
    await file("package.json", '{"layerlint": {}}');
    const { code, stderr, stdout } = await run(path);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      "layerlint: .layerlint.yaml: package.json in the same folder also has a configuration; keep one of them\n",
    );
  });

  test("--config names another one, with globs from the working folder on; --no-config none", async () => {
    const path = await file("app/Dockerfile", apt);
    await file("app/.layerlint.yaml", "rules: {leftover-cache: off}\n");
    const other = await file(
      "ci/strict.yaml",
      "overrides: [{files: app/Dockerfile, rules: {leftover-cache: error}}]\n",
    );
    expect((await run("--config", other, path)).found).toEqual(["leftover-cache=error"]);
    expect((await run("--config", "ci/strict.yaml", path)).found).toEqual(["leftover-cache=error"]);
    expect((await run("--no-config", path)).found).toEqual(["leftover-cache=warning"]);
    expect((await run("--config", "nowhere.yaml", path)).stderr).toMatch(
      /^layerlint: nowhere\.yaml: .*ENOENT/,
    );
    expect((await run("--config", other, "--no-config", path)).code).toBe(2);
  });
});

describe("the command line wins", () => {
  test("over preset, severities and fail-on", async () => {
    const path = await file("Dockerfile", apt);
    await file(".layerlint.yaml", "fail-on: error\nrules: {leftover-cache: off}\n");
    expect((await run(path)).found).toEqual([]);
    const on = await run("--severity", "leftover-cache=warning", path);
    expect([on.found, on.code]).toEqual([["leftover-cache=warning"], 0]);
    const failing = await run("--severity", "leftover-cache=warning", "--fail-on", "warning", path);
    expect(failing.code).toBe(1);
    expect((await run("--only", "leftover-cache", path)).found).toEqual(["leftover-cache=warning"]);
  });

  test("a preset turns opt-in rules on, in both places", async () => {
    const path = await file("Dockerfile", "FROM a\n# layerlint ignore=syntax\nRUN x\n");
    const has = async (...argv: string[]) => (await run(...argv, path)).found.includes("unused-ignore=info");
    expect(await has()).toBe(false);
    expect(await has("--preset", "strict")).toBe(true);
    await file(".layerlint.yaml", "preset: strict\n");
    expect(await has()).toBe(true);
    expect(await has("--preset", "default")).toBe(false);
  });
});

test("a mistake is one line with file and line, before anything is printed or changed", async () => {
  const [good, bad] = [await file("good/Dockerfile", apt), await file("bad/Dockerfile", apt)];
  await file("bad/.layerlint.yaml", "# mine\nrules:\n  leftover-cach: error\n");
  for (const argv of [
    [good, bad],
    ["--fix", good, bad],
  ]) {
    const { code, stdout, stderr } = await run(...argv);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      'layerlint: bad/.layerlint.yaml:3: unknown rule "leftover-cach" (did you mean leftover-cache?); layerlint rules lists them all\n',
    );
  }
  expect(await readFile(good, "utf8")).toBe(apt);
});

describe("ignored files", () => {
  beforeEach(async () => {
    await file("Dockerfile", "FROM scratch\n");
    await file("vendor/x/Dockerfile", apt);
    await file(".layerlint.yaml", "ignore: [vendor]\n");
  });

  test("are left out of folders silently", async () => {
    const { found, report, stderr } = await run(folder);
    expect([found, report?.targets.length, stderr]).toEqual([[], 1, ""]);
  });

  test("are left out when they are named, with a note", async () => {
    const path = join(folder, "vendor/x/Dockerfile");
    const { code, report, stderr } = await run(path);
    expect([code, report?.targets]).toEqual([0, []]);
    expect(stderr).toBe(`layerlint: ${path}: ignored by .layerlint.yaml\n`);
    expect((await run("fix", path)).code).toBe(0);
    expect(await readFile(path, "utf8")).toBe(apt);
    const text = await layerlint([path], { cwd: folder });
    expect(text.stdout).toContain("no target: all are ignored");
  });
});

describe("accepted findings of an image", () => {
  const accept = (path: string, more = "") =>
    file(".layerlint.yaml", `accept:\n- rule: deleted-later\n  path: ${path}\n  reason: known\n${more}`);

  async function deletedLater(...argv: string[]) {
    const { report, code } = await run("--only", "deleted-later", ...argv, image);
    return { findings: report!.findings, summary: report!.summary, notices: report!.notices, code };
  }

  test("do not count, and are counted as suppressed", async () => {
    const before = await deletedLater();
    expect(before.findings.length).toBeGreaterThan(0);
    await accept('"**"');
    const after = await deletedLater("--fail-on", "info");
    expect(after).toMatchObject({ findings: [], notices: [], code: 0 });
    expect(after.summary).toMatchObject({ suppressed: before.findings.length, foundBytes: 0 });
  });

  test("are those whose files are all covered", async () => {
    const before = await deletedLater();
    await accept("tmp/places.tar");
    const { findings, summary } = await deletedLater();
    expect(findings.length).toBe(before.findings.length - 1);
    expect(summary.suppressed).toBe(1);
    expect(findings.flatMap(({ paths }) => paths?.map(({ path }) => path))).not.toContain("tmp/places.tar");
    await accept("nowhere/**");
    expect((await deletedLater()).findings).toEqual(before.findings);
  });

  test("come back after the day, with a note", async () => {
    await accept("/tmp/*", "  until: 2026-01-31\n");
    const { findings, notices } = await deletedLater();
    const finding = findings.find(({ notes }) => notes !== undefined);
    expect(finding?.notes).toEqual([
      expect.stringMatching(/^it was accepted until 2026-01-31 \(\.layerlint\.yaml:2: known\)$/),
    ]);
    expect(notices).toEqual([]);
  });

  test("only of the layer that is named", async () => {
    const { findings } = await deletedLater();
    const layer = findings[0]!.locations.find((place) => place.layer !== undefined)!.layer!;
    await accept('"**"', `  layer: ${layer}\n`);
    expect((await deletedLater()).summary.suppressed).toBeGreaterThan(0);
    await accept('"**"', "  layer: 99\n");
    expect((await deletedLater()).summary.suppressed).toBe(0);
  });

  test("an unmatched entry is reported and fails nothing; entries for rules that did not run are not judged", async () => {
    await accept("nowhere/**", "  until: 2020-01-01\n");
    const { notices, code } = await deletedLater("--fail-on", "never");
    expect(code).toBe(0);
    expect(notices).toEqual([
      {
        message:
          "deleted-later finds nothing in nowhere/** that this entry could accept, and it ended on 2020-01-01: remove it",
        file: ".layerlint.yaml",
        line: 2,
      },
    ]);
    expect((await run("--only", "syntax", image)).report?.notices).toEqual([]);
    const text = await layerlint(["--only", "deleted-later", image], { cwd: folder });
    expect(text.stdout).toContain(".layerlint.yaml:2  notice  deleted-later finds nothing in nowhere/**");
  });

  test("do not count against the budget", async () => {
    const budget = ["--fail-on", "never", "--max-waste", "1kB"];
    const before = await deletedLater(...budget);
    expect(before.code).toBe(1);
    await accept('"**"');
    const after = await deletedLater(...budget, "--only", "rewritten-later");
    const { acceptedBytes, avoidableBytes } = after.summary.budgets![0]!;
    expect(acceptedBytes).toBe(before.findings.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0));
    expect(avoidableBytes).toBe(before.summary.budgets![0]!.avoidableBytes);
  });
});

test("the limits of the configuration are a gate", async () => {
  await file(".layerlint.yaml", "max-waste: 1kB\nfail-on: never\n");
  expect((await run(image)).code).toBe(1);
  expect((await run("--max-waste", "1GB", image)).code).toBe(0);
  expect((await run("inspect", image)).code).toBe(0);
});

test("--no-fail only looks", async () => {
  const path = await file("Dockerfile", apt);
  const { code, report } = await run("--no-fail", path);
  expect([code, report?.summary.failed]).toEqual([0, true]);
  expect((await run("--no-fail", join(folder, "missing"))).code).toBe(2);
});

describe("init", () => {
  test("writes a configuration that changes nothing yet, and never over another", async () => {
    const path = await file("Dockerfile", apt);
    const before = (await run(path)).stdout;
    expect((await layerlint(["init"], { cwd: folder })).code).toBe(0);
    expect((await run(path)).stdout).toBe(before);
    await file(".layerlint.yaml", "preset: strict\n");
    const again = await layerlint(["init"], { cwd: folder });
    expect([again.code, again.stderr]).toEqual([
      2,
      "layerlint: .layerlint.yaml: exists already; it was not changed\n",
    ]);
    expect(await readFile(join(folder, ".layerlint.yaml"), "utf8")).toBe("preset: strict\n");
  });

  test("names the schema where it is installed", async () => {
    await file("node_modules/layerlint/schema/config.schema.json", "{}");
    await layerlint(["init"], { cwd: folder });
    expect(await readFile(join(folder, ".layerlint.yaml"), "utf8")).toMatch(
      /^# yaml-language-server: \$schema=node_modules\/layerlint\/schema\/config\.schema\.json\n/,
    );
  });
});
