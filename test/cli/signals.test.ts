/** The bundled command as a process: what SIGINT and SIGTERM do. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const command = join(import.meta.dirname, "../../dist/bin/layerlint.js");

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
    // the beginning of a compressed archive that never ends
    child.stdin.write(gzipSync(Buffer.alloc(100_000, 1)).subarray(0, 100));
    const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.on("exit", (code, by) => resolve([code, by]));
    });
    await new Promise((resolve) => setTimeout(resolve, 600));
    await handlesSignals(child.pid!);
    child.kill(signal);
    expect(await ended).toEqual([status, null]);
    expect(output).toBe("");
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** A busy machine may take long to start a process; Linux tells which signals one has handlers for. */
async function handlesSignals(pid: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => undefined);
    const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status ?? "")?.[1];
    // SIGTERM is 15
    if (caught === undefined || (BigInt(`0x${caught}`) >> 14n) % 2n === 1n) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

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

test("findings that a closed pipe does not want were exit 0", async () => {
  const demo = join(import.meta.dirname, "../../fixtures/demo");
  const { child, ended } = start([join(demo, "Dockerfile"), join(demo, "image.tar")]);
  child.stdout.destroy();
  expect(await ended).toBe(1);
});
