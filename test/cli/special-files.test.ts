/** Checkouts of strangers: files that are no files, or too large, or lie elsewhere. The bundled command runs as a process. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { testFolder } from "../support/folder.ts";

const command = join(import.meta.dirname, "../../dist/bin/layerlint.js");
const folder = testFolder("special-files");
let checkout: string;
let count = 0;

beforeEach(() => {
  checkout = join(folder, `checkout-${(count += 1)}`);
  mkdirSync(join(checkout, ".git"), { recursive: true });
  writeFileSync(join(checkout, "Dockerfile"), "FROM debian:12\nCOPY . /app\n");
});

/** Runs the command in the checkout; a command that waits for a pipe is ended, and has no exit status. */
async function run(...argv: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [command, ...argv], {
    cwd: checkout,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  const patience = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const status = await new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  clearTimeout(patience);
  return { status, stdout, stderr };
}

type Make = (path: string) => void;
const pipe: Make = (path) => execFileSync("mkfifo", [path]);
const device: Make = (path) => symlinkSync("/dev/zero", path);
const huge: Make = (path) => {
  writeFileSync(path, "#\n");
  truncateSync(path, 2 ** 33);
};

describe("one line says what is wrong, and the exit status is 2", () => {
  test.each([
    ["Dockerfile.dev", pipe, /^layerlint: Dockerfile\.dev: is a named pipe, not a regular file/],
    ["Dockerfile.dev", device, /^layerlint: Dockerfile\.dev: is a device, not a regular file/],
    ["Dockerfile.dev", huge, /^layerlint: Dockerfile\.dev: .*too large for a Dockerfile/],
    [".layerlint.yaml", pipe, /^layerlint: \.layerlint\.yaml: is a named pipe/],
    [".layerlint.yaml", device, /^layerlint: \.layerlint\.yaml: is a symlink to a file outside/],
    [".layerlint.yaml", huge, /^layerlint: \.layerlint\.yaml: is too large/],
    ["package.json", pipe, /package\.json: is a named pipe/],
    ["package.json", device, /package\.json: is a device/],
    ["package.json", huge, /package\.json: is too large/],
    [".dockerignore", pipe, /^layerlint: \.dockerignore: is a named pipe/],
    [".dockerignore", device, /^layerlint: \.dockerignore: is a device/],
    [".dockerignore", huge, /^layerlint: \.dockerignore: is too large/],
    ["app.tar", pipe, /^layerlint: app\.tar: is a named pipe/],
  ])("%s (case %#)", async (name, make, wanted) => {
    make(join(checkout, name));
    const target = name.startsWith("Dockerfile") || name.endsWith(".tar") ? name : "Dockerfile";
    for (const argv of [
      ["lint", target],
      ...(name === "app.tar" ? [["inspect", name]] : [["fix", target]]),
    ]) {
      const { status, stderr } = await run(...argv);
      expect(stderr.trimEnd()).toMatch(wanted);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(status).toBe(2);
    }
  });
});

test("a configuration that is a symlink within the repository is read, one that leads out of it is not", async () => {
  writeFileSync(join(checkout, "rules.yaml"), "fail-on: nothing-known\n");
  symlinkSync("rules.yaml", join(checkout, ".layerlint.yaml"));
  expect((await run("Dockerfile")).stderr).toMatch(/^layerlint: \.layerlint\.yaml:1: /);

  const outside = join(folder, "outside.yaml");
  writeFileSync(outside, "password: hunter2\n");
  mkdirSync(join(checkout, "app"));
  writeFileSync(join(checkout, "app/Dockerfile"), "FROM debian:12\n");
  symlinkSync(outside, join(checkout, "app/.layerlint.yaml"));
  const { status, stderr } = await run("app/Dockerfile");
  expect(stderr).toMatch(
    /^layerlint: app\/\.layerlint\.yaml: is a symlink to a file outside of the repository/,
  );
  expect(stderr).not.toContain("password");
  expect(status).toBe(2);
});

test("a search does not follow a symlink to a Dockerfile outside, and lints it only where it is named", async () => {
  const outside = join(folder, "Dockerfile.outside");
  writeFileSync(outside, "FROM debian\n");
  symlinkSync(outside, join(checkout, "Dockerfile.link"));
  expect((await run(".")).stdout).not.toContain("Dockerfile.link");
  expect((await run("Dockerfile.link")).stdout).toContain("Dockerfile.link");
});
