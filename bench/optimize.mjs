// What optimize promises about speed (the second part of npm run bench):  node bench/optimize.mjs
//
// Gzip layers: against inflating and compressing the rewritten layers with node:zlib on the same cores, and hashing every
// blob once. A plain archive: against cp and hashing. Memory: 150,000 entries, whatever their bytes.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, copyFileSync, mkdtempSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const command = join(root, "dist/bin/layerlint.js");
const folder = mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), "layerlint-bench-"));
const input = join(folder, "input.tar");
const output = join(folder, "output.tar");

function seconds(start) {
  return (performance.now() - start) / 1000;
}

/** Best of three: the machine has other things to do. */
async function best(work) {
  let least = Infinity;
  for (let i = 0; i < 3; i++) least = Math.min(least, await work());
  return least;
}

function optimize() {
  rmSync(output, { force: true });
  const start = performance.now();
  const args = [
    "-f",
    "%M",
    process.execPath,
    command,
    "optimize",
    input,
    "-o",
    output,
    "--base",
    "1",
    "--format",
    "json",
  ];
  const run = spawnSync("/usr/bin/time", args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  const time = seconds(start);
  if (run.status !== 0) throw new Error(run.stderr);
  return {
    time,
    memory: Number(run.stderr.trim().split("\n").at(-1)) * 1024,
    report: JSON.parse(run.stdout),
  };
}

function hashFile(path, start = 0, length = statSync(path).size) {
  const fd = openSync(path);
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(2 ** 20);
  for (let at = 0; at < length;) {
    const got = readSync(fd, buffer, 0, Math.min(buffer.length, length - at), start + at);
    hash.update(buffer.subarray(0, got));
    at += got;
  }
  closeSync(fd);
  return hash.digest("hex");
}

/** The layers of the archive that generate.mjs made: offset and size of each member with a layer in it. */
function layersOf(path) {
  const fd = openSync(path);
  const header = Buffer.alloc(512);
  const found = [];
  for (let at = 0; readSync(fd, header, 0, 512, at) === 512 && header[0] !== 0;) {
    const name = header.toString("latin1", 0, 100).replace(/\0.*/s, "");
    const size =
      header[124] & 0x80 ? header.readUIntBE(130, 6) : parseInt(header.toString("latin1", 124, 135), 8);
    if (size > 1e6) found.push({ name, at: at + 512, size });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  closeSync(fd);
  return found;
}

async function gzipReference(report) {
  const members = layersOf(input);
  const rewritten = report.layers
    .filter(({ action }) => action !== "keep")
    .map(({ index }) => members[index]);
  const start = performance.now();
  await Promise.all(
    rewritten.map(async ({ at, size }) => {
      const bytes = Buffer.alloc(size);
      const fd = openSync(input);
      readSync(fd, bytes, 0, size, at);
      closeSync(fd);
      await promisify(gzip)(await promisify(gunzip)(bytes));
    }),
  );
  for (const { at, size } of members) hashFile(input, at, size);
  return seconds(start);
}

function copyReference() {
  const copy = join(folder, "copy.tar");
  rmSync(copy, { force: true });
  const start = performance.now();
  copyFileSync(input, copy);
  hashFile(copy);
  const time = seconds(start);
  rmSync(copy);
  return time;
}

function generate(...args) {
  rmSync(input, { force: true });
  execFileSync(process.execPath, [join(root, "bench/generate.mjs"), input, ...args], { stdio: "ignore" });
}

let failed = false;
function row(what, value, limit) {
  const isBad = value > limit;
  failed ||= isBad;
  console.log(
    `${what.padEnd(64)} ${value.toFixed(2).padStart(8)}  at most ${limit}${isBad ? "  EXCEEDED" : ""}`,
  );
}

try {
  generate("--bytes", "3e8", "--entries", "20000", "--layers", "5", "--gzip");
  let report;
  const gzipTime = await best(async () => {
    const run = optimize();
    report = run.report;
    return run.time;
  });
  const reference = await best(() => gzipReference(report));
  const saved = 100 * (1 - report.storedBytesAfter / report.storedBytesBefore);
  console.log(
    `gzip: ${gzipTime.toFixed(2)} s, reference ${reference.toFixed(2)} s, ${saved.toFixed(0)} % smaller`,
  );
  row("optimize, gzip layers: times inflate + gzip + hash", gzipTime / reference, 2);

  generate("--bytes", "1.2e9", "--entries", "150000", "--layers", "6");
  let memory = 0;
  const plainTime = await best(async () => {
    const run = optimize();
    memory = Math.max(memory, run.memory);
    return run.time;
  });
  const copyTime = await best(copyReference);
  console.log(`plain: ${plainTime.toFixed(2)} s, cp and hash ${copyTime.toFixed(2)} s`);
  row("optimize, plain archive: times cp + hash", plainTime / copyTime, 3);
  row("optimize, 150,000 entries: memory in MB", memory / 1e6, 300);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
