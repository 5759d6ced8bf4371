/** `npm run release`, in a repository made of this one's package files and pages. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { freshPaths, testFolder } from "../support/folder.ts";

const root = join(import.meta.dirname, "../..");
const fresh = freshPaths(testFolder("release"));
const pages = ["README.md", "docs/hook.md"].filter((file) => existsSync(join(root, file)));
const changelog =
  "# Changelog\n\n## Unreleased\n\n### Added\n\n- A rule.\n\n## 0.0.1 - 2020-01-01\n\n### Fixed\n\n- A fault.\n";
const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.org",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.org",
};

const read = (file: string) => readFileSync(join(root, file), "utf8");

class Repository {
  readonly folder = fresh();

  constructor(version = "0.1.0") {
    for (const file of pages) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      this.write(file, read(file).replace(/\brev: v\S+/g, "rev: v0.0.1"));
    }
    this.write("package.json", read("package.json").replace(/"version": "[^"]+"/, `"version": "${version}"`));
    // the first two are those of the package itself
    let count = 0;
    const lock = read("package-lock.json").replace(/"version": "[^"]+"/g, (found) =>
      count++ < 2 ? `"version": "${version}"` : found,
    );
    this.write("package-lock.json", lock);
    this.write("CHANGELOG.md", changelog);
    this.git("init", "--quiet");
    this.commit();
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.folder, env, encoding: "utf8" }).trimEnd();
  }

  commit(): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "x");
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  replace(file: string, what: string, by: string): void {
    const text = this.read(file);
    if (!text.includes(what)) throw new Error(`${file} has no ${what}`);
    this.write(file, text.replace(what, by));
  }

  release(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, "scripts/release.mjs"), ...args],
      {
        cwd: this.folder,
        env,
        encoding: "utf8",
      },
    );
    return { status, stdout, stderr };
  }

  /** All that a release changes. */
  state() {
    return {
      head: this.git("rev-parse", "HEAD"),
      tags: this.git("tag"),
      changes: this.git("status", "--porcelain"),
    };
  }
}

describe("a release", () => {
  const repository = new Repository();
  const { status, stderr } = repository.release("minor");

  test("is one commit with a tag", () => {
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(repository.git("log", "--format=%s")).toBe("Release 0.2.0\nx");
    expect(repository.git("rev-parse", "v0.2.0^{commit}")).toBe(repository.git("rev-parse", "HEAD"));
    expect(repository.git("cat-file", "-t", "v0.2.0")).toBe("tag");
    expect(repository.git("status", "--porcelain")).toBe("");
  });

  test("writes the version into the package files, and nothing else", () => {
    const { version } = JSON.parse(repository.read("package.json")) as { version: string };
    const lock = JSON.parse(repository.read("package-lock.json")) as {
      version: string;
      packages: { "": { version: string } };
    };
    expect([version, lock.version, lock.packages[""].version]).toEqual(["0.2.0", "0.2.0", "0.2.0"]);
    expect(repository.git("diff", "--numstat", "HEAD~", "--", "package.json")).toMatch(/^1\t1\t/);
    expect(repository.git("diff", "--numstat", "HEAD~", "--", "package-lock.json")).toMatch(/^2\t2\t/);
  });

  test("dates what was unreleased", () => {
    const lines = repository
      .read("CHANGELOG.md")
      .split("\n")
      .filter((line) => line !== "");
    expect(lines).toEqual([
      "# Changelog",
      "## Unreleased",
      expect.stringMatching(/^## 0\.2\.0 - \d{4}-\d\d-\d\d$/),
      "### Added",
      "- A rule.",
      "## 0.0.1 - 2020-01-01",
      "### Fixed",
      "- A fault.",
    ]);
  });

  test("the hook's rev in the pages is a tag that exists", () => {
    const revs = pages.flatMap((page) =>
      [...repository.read(page).matchAll(/\brev: (\S+)/g)].map(([, rev]) => rev),
    );
    expect(revs.length).toBeGreaterThan(0);
    for (const rev of revs) expect(repository.git("tag").split("\n")).toContain(rev);
  });

  test("is not made twice", () => {
    expect(repository.release("minor").stderr).toContain('lists nothing in "Unreleased"');
  });
});

test.each([
  ["patch", "1.2.4"],
  ["minor", "1.3.0"],
  ["major", "2.0.0"],
  ["1.2.3", "1.2.3"],
  ["1.10.0", "1.10.0"],
])("%s after 1.2.3 is %s", (wanted, version) => {
  const { stdout } = new Repository("1.2.3").release(wanted, "--dry-run");
  expect(stdout).toContain(`tag v${version}\n`);
});

test("a dry run reports the changes and makes none", () => {
  const repository = new Repository();
  const before = repository.state();
  const { status, stdout } = repository.release("patch", "--dry-run");
  expect(status).toBe(0);
  expect(stdout).toContain(`would write package.json, package-lock.json, CHANGELOG.md`);
  expect(repository.state()).toEqual(before);
});

describe("is refused, and nothing changes", () => {
  test.each<[why: string, spoil: (repository: Repository) => void, args: string[]]>([
    ["the working tree has changes", (r) => r.write("new.txt", ""), ["patch"]],
    ["the tag v0.1.1 exists", (r) => r.git("tag", "v0.1.1"), ["patch"]],
    ["does not begin with a section", (r) => spoiled(r, "## Unreleased", "## Next"), ["patch"]],
    ['lists nothing in "Unreleased"', (r) => spoiled(r, "- A rule.\n", ""), ["patch"]],
    ['has the heading "New"', (r) => spoiled(r, "### Added", "### New"), ["patch"]],
    ["has a section for 0.2.0", (r) => spoiled(r, "## 0.0.1 ", "## 0.2.0 "), ["minor"]],
    ["no page shows", (r) => spoiledPages(r), ["patch"]],
    ["0.0.9 is older than 0.1.0", () => {}, ["0.0.9"]],
    ["latest is neither", () => {}, ["latest"]],
    ["name one version", () => {}, []],
    ["name one version", () => {}, ["patch", "minor"]],
    ["--force", () => {}, ["patch", "--force"]],
  ])("%s", (why, spoil, args) => {
    const repository = new Repository();
    spoil(repository);
    const before = repository.state();
    const { status, stdout, stderr } = repository.release(...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^no release: .*\n$/);
    expect(stderr).toContain(why);
    expect(repository.state()).toEqual(before);
  });
});

function spoiled(repository: Repository, what: string, by: string): void {
  repository.replace("CHANGELOG.md", what, by);
  repository.commit();
}

function spoiledPages(repository: Repository): void {
  for (const page of pages) repository.write(page, repository.read(page).replaceAll("rev: v", "rev: "));
  repository.commit();
}
