// What optimize promises about speed (the second part of npm run bench):  node bench/optimize.mjs [--rounds 3]
//
// Gzip layers: against inflating and compressing the rewritten layers with node:zlib on the same cores, and hashing every
// blob once. A plain archive: against cp and hashing. Memory: 150,000 entries, whatever their bytes. Ours and what it is
// held against take turns, because machines have other things to do; a figure is the ratio of the medians.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, copyFileSync, mkdtempSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const command = join(root, "dist/bin/layerlint.js");
const folder = mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), "layerlint-bench-"));
const input = join(folder, "input.tar");
const output = join(folder, "output.tar");

async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Medians of both, in turns; the first round only warms the page cache. */
async function inTurns(...works) {
  const times = works.map(() => []);
  for (let round = -1; round < Number(values.rounds); round++)
    for (const [i, work] of works.entries()) {
      const time = await seconds(work);
      if (round >= 0) times[i].push(time);
    }
  return times.map((list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]);
}

/** Runs it as a process of its own: the most memory that it took, and its report. */
function optimize() {
  rmSync(output, { force: true });
  const args = ["optimize", input, "-o", output, "--base", "1", "--format", "json"];
  const run = spawnSync("/usr/bin/time", ["-f", "%M", process.execPath, command, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return {
    memory: Number(run.stderr.trim().split("\n").at(-1)) * 1024,
    report: JSON.parse(run.stdout).images[0],
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

/** The layers of the archive that generate.mjs made, in order: where each is. */
function layersOf(path) {
  const fd = openSync(path);
  const header = Buffer.alloc(512);
  const found = [];
  for (let at = 0; readSync(fd, header, 0, 512, at) === 512 && header[0] !== 0;) {
    const name = header.toString("latin1", 0, 100).replace(/\0.*/s, "");
    const size =
      header[124] & 0x80 ? header.readUIntBE(130, 6) : parseInt(header.toString("latin1", 124, 135), 8);
    if (name.endsWith("/layer.tar")) found.push({ at: at + 512, size });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  closeSync(fd);
  return found;
}

async function gzipReference(report) {
  const blobs = layersOf(input);
  const rewritten = report.layers.filter(({ action }) => action !== "keep").map(({ index }) => blobs[index]);
  await Promise.all(
    rewritten.map(async ({ at, size }) => {
      const bytes = Buffer.alloc(size);
      const fd = openSync(input);
      readSync(fd, bytes, 0, size, at);
      closeSync(fd);
      await promisify(gzip)(await promisify(gunzip)(bytes));
    }),
  );
  for (const { at, size } of blobs) hashFile(input, at, size);
}

function copyReference() {
  const copy = join(folder, "copy.tar");
  rmSync(copy, { force: true });
  copyFileSync(input, copy);
  hashFile(copy);
}

let failed = false;
function row(what, value, limit) {
  const isBad = value > limit;
  failed ||= isBad;
  console.log(
    `${what.padEnd(64)} ${value.toFixed(2).padStart(8)}  at most ${limit}${isBad ? "  EXCEEDED" : ""}`,
  );
}

async function measure(what, image, { reference, name, limit }) {
  rmSync(input, { force: true });
  execFileSync(process.execPath, [join(root, "bench/generate.mjs"), input, ...image.split(" ")], {
    stdio: "ignore",
  });
  let memory = 0;
  let report;
  const ours = () => {
    const run = optimize();
    memory = Math.max(memory, run.memory);
    report = run.report;
  };
  const [time, least] = await inTurns(ours, () => reference(report));
  const saved = 100 * (1 - report.storedBytesAfter / report.storedBytesBefore);
  console.log(
    `${what}: ${time.toFixed(2)} s, ${name} ${least.toFixed(2)} s, ${(memory / 1e6).toFixed(0)} MB, ${saved.toFixed(0)} % smaller`,
  );
  if (limit !== undefined) row(`optimize, ${what}: times ${name}`, time / least, limit);
  return memory;
}

const zlib = { reference: gzipReference, name: "inflate + gzip + hash", limit: 2 };
const copy = { reference: copyReference, name: "cp + hash", limit: 3 };
try {
  await measure("gzip layers", "--bytes 3e8 --entries 20000 --layers 5 --gzip", zlib);
  await measure("one large gzip layer", "--bytes 3e8 --entries 20000 --single --gzip", zlib);
  const memory = [
    await measure("a plain archive", "--bytes 1.2e9 --entries 150000 --layers 6", copy),
    await measure("one large plain layer", "--bytes 1.2e9 --entries 150000 --single", copy),
  ];
  row("optimize, 150,000 entries in plain layers: memory in MB", Math.max(...memory) / 1e6, 300);
  const compressed = await measure(
    "gzip, 150,000 entries",
    "--bytes 3e8 --entries 150000 --layers 6 --gzip",
    {
      ...zlib,
      // this limit is for large files; 25,000 small files in a layer take longer
      limit: undefined,
    },
  );
  row("optimize, 150,000 entries in gzip layers: memory in MB", compressed / 1e6, 300);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
