/** The bundled command as a process: what SIGINT and SIGTERM do. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { block } from "../support/tar-blocks.ts";

const command = join(import.meta.dirname, "../../dist/bin/layerlint.js");
/** The beginning of an archive with one large file, which does not compress. */
const unfinished = gzipSync(Buffer.concat([block("0", "blob", 8_000_000), randomBytes(8_000_000)])).subarray(
  0,
  6_000_000,
);

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s in the middle of an image ends with %i and leaves nothing behind", async (signal, status) => {
  expect(existsSync(command), "run npm run build first").toBe(true);
  const folder = await mkdtemp(join(tmpdir(), "layerlint-signal-"));
  try {
    const child = spawn(process.execPath, [command, "-"], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stdin.on("error", () => {});
    const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.on("exit", (code, by) => resolve([code, by]));
    });
    // more of a compressed archive than the pipe holds is taken only by a command that reads it
    await new Promise((resolve) => child.stdin.write(unfinished, resolve));
    child.kill(signal);
    expect(await ended).toEqual([status, null]);
    expect(output).toBe("");
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Runs the command as a process whose streams are pipes. */
function start(argv: readonly string[]) {
  const child = spawn(process.execPath, [command, ...argv], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {});
  const ended = new Promise<number | null>((resolve) => {
    child.on("exit", resolve);
  });
  return { child, ended };
}

test("an error in the middle of a pipe waited until the writer was done", async () => {
  const { child, ended } = start(["-"]);
  // xz, which is refused at once; the pipe stays open
  child.stdin.write(Buffer.from(`fd377a585a00${"00".repeat(100_000)}`, "hex"));
  expect(await ended).toBe(2);
  child.stdin.destroy();
});

test("findings written to a closed pipe exited with 0", async () => {
  const demo = join(import.meta.dirname, "../../fixtures/demo");
  const { child, ended } = start([join(demo, "Dockerfile"), join(demo, "image.tar")]);
  child.stdout.destroy();
  expect(await ended).toBe(1);
});
