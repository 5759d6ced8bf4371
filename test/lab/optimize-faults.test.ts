/**
 * What goes wrong, with real parts: full and read-only file systems, other users, kills at any moment. The input stays as
 * it is, nothing half-written stays, one line says why, and a second run works. Needs root.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  createReadStream,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { dockerArchive, ociImage, ociLayout, tarOf, writeParts } from "../support/archive.ts";
import { packSketches } from "../support/sketch.ts";
import { command, isQuick, project, run } from "./lab.ts";

const bundle = join(project, "dist");
const nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];

/** About 24 MB in three layers; a third is dead. */
const stack = [
  "base/ base/b(4MB)",
  Array.from({ length: 10 }, (_, i) => `f${i}(2MB) g${i}≡f${i}[mtime=1600000001]`).join(" "),
  `${[0, 1, 2, 3].map((i) => `.wh.f${i} .wh.g${i}`).join(" ")} .wh.f5 new(9)`,
];

let folder: string;
let input: string;
let layout: string;
let digests: string;

/** Of every byte of both inputs. */
function digestOfInputs(): string {
  const hash = createHash("sha256").update(readFileSync(input));
  for (const name of readdirSync(layout, { recursive: true, encoding: "utf8" }).toSorted())
    if (/[0-9a-f]{64}$|json$|oci-layout$/.test(name))
      hash.update(name).update(readFileSync(join(layout, name)));
  return hash.digest("hex");
}

beforeAll(async () => {
  expect(process.getuid?.(), "the lab runs as root").toBe(0);
  folder = mkdtempSync(join(process.env["TMPDIR"] ?? "/var/tmp", "layerlint-lab-faults-"));
  chmodSync(folder, 0o755);
  const layers = await packSketches(stack);
  input = join(folder, "input.tar");
  layout = join(folder, "layout");
  writeFileSync(input, await tarOf(dockerArchive({ layers })));
  const entry = { annotations: { "org.opencontainers.image.ref.name": "lab" } };
  await writeParts(layout, ociLayout([{ ...ociImage({ layers, compress: (tar) => gzipSync(tar) }), entry }]));
  digests = digestOfInputs();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  expect(digestOfInputs()).toBe(digests);
});

/** Runs the command to its end. */
function layerlint(args: readonly string[], more: { env?: object; stdin?: Buffer } = {}) {
  const { status, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: "utf8",
    env: { ...process.env, ...more.env },
    ...(more.stdin === undefined ? {} : { input: more.stdin }),
  });
  return { status, stderr };
}

function expectWhole(output: string): void {
  run(process.execPath, command, "compare", input, output);
}

/** Exit 2 and one line. */
function expectFailure({ status, stderr }: { status: number | null; stderr: string }, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect([status, stderr.trimEnd().split("\n").length]).toEqual([2, 1]);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(digestOfInputs()).toBe(digests);
}

/** A file system of that size, for as long as `work` takes. */
function withDisk<T>(size: string, work: (disk: string) => T): T {
  const disk = mkdtempSync(join(folder, "disk-"));
  run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk);
  try {
    return work(disk);
  } finally {
    run("umount", disk);
    rmSync(disk, { recursive: true });
  }
}

const outputs = [
  ["docker-archive", "x.tar", []],
  ["hybrid", "x.tar", ["--recompress", "gzip:1"]],
  ["oci-archive", "x.tar", []],
  ["oci", "x", []],
  ["oci", "x", ["--recompress", "gzip:1"]],
  ["docker-archive", "x.tar", ["--squash", "all"]],
] as const;

describe("a full disk", () => {
  test.each(outputs)("%s: %s %j", (form, name, options) => {
    let [failed, written] = [0, 0];
    for (const size of ["16k", "100k", "1m", "3m", "6m", "9m", "12m", "15m", "20m", "40m"])
      withDisk(size, (disk) => {
        const output = join(disk, name);
        const args = ["optimize", input, "-o", output, "--to", form, "--base", "0", ...options];
        const outcome = layerlint(args);
        if (outcome.status === 0) {
          written++;
          expectWhole(output);
          expect(readdirSync(disk)).toEqual([name]);
          return;
        }
        failed++;
        expectFailure(
          outcome,
          new RegExp(
            `^layerlint: ${output}: there is no space left for it; make room, or write elsewhere\n$`,
          ),
        );
        expect(readdirSync(disk)).toEqual([]);
        // there is room for a smaller one still
        writeFileSync(join(disk, "room"), Buffer.alloc(8192));
      });
    expect(failed).toBeGreaterThan(0);
    expect(written).toBeGreaterThan(0);
  });

  test("an input that comes through a pipe is kept beside the output, and that needs room, too", () => {
    const stdin = readFileSync(input);
    for (const bytes of [stdin, gzipSync(stdin, { level: 1 })])
      withDisk("100k", (disk) => {
        const outcome = layerlint(["optimize", "-", "-o", join(disk, "x.tar")], { stdin: bytes });
        expectFailure(
          outcome,
          /^layerlint: -: there is no space to spool it while it is rewritten \(.*\); make room there\n$/,
        );
        expect(readdirSync(disk)).toEqual([]);
        const predicted = layerlint(["optimize", "-", "--dry-run"], { stdin: bytes, env: { TMPDIR: disk } });
        expectFailure(predicted, /^layerlint: -: there is no space to spool it/);
        expect(readdirSync(disk)).toEqual([]);
      });
  });

  test("a proof that does not fit: no output either", () => {
    withDisk("16k", (disk) => {
      writeFileSync(join(disk, "full"), Buffer.alloc(16_384));
      const output = join(folder, "proved.tar");
      const proof = join(disk, "proof.json");
      const outcome = layerlint(["optimize", input, "-o", output, "--proof", proof]);
      expectFailure(outcome, /proof\.json: there is no space left for it/);
      expect([existsSync(output), readdirSync(disk)]).toEqual([false, ["full"]]);
    });
  });
});

test("a read-only file system, for the output and for the input", () => {
  withDisk("40m", (disk) => {
    copyFileSync(input, join(disk, "input.tar"));
    run("mount", "-o", "remount,ro", disk);
    for (const name of ["x.tar", "x"])
      expectFailure(
        layerlint(["optimize", input, "-o", join(disk, name)]),
        /: lies on a read-only file system; write elsewhere\n$/,
      );
    expect(readdirSync(disk)).toEqual(["input.tar"]);
    const output = join(folder, "from-read-only.tar");
    expect(layerlint(["optimize", join(disk, "input.tar"), "-o", output])).toEqual({ status: 0, stderr: "" });
    expectWhole(output);
    rmSync(output);
  });
});

test("another file system than that of the input, onto which nothing can be linked", () => {
  withDisk("40m", (disk) => {
    const output = join(disk, "x");
    expect(layerlint(["optimize", layout, "-o", output])).toEqual({ status: 0, stderr: "" });
    expectWhole(output);
  });
});

describe("another user", () => {
  let own: string;
  let before: readonly string[];
  beforeAll(() => {
    // never runnable, wherever the project is checked out
    own = mkdtempSync(join(folder, "own-"));
    chmodSync(own, 0o755);
    cpSync(bundle, join(own, "dist"), { recursive: true });
    copyFileSync(join(project, "package.json"), join(own, "package.json"));
    copyFileSync(process.execPath, join(own, "node"));
    before = ["setpriv", ...nobody, join(own, "node"), join(own, "dist/bin/layerlint.js")];
  });
  const asNobody = (...args: readonly string[]) => {
    const [program = "", ...first] = before;
    const { status, stderr } = spawnSync(program, [...first, ...args], { encoding: "utf8", cwd: own });
    return { status, stderr };
  };

  test("a folder that may not be written", () => {
    for (const name of ["x.tar", "x"]) {
      const outcome = asNobody("optimize", input, "-o", join(own, name));
      expectFailure(outcome, /: no permission to write; check the permissions of its folder\n$/);
    }
    expect(readdirSync(own).toSorted()).toEqual(["dist", "node", "package.json"]);
  });

  test("an input that may not be read", () => {
    const secret = join(own, "secret.tar");
    copyFileSync(input, secret);
    chmodSync(secret, 0o600);
    const place = join(own, "place");
    mkdirSync(place);
    chmodSync(place, 0o777);
    const outcome = asNobody("optimize", secret, "-o", join(place, "x.tar"));
    expectFailure(outcome, /secret\.tar: no permission to read; check its permissions\n$/);
    expect(readdirSync(place)).toEqual([]);
    // and what may be read and written is
    expect(asNobody("optimize", input, "-o", join(place, "x.tar"))).toEqual({ status: 0, stderr: "" });
    expect(asNobody("optimize", layout, "-o", join(place, "x"))).toEqual({ status: 0, stderr: "" });
    expectWhole(join(place, "x"));
  });
});

test("an output that is the input, by any name", () => {
  const links = join(folder, "links");
  mkdirSync(links);
  symlinkSync(folder, join(links, "folder"));
  symlinkSync(input, join(links, "symlink.tar"));
  linkSync(input, join(links, "hardlink.tar"));
  for (const name of ["symlink.tar", "folder/input.tar"])
    expectFailure(
      layerlint(["optimize", input, "-o", join(links, name)]),
      /: is the input itself; give another name/,
    );
  // another name of the same file, or the file under its own
  expectFailure(
    layerlint(["optimize", input, "-o", join(links, "hardlink.tar")]),
    /: exists already; remove it/,
  );
  expectFailure(layerlint(["optimize", join(links, "symlink.tar"), "-o", input]), /: is the input itself/);
  expectFailure(
    layerlint(["optimize", join(links, "hardlink.tar"), "-o", input]),
    /: exists already; remove it/,
  );
  expectFailure(layerlint(["optimize", layout, "-o", join(links, "folder/layout")]), /: is the input itself/);
  expectFailure(
    layerlint(["optimize", layout, "-o", join(links, "folder/layout/new")]),
    /: lies inside the input/,
  );
  expect(readdirSync(links).toSorted()).toEqual(["folder", "hardlink.tar", "symlink.tar"]);
  rmSync(links, { recursive: true });
});

/** Starts the command, and says when it ended. */
function start(args: readonly string[], stdio: "ignore" | "pipe" = "ignore") {
  const child = spawn(process.execPath, [command, ...args], { stdio: [stdio, "ignore", "pipe"] });
  let stderr = "";
  child.stderr!.on("data", (chunk) => (stderr += String(chunk)));
  child.stdin?.on("error", () => {});
  const ended = new Promise<{ status: number | null; stderr: string }>((resolve) => {
    child.on("close", (status) => resolve({ status, stderr }));
  });
  return { child, ended };
}

test.each(outputs.slice(0, 4))("killed at twenty moments (%s)", async (form, name, options) => {
  const place = mkdtempSync(join(folder, "killed-"));
  const output = join(place, name);
  const args = ["optimize", input, "-o", output, "--base", "0", "--to", form, ...options];
  const begun = performance.now();
  expect((await start(args).ended).status).toBe(0);
  const all = performance.now() - begun;
  rmSync(output, { recursive: true });
  let killed = 0;
  const moments = Array.from({ length: isQuick ? 6 : 20 }, () => Math.random() * all * 1.05);
  for (const moment of moments) {
    const { child, ended } = start(args);
    await sleep(moment);
    child.kill("SIGKILL");
    await ended;
    const message = `killed after ${moment.toFixed(0)} of ${all.toFixed(0)} ms`;
    if (existsSync(output)) {
      expectWhole(output);
      rmSync(output, { recursive: true });
    } else killed++;
    // one folder of the last one at most: the others were removed by those that came after
    const left = readdirSync(place);
    expect(left.length, message).toBeLessThanOrEqual(1);
    for (const each of left) expect(each, message).toMatch(/^\.x(?:\.tar)?\.layerlint-\d+-0$/);
  }
  expect(killed).toBeGreaterThan(0);
  expect(layerlint(args)).toEqual({ status: 0, stderr: "" });
  expectWhole(output);
  expect(readdirSync(place)).toEqual([name]);
});

test("a source that is written to while it is read", async () => {
  const changes: readonly (readonly [name: string, change: (path: string) => void])[] = [
    ["appended", (path) => appendFileSync(path, "more")],
    ["truncated", (path) => writeFileSync(path, readFileSync(path).subarray(0, 9_000_000))],
    ["replaced", (path) => rmSync(path)],
  ];
  for (const [what, change] of changes) {
    const place = mkdtempSync(join(folder, "changed-"));
    const source = join(place, "source.tar");
    copyFileSync(input, source);
    const output = join(place, "x.tar");
    const { ended } = start(["optimize", source, "-o", output, "--base", "0", "--recompress", "gzip:9"]);
    while (!readdirSync(place).some((name) => name.startsWith(".x.tar"))) await sleep(5);
    await sleep(100);
    change(source);
    const { status, stderr } = await ended;
    // removing the name does not change the open file
    if (what === "replaced" && status === 0) expectWhole(output);
    else
      expectFailure(
        { status, stderr },
        /source\.tar: (?:was changed while it was read|no such file|.*truncated)/,
      );
    expect(readdirSync(place).filter((name) => name.startsWith("."))).toEqual([]);
    if (status !== 0) expect(existsSync(output)).toBe(false);
    rmSync(place, { recursive: true });
  }
});

test("an input through a pipe whose writer is killed, or which is killed itself", async () => {
  const place = mkdtempSync(join(folder, "pipe-"));
  const output = join(place, "x.tar");
  const args = ["optimize", "-", "-o", output, "--base", "0"];
  for (const bytes of [100, 700, 5_000_000, 23_000_000]) {
    const { child, ended } = start(args, "pipe");
    createReadStream(input, { end: bytes - 1 }).pipe(child.stdin!);
    expectFailure(await ended, /^layerlint: -: /);
    expect(readdirSync(place)).toEqual([]);
  }
  const { child, ended } = start(args, "pipe");
  const feed = createReadStream(input, { end: 20_000_000 });
  feed.pipe(child.stdin!, { end: false });
  while (readdirSync(place).length === 0) await sleep(5);
  await sleep(200);
  child.kill("SIGKILL");
  await ended;
  feed.destroy();
  const whole = start(args, "pipe");
  createReadStream(input).pipe(whole.child.stdin!);
  expect(await whole.ended).toEqual({ status: 0, stderr: "" });
  expectWhole(output);
  expect(readdirSync(place)).toEqual(["x.tar"]);
});

test("two at once that write the same name: one of them does", async () => {
  for (const [form, name] of [
    ["docker-archive", "x.tar"],
    ["oci", "x"],
  ] as const) {
    const place = mkdtempSync(join(folder, "twice-"));
    const output = join(place, name);
    const args = ["optimize", input, "-o", output, "--base", "0", "--to", form];
    const both = await Promise.all([start(args).ended, start(args).ended]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([0, 2]));
    expectFailure(
      both.find(({ status }) => status === 2)!,
      /: exists already; remove it, or give another name\n$/,
    );
    expectWhole(output);
    expect(readdirSync(place)).toEqual([name]);
  }
});
