/** What goes wrong on the way: the input stays as it is, no half output stays, one clear line, and a second run works. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openImage } from "../../src/image/open.ts";
import { StagingDirectory } from "../../src/image/writing/staging-directory.ts";
import { optimize } from "../../src/optimize/optimize-image.ts";
import { dockerArchive, ociImage, ociLayout, sketchArchive, tarOf, writeParts } from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { packSketches } from "../support/sketch.ts";

let folder: string;
let input: string;
let bytes: Buffer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "layerlint-faults-"));
  input = join(folder, "input.tar");
  bytes = await sketchArchive(["base(9)", "f(9000) g(1)", ".wh.f"]);
  await writeFile(input, bytes);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Exit 2, one line, the input as it was, nothing new beside it. */
async function expectRefused(
  args: readonly string[],
  message: RegExp,
  around: readonly string[] = [],
): Promise<void> {
  const { code, stdout, stderr } = await layerlint(["optimize", ...args]);
  expect(stderr).toMatch(message);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect((await readdir(folder)).toSorted()).toEqual(["input.tar", ...around].toSorted());
  expect((await readFile(input)).equals(bytes)).toBe(true);
}

async function expectSecondRunWorks(): Promise<void> {
  const output = join(folder, "second.tar");
  expect((await layerlint(["optimize", input, "-o", output])).code).toBe(0);
  expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
}

test("an output that is the input, by whatever name", async () => {
  await expectRefused(
    [input, "-o", input],
    /input\.tar: is the input itself; give another name for the output\n/,
  );
  await symlink("input.tar", join(folder, "link.tar"));
  await expectRefused([input, "-o", join(folder, "link.tar")], /link\.tar: is the input itself/, [
    "link.tar",
  ]);
});

test("an output that exists, is a folder with files, or has no parent folder", async () => {
  await writeFile(join(folder, "there"), "mine");
  await expectRefused(
    [input, "-o", join(folder, "there")],
    /there: exists already; remove it, or give another name/,
    ["there"],
  );
  expect(await readFile(join(folder, "there"), "utf8")).toBe("mine");
  await mkdir(join(folder, "full"));
  await writeFile(join(folder, "full", "x"), "mine");
  await expectRefused([input, "-o", join(folder, "full")], /full: exists already and is not empty/, [
    "full",
    "there",
  ]);
  await expectRefused(
    [input, "-o", join(folder, "no", "x")],
    /no\/x: its folder does not exist; make it first/,
    ["full", "there"],
  );
  await expectSecondRunWorks();
});

test("an output inside of the input", async () => {
  const layout = join(folder, "layout");
  await writeParts(layout, ociLayout([ociImage({ layers: await packSketches(["a(1)", "f(9)", ".wh.f"]) })]));
  await expectRefused([layout, "-o", join(layout, "blobs", "new")], /new: lies inside the input/, ["layout"]);
});

test("no output, no image, too many images", async () => {
  await expectRefused([input], /input\.tar: name the output with -o, or use --dry-run\n/);
  await expectRefused([], /name one image/);
  const out = ["-o", join(folder, "x")];
  await expectRefused([input, ...out, "--prune", ","], /^layerlint: --prune: write caches, logs/);
  await expectRefused([input, ...out, "--target", "build"], /--target build: names a stage of a Dockerfile/);
  await expectRefused([input, "--dry-run", "--proof", join(folder, "p")], /--proof: a dry run/);
  await expectRefused([input, "--foo"], /Unknown argument: foo; see layerlint optimize --help/);
  await expectRefused([input, input, "-o", join(folder, "x")], /name one image/);
  await expectRefused(
    [join(folder, "none.tar"), "-o", join(folder, "x")],
    /none\.tar: no such file or folder/,
  );
});

test("an input whose digest does not match its diff IDs", async () => {
  const layers = await packSketches(["base(9)", "f(9000) g(1)", ".wh.f"]);
  for (const layer of [0, 1]) {
    const changed = Buffer.from(bytes);
    const at = changed.indexOf(layers[layer]!.subarray(512, 520)) + (layer === 0 ? 0 : 4);
    changed[at]! ^= 1;
    await writeFile(input, changed);
    const { code, stderr } = await layerlint(["optimize", input, "-o", join(folder, "x.tar")]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(
        /: its diff ID is sha256:\w+, but sha256:\w+ was expected; the image is damaged\n$/,
      ),
    ]);
    expect(await readdir(folder)).toEqual(["input.tar"]);
  }
});

test("a large input whose digest does not match its diff IDs, found by a worker thread", async () => {
  const layers = await packSketches(["base(9)", "f(9MB) g(6MB)", ".wh.f"]);
  const large = await tarOf(dockerArchive({ layers }));
  large[large.indexOf(layers[1]!.subarray(512, 600)) + 8_000_000]! ^= 1;
  await writeFile(input, large);
  const command = join(import.meta.dirname, "../../dist/bin/layerlint.js");
  expect(existsSync(command), "run npm run build first").toBe(true);
  const { code, stderr } = await run(process.execPath, [
    command,
    "optimize",
    input,
    "-o",
    join(folder, "x.tar"),
  ]);
  expect(stderr).toMatch(
    /^layerlint: .*input\.tar: .*: its diff ID is sha256:\w+, but sha256:\w+ was expected; the image is damaged\n$/,
  );
  expect(code).toBe(2);
  expect(await readdir(folder)).toEqual(["input.tar"]);
});

test("a truncated input", async () => {
  await writeFile(input, bytes.subarray(0, bytes.length - 9000));
  const { code, stderr } = await layerlint(["optimize", input, "-o", join(folder, "x.tar")]);
  expect([code, stderr.split("\n").length]).toEqual([2, 2]);
  expect(await readdir(folder)).toEqual(["input.tar"]);
});

/** Everything up to the output is done as the command does it. */
async function optimized(
  name: string,
  form: "docker-archive" | "oci",
  more: { onBytes?: () => void; onProved?: () => Promise<void> },
): Promise<unknown> {
  const image = await openImage(input, { verify: "compressed" });
  const place = await StagingDirectory.create(join(folder, name), [input], undefined);
  const request = {
    image,
    fixedLayers: 1,
    form,
    repair: false,
    shared: new Set<number>(),
    squash: undefined,
    dropIdentical: false,
    pruned: new Map(),
    recompress: undefined,
    signal: undefined,
    allowHuge: false,
    onBytes: more.onBytes,
  } as const;
  try {
    return await optimize([request], place, more.onProved);
  } finally {
    await image.close();
    await place.remove();
  }
}

test("an input that is changed while it is read", async () => {
  let touched: Promise<void> | undefined;
  const onBytes = () => void (touched ??= utimes(input, 5, 5));
  await expect(optimized("x.tar", "docker-archive", { onBytes })).rejects.toThrow(
    /input\.tar: was changed while it was read; run again when nothing writes to it/,
  );
  await touched;
  expect(await readdir(folder)).toEqual(["input.tar"]);
  await expectSecondRunWorks();
});

test.each([["docker-archive"], ["oci"]] as const)(
  "an output that somebody else made meanwhile is not replaced (%s)",
  async (form) => {
    const theirs = async () => writeFile(join(folder, "x"), "theirs");
    await expect(optimized("x", form, { onProved: theirs })).rejects.toThrow(
      /x: exists already; remove it, or give another name$/,
    );
    expect(await readFile(join(folder, "x"), "utf8")).toBe("theirs");
    await rm(join(folder, "x"));
    const full = async () => {
      await mkdir(join(folder, "x"));
      await writeFile(join(folder, "x", "y"), "theirs");
    };
    await expect(optimized("x", form, { onProved: full })).rejects.toThrow(/x: exists already; remove it/);
    expect((await readdir(folder)).toSorted()).toEqual(["input.tar", "x"]);
    // an empty folder is as good as nothing
    await rm(join(folder, "x"), { recursive: true });
    await optimized("x", form, { onProved: () => mkdir(join(folder, "x")) });
    await expectSecondRunWorks();
  },
);

test("in containers, a killed run and the next one may have the same process ID", async () => {
  const name = `.x.tar.layerlint-${process.pid}-`;
  for (let i = 0; i < 40; i++) await mkdir(join(folder, `${name}${i}`));
  const during: string[] = [];
  const look = async () =>
    void during.push(...(await readdir(folder)).filter((each) => each.startsWith(name)));
  await optimized("x.tar", "docker-archive", { onProved: look });
  expect(during).toHaveLength(1);
  expect((await readdir(folder)).toSorted()).toEqual(["input.tar", "x.tar"]);
});

test("the next run removes the files of a killed one, but not those of a running one", async () => {
  const dead = await new Promise<number>((resolve) => {
    const child = spawn(process.execPath, ["-e", ""]);
    child.on("exit", () => resolve(child.pid!));
  });
  await mkdir(join(folder, `.out.tar.layerlint-${dead}-0`));
  await mkdir(join(folder, `.out.tar.layerlint-${process.ppid}-0`));
  await mkdir(join(folder, `.other.tar.layerlint-${dead}-0`));
  // in a container every run has the same number
  for (let i = 0; i < 20; i++) await mkdir(join(folder, `.out.tar.layerlint-${process.pid}-${i}`));
  expect((await layerlint(["optimize", input, "-o", join(folder, "out.tar")])).code).toBe(0);
  expect((await readdir(folder)).toSorted()).toEqual(
    [
      `.other.tar.layerlint-${dead}-0`,
      `.out.tar.layerlint-${process.ppid}-0`,
      "input.tar",
      "out.tar",
    ].toSorted(),
  );
});

test.skipIf(process.getuid?.() === 0)("a folder that may not be written", async () => {
  await mkdir(join(folder, "locked"));
  await chmod(join(folder, "locked"), 0o500);
  await expectRefused([input, "-o", join(folder, "locked", "x.tar")], /x\.tar: may not be written/, [
    "locked",
  ]);
});

test("a full disk", async () => {
  // every file beyond this many blocks fails as on a full disk, here with EFBIG
  const command = join(import.meta.dirname, "../../dist/bin/layerlint.js");
  expect(existsSync(command), "run npm run build first").toBe(true);
  const outcome = await run("sh", [
    "-c",
    `trap "" XFSZ; ulimit -f 8; exec "${process.execPath}" "${command}" optimize --base 0 "${input}" -o "${join(folder, "x.tar")}"`,
  ]);
  expect(outcome.code).toBe(2);
  expect(outcome.stderr).toMatch(
    /x\.tar: is larger than this file system or your limit allows; write elsewhere\n$/,
  );
  expect(await readdir(folder)).toEqual(["input.tar"]);
  await expectSecondRunWorks();
});

async function run(
  program: string,
  args: readonly string[],
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  return { code, stderr };
}

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGKILL", null],
] as const)(
  "%s at many moments: no half output, and a second run works",
  async (signal, status) => {
    const command = join(import.meta.dirname, "../../dist/bin/layerlint.js");
    expect(existsSync(command), "run npm run build first").toBe(true);
    const large = await packSketches([
      "base(9)",
      Array.from({ length: 6 }, (_, i) => `f${i}(8MB) g${i}(3MB)`).join(" "),
      ".wh.f0 .wh.f1",
    ]);
    await writeFile(input, await tarOf(dockerArchive({ layers: large })));
    const before = createHash("sha256")
      .update(await readFile(input))
      .digest("hex");
    const output = join(folder, "x.tar");
    let stopped = 0;
    for (const ms of [0, 30, 80, 150, 250, 400]) {
      const child = spawn(process.execPath, [command, "optimize", input, "-o", output], { stdio: "ignore" });
      const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
      // it has begun when its folder is there; what a killed run left has another name
      const mine = join(folder, `.x.tar.layerlint-${child.pid}-0`);
      while (child.exitCode === null && !existsSync(mine)) await sleep(2);
      await sleep(ms);
      child.kill(signal);
      const code = await ended;
      const left = (await readdir(folder)).filter((name) => name !== "input.tar");
      if (left.includes("x.tar")) {
        // it was done: then the output is whole
        await rm(output);
        continue;
      }
      stopped++;
      expect(code).toBe(status);
      if (signal !== "SIGKILL") expect(left).toEqual([]);
    }
    expect(stopped).toBeGreaterThan(0);
    expect(
      createHash("sha256")
        .update(await readFile(input))
        .digest("hex"),
    ).toBe(before);
    expect((await layerlint(["optimize", input, "-o", output])).code).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual(["input.tar", "x.tar"]);
  },
  120_000,
);
