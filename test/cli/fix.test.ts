import { execFileSync } from "node:child_process";
import { chmod, lstat, mkdir, mkdtemp, readFile, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { replaceFile } from "../../src/app/fixing/replace-file.ts";
import type { Report } from "../../src/lint/report.ts";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";

const waste =
  "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends make\nUSER app\n";
const fixed =
  "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*\nUSER app\n";
const unsafe = waste.replace(" make", " make || true");
const root = testFolder("fix");

async function folderWith(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(root, "case-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

describe("fix", () => {
  test("writes safe fixes, reports them, and leaves no other files behind", async () => {
    const folder = await folderWith({ Dockerfile: waste });
    const { code, stdout, stderr } = await layerlint(["fix", join(folder, "Dockerfile")]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(await readFile(join(folder, "Dockerfile"), "utf8")).toBe(fixed);
    expect(await readdir(folder)).toEqual(["Dockerfile"]);
    expect(stdout).toContain(`${join(folder, "Dockerfile")}:2  fixed  leftover-cache`);
    expect(stdout).toContain("nothing found");
  });

  test("a second run changes nothing, not even the file's time", async () => {
    const folder = await folderWith({ Dockerfile: waste });
    await layerlint(["fix", folder]);
    const before = await stat(join(folder, "Dockerfile"));
    expect((await layerlint(["fix", folder])).stdout).not.toContain("fixed");
    const after = await stat(join(folder, "Dockerfile"));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  test("lint --fix does the same, and lint alone only suggests it", async () => {
    const folder = await folderWith({ Dockerfile: waste });
    const told = await layerlint([join(folder, "Dockerfile")]);
    expect(told.code).toBe(1);
    expect(told.stdout.replace(/\s+/g, " ")).toMatch(/fix .*: layerlint fix/);
    expect(await readFile(join(folder, "Dockerfile"), "utf8")).toBe(waste);
    expect((await layerlint(["lint", "--fix", folder])).code).toBe(0);
    expect(await readFile(join(folder, "Dockerfile"), "utf8")).toBe(fixed);
  });

  test("unsafe fixes wait for --unsafe; exit 1 while they are left", async () => {
    const folder = await folderWith({ Dockerfile: unsafe });
    const only = ["--only", "leftover-cache"];
    const safe = await layerlint(["fix", ...only, folder]);
    expect(safe.code).toBe(1);
    expect(safe.stdout.replace(/\s+/g, " ")).toMatch(/layerlint fix --unsafe, because the RUN has a \|\|/);
    expect(await readFile(join(folder, "Dockerfile"), "utf8")).toBe(unsafe);
    expect((await layerlint(["fix", "--unsafe", ...only, folder])).code).toBe(0);
    expect(await readFile(join(folder, "Dockerfile"), "utf8")).toContain(
      "RUN { apt-get update && apt-get install -y --no-install-recommends make || true; } && rm -rf /var/lib/apt/lists/*\n",
    );
  });

  test("exit 0 when the remaining findings are below --fail-on", async () => {
    const folder = await folderWith({ Dockerfile: unsafe });
    expect((await layerlint(["fix", "--fail-on", "error", folder])).code).toBe(0);
  });

  test("--only fixes only that", async () => {
    const folder = await folderWith({ Dockerfile: waste });
    await layerlint(["fix", "--only", "deleted-later", folder]);
    expect(await readFile(join(folder, "Dockerfile"), "utf8")).toBe(waste);
  });

  test("a folder: every Dockerfile in it, in one run", async () => {
    const folder = await folderWith({
      "a/Dockerfile": waste,
      "b/web.Dockerfile": waste,
      "c/notes.txt": waste,
    });
    expect((await layerlint(["fix", folder])).code).toBe(0);
    expect(await readFile(join(folder, "a/Dockerfile"), "utf8")).toBe(fixed);
    expect(await readFile(join(folder, "b/web.Dockerfile"), "utf8")).toBe(fixed);
    expect(await readFile(join(folder, "c/notes.txt"), "utf8")).toBe(waste);
  });

  test("the same file named twice is fixed once", async () => {
    const folder = await folderWith({ Dockerfile: waste });
    const file = join(folder, "Dockerfile");
    expect(await layerlint(["fix", file, file])).toMatchObject({ code: 0, stderr: "" });
    expect(await readFile(file, "utf8")).toBe(fixed);
  });

  test.each([["--unsafe"], ["--diff"], ["--only=leftover-cache"], ["--fail-on=never"]])(
    "%s leaves a file that does not parse untouched: exit status 2, and one line says why",
    async (option) => {
      const broken = `${waste}RUNN x\n`;
      const folder = await folderWith({ Dockerfile: broken });
      const file = join(folder, "Dockerfile");
      const { code, stdout, stderr } = await layerlint(["fix", option, folder]);
      expect(stderr).toBe(
        `layerlint: ${file}:4: not fixed, because it does not parse: unknown instruction RUNN (did you mean RUN?)\n`,
      );
      expect(code).toBe(2);
      if (option === "--diff") expect(stdout).toBe("");
      expect(await readFile(file, "utf8")).toBe(broken);
    },
  );

  test("the line about a file that does not parse repeats no secret", async () => {
    const secret = `ghp_${"Ab1".repeat(12)}`;
    const folder = await folderWith({
      Dockerfile: `FROM a\nENV TOKEN=${secret}\nHEALTHCHECK ${secret}\n`,
    });
    const { code, stderr } = await layerlint(["fix", "--diff", folder]);
    expect(stderr).toMatch(/:3: not fixed, because it does not parse: HEALTHCHECK takes CMD/);
    expect(stderr).not.toContain(secret);
    expect(code).toBe(2);
  });

  test.each([
    ["CRLF", waste.replaceAll("\n", "\r\n"), fixed.replaceAll("\n", "\r\n")],
    ["no final newline", waste.trimEnd(), fixed.trimEnd()],
    ["a byte order mark", `\ufeff${waste}`, `\ufeff${fixed}`],
  ])("%s stays", async (_, before, after) => {
    const folder = await folderWith({ Dockerfile: before });
    await layerlint(["fix", folder]);
    expect(await readFile(join(folder, "Dockerfile"), "utf8")).toBe(after);
  });

  test("bytes that are not UTF-8 stay", async () => {
    const odd = (text: string) =>
      Buffer.concat([Buffer.from("# caf\xe9 \xff\n", "latin1"), Buffer.from(text)]);
    const folder = await folderWith({ Dockerfile: odd(waste) });
    await layerlint(["fix", folder]);
    expect(await readFile(join(folder, "Dockerfile"))).toEqual(odd(fixed));
  });

  test("mode and symlinks stay", async () => {
    const folder = await folderWith({ "real/Dockerfile.prod": waste });
    await chmod(join(folder, "real/Dockerfile.prod"), 0o640);
    await symlink("real/Dockerfile.prod", join(folder, "Dockerfile"));
    await layerlint(["fix", join(folder, "Dockerfile")]);
    expect((await lstat(join(folder, "Dockerfile"))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, "real/Dockerfile.prod"), "utf8")).toBe(fixed);
    expect((await stat(join(folder, "real/Dockerfile.prod"))).mode & 0o7777).toBe(0o640);
  });

  test("a file that changed meanwhile is not overwritten", async () => {
    const folder = await folderWith({ Dockerfile: "theirs\n" });
    const file = join(folder, "Dockerfile");
    expect(() => replaceFile(file, Buffer.from("before\n"), Buffer.from("after\n"))).toThrow(
      /Dockerfile: it changed while it was being fixed, so nothing was written; run it again/,
    );
    expect(await readFile(file, "utf8")).toBe("theirs\n");
    expect(await readdir(folder)).toEqual(["Dockerfile"]);
  });

  test("a file that cannot be written is a one-line error and exit 2; the others are fixed", async () => {
    const folder = await folderWith({ "a/Dockerfile": waste, "b/Dockerfile": waste });
    // where even root may not write: nothing can be made in a folder that is gone
    const gone = join(folder, "b");
    const { code, stderr } = await layerlint(["fix", join(folder, "a/Dockerfile"), join(gone, "none")]);
    expect(code).toBe(2);
    expect(stderr).toBe(`layerlint: ${join(gone, "none")}: no such file or folder\n`);
    expect(await readFile(join(folder, "a/Dockerfile"), "utf8")).toBe(fixed);
  });
});

describe("a .dockerignore", () => {
  const copy = "FROM debian:12\nCOPY . /app\n";
  const git = { "ctx/.git/objects/pack/p.pack": Buffer.alloc(300_000, 1), "ctx/main.c": "int main;\n" };

  test("is made in the build context, under --unsafe only, and never in place of one", async () => {
    const folder = await folderWith({ ...git, "docker/Dockerfile": copy });
    const argv = ["fix", "--context", join(folder, "ctx"), join(folder, "docker/Dockerfile")];
    expect((await layerlint(argv)).code).toBe(1);
    expect(await readdir(join(folder, "ctx"))).toEqual([".git", "main.c"]);
    const { code, stderr } = await layerlint([...argv, "--unsafe"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(await readFile(join(folder, "ctx/.dockerignore"), "utf8")).toBe(".git\n");
    expect(await readdir(join(folder, "docker"))).toEqual(["Dockerfile"]);
    expect((await layerlint([...argv, "--unsafe"])).code).toBe(0);
  });

  test("is shown by --diff, as a new file", async () => {
    const folder = await folderWith({ ...git, "ctx/Dockerfile": copy });
    const { code, stdout } = await layerlint(["fix", "--unsafe", "--diff", join(folder, "ctx")]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^--- \/dev\/null\n\+\+\+ .*\/ctx\/\.dockerignore\n@@ -0,0 \+1,1 @@\n\+\.git\n$/);
    expect(await readdir(join(folder, "ctx"))).toEqual([".git", "Dockerfile", "main.c"]);
  });
});

describe("fix --diff", () => {
  test("prints a patch that git applies, and changes nothing", async () => {
    const folder = await folderWith({
      "app/Dockerfile": waste,
      "Dockerfile.crlf": waste.replaceAll("\n", "\r\n"),
    });
    const cwd = process.cwd();
    process.chdir(folder);
    const { code, stdout } = await layerlint(["fix", "--diff", "."]).finally(() => process.chdir(cwd));
    expect(code).toBe(0);
    expect(stdout).toContain("--- a/app/Dockerfile\n+++ b/app/Dockerfile\n@@");
    expect(await readFile(join(folder, "app/Dockerfile"), "utf8")).toBe(waste);
    execFileSync("git", ["apply", "--unidiff-zero", "-"], { cwd: folder, input: stdout });
    expect(await readFile(join(folder, "app/Dockerfile"), "utf8")).toBe(fixed);
    expect(await readFile(join(folder, "Dockerfile.crlf"), "utf8")).toBe(fixed.replaceAll("\n", "\r\n"));
  });

  test("is empty where there is nothing to fix", async () => {
    const folder = await folderWith({ Dockerfile: fixed });
    expect((await layerlint(["fix", "--diff", folder])).stdout).toBe("");
  });
});

describe("fix --stdin", () => {
  test.each([[["fix", "--stdin"]], [["fix", "-"]]])("%j: text in, fixed text out", async (argv) => {
    const { code, stdout, stderr } = await layerlint(argv, { stdin: [Buffer.from(waste)] });
    expect([code, stdout, stderr]).toEqual([0, fixed, ""]);
  });

  test.each([
    ["longer than what tells its type", 1_000],
    ["shorter than that", 100],
    ["of one byte", 1],
  ])("a Dockerfile that comes in chunks %s is read to its end", async (_how, size) => {
    const comments = "# about the next line\n".repeat(100);
    const bytes = Buffer.from(comments + waste);
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const { code, stdout } = await layerlint(["fix", "--stdin"], { stdin: chunks });
    expect([code, stdout]).toEqual([0, comments + fixed]);
  });

  test("text that does not parse comes out as it went in", async () => {
    const stdin = [Buffer.from("RUNN x\n")];
    const { code, stdout, stderr } = await layerlint(["fix", "--stdin"], { stdin });
    expect([code, stdout]).toEqual([2, "RUNN x\n"]);
    expect(stderr).toMatch(/^layerlint: -:1: not fixed, because it does not parse: .+\n$/);
  });

  test("takes no other targets", async () => {
    const { code, stderr } = await layerlint(["fix", "--stdin", "Dockerfile"], { stdin: [] });
    expect(code).toBe(2);
    expect(stderr).toMatch(/--stdin reads the Dockerfile from standard input/);
  });
});

describe("the report of fix", () => {
  test("says in JSON what was applied", async () => {
    const folder = await folderWith({ Dockerfile: waste });
    const { stdout } = await layerlint(["fix", "--format", "json", folder]);
    const { applied, findings } = JSON.parse(stdout) as Report;
    expect(applied).toMatchObject([{ target: 0, rule: "leftover-cache", line: 2, safety: "safe" }]);
    expect(findings).toEqual([]);
  });

  test("lint gives edits as lines and columns", async () => {
    const folder = await folderWith({ Dockerfile: waste });
    const { stdout } = await layerlint(["lint", "--format", "json", "--only", "leftover-cache", folder]);
    const fix = (JSON.parse(stdout) as Report).findings[0]!.fixes[0]!;
    const column = waste.split("\n")[1]!.length + 1;
    expect(fix).toMatchObject({
      safety: "safe",
      changes: "dockerfile",
      edits: [{ line: 2, column, endLine: 2, endColumn: column, text: " && rm -rf /var/lib/apt/lists/*" }],
    });
  });

  test("--unsafe alone is wrong usage", async () => {
    const { code, stderr } = await layerlint(["lint", "--unsafe", "x"]);
    expect([code, stderr]).toEqual([2, "layerlint: --unsafe needs --fix or --diff\n"]);
  });
});
