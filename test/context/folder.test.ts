import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { contextOf } from "../../src/context/folder.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "layerlint-context-"));
  await mkdir(join(folder, "src"));
  await writeFile(join(folder, "src/main.ts"), "12345");
  await chmod(join(folder, "src/main.ts"), 0o4755);
  await writeFile(join(folder, "a.md"), "1");
  await chmod(join(folder, "a.md"), 0o640);
  await symlink("src", join(folder, "link"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a folder on disk", () => {
  const context = contextOf(folder);
  expect([context.name, context.ignoreFile]).toEqual([folder, undefined]);
  expect(context.files()).toEqual({
    files: [
      { path: "a.md", size: 1, mode: 0o640 },
      { path: "link", size: 0, mode: 0 },
      { path: "src/main.ts", size: 5, mode: 0o4755 },
    ],
    complete: true,
  });
  expect(context.taken({ paths: ["link"], exclude: [], parents: false }).files).toEqual([
    { path: "src/main.ts", size: 5, mode: 0o4755 },
  ]);
});

test("the Dockerfile's own ignore file takes precedence, and is looked for beside the Dockerfile", async () => {
  await writeFile(join(folder, ".dockerignore"), "src");
  await mkdir(join(folder, "docker"));
  await writeFile(join(folder, "docker/web.Dockerfile.dockerignore"), "*.md");
  const plain = contextOf(folder, join(folder, "docker/Dockerfile"));
  expect([plain.ignoreFile, plain.ignores("src")]).toEqual([join(folder, ".dockerignore"), true]);
  const own = contextOf(folder, join(folder, "docker/web.Dockerfile"));
  expect(own.ignoreFile).toBe(join(folder, "docker/web.Dockerfile.dockerignore"));
  expect([own.ignores("src"), own.ignores("a.md")]).toEqual([false, true]);
});

test("an empty ignore file is one too", async () => {
  await writeFile(join(folder, ".dockerignore"), "a.md");
  await writeFile(join(folder, "Dockerfile.dockerignore"), "");
  expect(contextOf(folder, join(folder, "Dockerfile")).ignores("a.md")).toBe(false);
});

test("a missing folder, or an ignore file that is a folder, does not throw", async () => {
  await mkdir(join(folder, ".dockerignore"));
  expect(contextOf(folder).ignoreFile).toBeUndefined();
  expect(contextOf(join(folder, "gone")).files()).toEqual({ files: [], complete: false });
});

test.skipIf(process.getuid?.() === 0)("what may not be read makes the answer incomplete", async () => {
  await chmod(join(folder, "src"), 0);
  const { files, complete } = contextOf(folder).files();
  await chmod(join(folder, "src"), 0o755);
  expect([files.length, complete]).toEqual([2, false]);
});
