import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findDockerfiles, isDockerfileName } from "../../src/app/targets/find-dockerfiles.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "layerlint-folders-"));
});
afterEach(() => rm(root, { recursive: true }));

async function files(...paths: string[]): Promise<void> {
  for (const path of paths) {
    const [name, text = "FROM scratch\n"] = path.split("=");
    await mkdir(dirname(join(root, name!)), { recursive: true });
    await writeFile(join(root, name!), text);
  }
}

test("the four name patterns are found, in byte order of the whole path", async () => {
  await files(
    "b/Dockerfile",
    "b-1/Dockerfile",
    "Containerfile",
    "a.Dockerfile",
    "Dockerfile.dev",
    "README",
    "z/ä.Dockerfile",
    "z/b.Dockerfile",
  );
  expect(await findDockerfiles(root, expect.unreachable)).toEqual([
    "Containerfile",
    "Dockerfile.dev",
    "a.Dockerfile",
    "b-1/Dockerfile",
    "b/Dockerfile",
    "z/b.Dockerfile",
    "z/ä.Dockerfile",
  ]);
});

test("an ignore file of BuildKit is no Dockerfile", () => {
  expect(isDockerfileName("Dockerfile.dockerignore")).toBe(false);
  expect(isDockerfileName("app.Dockerfile.dockerignore")).toBe(false);
  expect(isDockerfileName("dockerfile")).toBe(false);
});

test("templates, documents, scripts and backups are no Dockerfiles", async () => {
  const others = "j2 jinja template tmpl tpl erb in md rst sh yml yaml json orig bak rej swp patch".split(
    " ",
  );
  await files(
    "Dockerfile",
    "Dockerfile.py",
    ...others.map((ending) => `Dockerfile.${ending}`),
    "Dockerfile~",
  );
  expect(await findDockerfiles(root, expect.unreachable)).toEqual(["Dockerfile", "Dockerfile.py"]);
});

test("symlinks, .git and node_modules are not entered", async () => {
  await files("real/Dockerfile", ".git/Dockerfile", "node_modules/x/Dockerfile", "a/node_modules/Dockerfile");
  await symlink(join(root, "real"), join(root, "linked"));
  await symlink(join(root, "real/Dockerfile"), join(root, "Dockerfile"));
  expect(await findDockerfiles(root, expect.unreachable)).toEqual(["real/Dockerfile"]);
});

test("a .gitignore counts from its folder down, and a deeper one can take a file back", async () => {
  await files(
    ".gitignore=build/\n*.Dockerfile\n/only-here/Dockerfile\n",
    "build/Dockerfile",
    "x.Dockerfile",
    "sub/.gitignore=!keep.Dockerfile\n",
    "sub/keep.Dockerfile",
    "sub/drop.Dockerfile",
    "only-here/Dockerfile",
    "sub/only-here/Dockerfile",
  );
  expect(await findDockerfiles(root, expect.unreachable)).toEqual([
    "sub/keep.Dockerfile",
    "sub/only-here/Dockerfile",
  ]);
});

test("a .gitignore for build/ hid Build/ too", async () => {
  await files(".gitignore=build/\n", "build/Dockerfile", "Build/Dockerfile");
  expect(await findDockerfiles(root, expect.unreachable)).toEqual(["Build/Dockerfile"]);
});

test("a folder whose name is not UTF-8 made the whole search fail", async () => {
  await files("a/Dockerfile");
  await mkdir(Buffer.concat([Buffer.from(`${root}/z`), Buffer.from([0xff])]));
  const complaints: string[] = [];
  expect(await findDockerfiles(root, (message) => complaints.push(message))).toEqual(["a/Dockerfile"]);
  expect(complaints).toEqual([expect.stringMatching(/cannot be searched/)]);
});
