// Measures the promises of ARCHITECTURE.md and the README:  npm run bench [-- --keep] [--rounds 5]
// Every figure is the median over the rounds of whole processes, from start to exit, and ratios are of commands that
// took turns in the same run, because machines are noisy. Where `dive` is on the PATH it runs on the same archive.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, folder: { type: "string" } },
});
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const folder = values.folder ?? join(process.env["TMPDIR"] ?? tmpdir(), "layerlint-bench");
mkdirSync(folder, { recursive: true });
const rounds = Number(values.rounds);
const command = join(root, "dist/bin/layerlint.js");
const node = process.execPath;

const plain = image("plain.tar", ["--bytes", "4e9", "--entries", "150000"]);
const gzip = image("gzip.tar", ["--bytes", "1.2e9", "--entries", "60000", "--gzip"]);
const oci = image("gzip-oci.tar", ["--bytes", "1.2e9", "--entries", "60000", "--gzip", "--oci"]);
const dockerfile = join(root, "fixtures/demo/Dockerfile");

section("inspect of a plain 4 GB archive with 150,000 entries: at most 1 s and 250 MB", [
  ["layerlint inspect", layerlint("inspect", plain)],
  ...(onPath("dive") ? [["dive --ci", ["dive", "--ci", "--source", "docker-archive", plain]]] : []),
]);
section(
  "a gzip image, each layer compared with its diff ID: at most 1.2 times inflating its layers with node:zlib",
  [
    ["node:zlib", [node, join(here, "inflate.mjs"), gzip]],
    ["layerlint inspect", layerlint("inspect", gzip)],
  ],
);
section("the same with a manifest that states digests: at most 1.2 times as well", [
  ["node:zlib", [node, join(here, "inflate.mjs"), oci]],
  ["layerlint inspect", layerlint("inspect", oci)],
]);
section(
  "a Dockerfile alone: at most 2.5 times node -e 0",
  [
    ["node -e 0", [node, "-e", "0"]],
    ["layerlint lint", layerlint("lint", "--fail-on", "never", dockerfile)],
  ],
  Math.max(rounds, 15),
);
section("1,000 Dockerfiles of 30 to 100 lines: at most 3 s on two processors", [
  ["layerlint lint", layerlint("lint", "--fail-on", "never", dockerfiles())],
]);

function layerlint(...args) {
  return [node, command, ...args];
}

function image(name, args) {
  const file = join(folder, name);
  if (!existsSync(file)) {
    console.log(`making ${file} …`);
    const { status } = spawnSync(node, [join(here, "generate.mjs"), file, ...args], { stdio: "inherit" });
    if (status !== 0) process.exit(1);
  }
  return file;
}

/** A folder of them, made anew: they are the same every time. */
function dockerfiles() {
  const home = join(folder, "dockerfiles");
  rmSync(home, { recursive: true, force: true });
  const { status } = spawnSync(node, [join(here, "dockerfiles.mjs"), home], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
  return home;
}

function onPath(name) {
  return spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
}

function section(title, entries, times = rounds) {
  console.log(`\n${title}`);
  const seconds = entries.map(() => []);
  const memory = entries.map(() => 0);
  for (let round = -1; round < times; round++) {
    entries.forEach(([name, argv], i) => {
      const start = process.hrtime.bigint();
      const { status, stderr, peak } = run(argv);
      if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
      // the first round only warms the page cache
      if (round >= 0) seconds[i].push(Number(process.hrtime.bigint() - start) / 1e9);
      memory[i] = Math.max(memory[i], peak);
    });
  }
  const medians = seconds.map((list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]);
  entries.forEach(([name], i) => {
    const ratio = i === 0 ? "" : `  ${(medians[i] / medians[0]).toFixed(2)} times the first`;
    const spread = `${Math.min(...seconds[i]).toFixed(3)}..${Math.max(...seconds[i]).toFixed(3)}`;
    console.log(
      `  ${name.padEnd(20)} ${medians[i].toFixed(3)} s (${spread})  ${(memory[i] / 1e6).toFixed(0)} MB${ratio}`,
    );
  });
}

/** Runs a command to its end; `peak` is its largest resident set in bytes, where the system tells (Linux). */
function run(argv) {
  const time = existsSync("/usr/bin/time");
  const full = time ? ["/usr/bin/time", "-f", "peak %M", ...argv] : argv;
  const { status, stderr } = spawnSync(full[0], full.slice(1), {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const peak = Number(/peak (\d+)\s*$/.exec(stderr)?.[1] ?? 0) * 1024;
  return { status, stderr, peak };
}
