/**
 * What is committed, installed as people do it: from a clone by npm, and as hooks by the real pre-commit, both as it is
 * today and as it was before 4.7 (`npm install`, `npm pack`, install of the pack). Needs the registries of npm and PyPI.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const wasteful = "FROM debian\nRUN apt-get update && apt-get install -y curl\n";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "layerlint-install-"));
  await sh(folder, "git", "clone", "--quiet", root, "clone");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a command without what the surrounding npm has set; its output comes with the error where it fails. */
async function sh(cwd: string, command: string, ...args: string[]) {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:npm_|GIT_|NODE_ENV$|VITEST)/i.test(name));
  const env = { ...Object.fromEntries(own), PRE_COMMIT_HOME: join(folder, "hooks") };
  return promisify(execFile)(command, args, { cwd, env, maxBuffer: 1e8 });
}

/** The exit status and all output of a command that may fail. */
async function outcome(cwd: string, command: string, ...args: string[]) {
  try {
    const { stdout, stderr } = await sh(cwd, command, ...args);
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
}

test("clone, npm install, npm pack, and the pack in an empty folder", async () => {
  const clone = join(folder, "clone");
  await sh(clone, "npm", "install");
  const { stdout } = await sh(clone, "npm", "pack");
  // pre-commit takes the output for the name
  expect(stdout.trim()).toMatch(/^layerlint-\S+\.tgz$/);
  const empty = join(folder, "empty");
  await mkdir(empty);
  await writeFile(join(empty, "package.json"), "{}");
  await writeFile(join(empty, "Dockerfile"), wasteful);
  await writeFile(join(empty, ".layerlint.yaml"), "rules: {DL3009: error}\n");
  await sh(empty, "npm", "install", join(clone, stdout.trim()));
  const linted = await outcome(empty, "npx", "layerlint", "--format", "gnu", ".");
  expect(linted).toEqual({
    code: 1,
    text: expect.stringMatching(/^\.\/Dockerfile:2:1: error: .* \[leftover-cache\]\n$/),
  });
  const library = 'import { allRules } from "layerlint"; console.log(allRules.length > 20)';
  expect((await sh(empty, process.execPath, "--input-type=module", "-e", library)).stdout).toBe("true\n");
  expect(await readdir(join(empty, "node_modules/layerlint/schema"))).toContain("config.schema.json");
});

describe.each(["4.7.0", "3.8.0"])("pre-commit %s", (version) => {
  test("installs both hooks, and runs each once for all files", async () => {
    const venv = join(folder, `venv-${version}`);
    await sh(folder, "python3", "-m", "venv", venv);
    await sh(folder, join(venv, "bin/pip"), "install", "--quiet", `pre-commit==${version}`, "setuptools");
    const hook = (repo: string, ...args: string[]) => outcome(repo, join(venv, "bin/pre-commit"), ...args);
    const repo = join(folder, `repo-${version}`);
    const files = ["Dockerfile", "web/app.Dockerfile", "api/Containerfile", "Dockerfile.ci"];
    for (const path of [...files, "Dockerfile.dockerignore", "notes.md"]) {
      await mkdir(join(repo, path, ".."), { recursive: true });
      await writeFile(join(repo, path), wasteful);
    }
    const { stdout } = await sh(join(folder, "clone"), "git", "rev-parse", "HEAD");
    const hooks = "[{id: layerlint, args: [--format, gnu], require_serial: true}, {id: layerlint-fix}]";
    await writeFile(
      join(repo, ".pre-commit-config.yaml"),
      `repos: [{repo: "${join(folder, "clone")}", rev: ${stdout.trim()}, hooks: ${hooks}}]\n`,
    );
    await sh(repo, "git", "init", "--quiet");
    await sh(repo, "git", "add", ".");

    const linted = await hook(repo, "run", "--all-files", "layerlint");
    expect(linted.code, linted.text).toBe(1);
    const found = [...linted.text.matchAll(/^(\S+?):2:1: (?:warning|info): .* \[leftover-cache\]$/gm)].map(
      ([, name = ""]) => name,
    );
    expect(found.toSorted()).toEqual(files.toSorted());

    const fixed = await hook(repo, "run", "--all-files", "layerlint-fix");
    expect(fixed.text).toContain("files were modified by this hook");
    for (const path of files)
      expect(await readFile(join(repo, path), "utf8")).toContain("rm -rf /var/lib/apt/lists");
    expect(await readFile(join(repo, "notes.md"), "utf8")).toBe(wasteful);

    const again = await hook(repo, "run", "--all-files");
    expect(again.code, again.text).toBe(0);
  });
});
