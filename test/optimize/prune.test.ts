/** --prune: what containers see changes, by exactly what is listed. */
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/byte-path.ts";
import { openImage } from "../../src/image/open.ts";
import { applyInOrder } from "../../src/optimize/proof/apply-in-order.ts";
import { bothWays, prove } from "../../src/optimize/proof/prove.ts";
import { stillWanted } from "../../src/optimize/proof/still-wanted.ts";
import { dockerArchive, sketchArchive, tarOf } from "../support/archive.ts";
import { layerlint, onlyImage } from "../support/command.ts";
import { freshPaths, testFolder } from "../support/folder.ts";
import { packSketches, sketchImage } from "../support/sketch.ts";

const folder = testFolder("prune");

const fresh = freshPaths(folder);

async function archive(...texts: string[]): Promise<string> {
  const path = fresh(".tar");
  await writeFile(path, await sketchArchive(texts));
  return path;
}

const lists = "var/ var/lib/ var/lib/apt/ var/lib/apt/lists/";
const logs = "var/log/";

async function pruned(input: string, ...args: string[]) {
  const output = fresh(".tar");
  const run = await layerlint(["optimize", input, "-o", output, "--format", "json", ...args]);
  expect([run.code, run.stderr]).toEqual([0, ""]);
  const report = onlyImage(run.stdout) as { proof: { pruned: { path: string }[] } };
  const compared = await layerlint(["compare", input, output, "--format", "json"]);
  const { differences } = JSON.parse(compared.stdout) as {
    differences: { path: string; aspects: string[] }[];
  };
  return {
    output,
    listed: report.proof.pruned.map(({ path }) => path),
    gone: differences.map(({ path, aspects }) => `${aspects.join()} ${path}`),
  };
}

test("caches and logs are removed only on request, and the list names exactly the removed files", async () => {
  const input = await archive(
    "base(9)",
    `${lists} var/lib/apt/lists/Packages(90000) var/lib/apt/lists/Release(5000) ${logs} var/log/dpkg.log(2MB) app(10)`,
  );
  const caches = ["var/lib/apt/lists/Packages", "var/lib/apt/lists/Release"];
  expect((await pruned(input, "--prune", "caches")).listed).toEqual(caches);
  expect((await pruned(input, "--prune", "logs")).listed).toEqual(["var/log/dpkg.log"]);
  const both = await pruned(input, "--prune", "caches,logs");
  expect(both.gone).toEqual([...caches, "var/log/dpkg.log"].map((path) => `removed ${path}`));
  const text = await layerlint(["optimize", input, "-o", fresh(".tar"), "--prune", "logs"]);
  expect(text.stdout).toContain("pruned: containers no longer see 1 file\n  /var/log/dpkg.log\n");
  expect(text.stdout).toContain("a container sees are the same except for those that were pruned");
});

test("without --prune all of it stays", async () => {
  const input = await archive("base(9)", `${lists} var/lib/apt/lists/Packages(90000)`);
  expect(await pruned(input)).toMatchObject({ listed: [], gone: [] });
});

test("a file of the base below it does not come back, and the base keeps its own", async () => {
  const input = await archive(
    `${lists} var/lib/apt/lists/Packages(80000) var/lib/apt/lists/Old(70000)`,
    `${lists} var/lib/apt/lists/Packages(90000)`,
  );
  const { gone, output } = await pruned(input, "--prune", "caches");
  expect(gone).toEqual(["removed var/lib/apt/lists/Packages"]);
  const image = await openImage(output);
  await image.close();
  expect(image.layers[1]!.entries.map(({ path }) => path)).toContain("var/lib/apt/lists/.wh.Packages");
});

test("a kept layer keeps the files to be pruned, and the other layers still lose their dead files", async () => {
  const cache = "var/cache/apt/archives/x_1_amd64.deb";
  const texts = ["base(9)", `${cache}(90000)`, "f(80000) k(1)", ".wh.f"];
  const [input, other] = [await archive(...texts), await archive(...texts.slice(0, 2))];
  const layers = await packSketches(texts);
  for (const [path, count] of [
    [input, 4],
    [other, 2],
  ] as const)
    await writeFile(path, await tarOf(dockerArchive({ layers: layers.slice(0, count) })));
  const { listed, gone, output } = await pruned(input, "--prune", "caches", "--with", other);
  expect([listed, gone]).toEqual([[], []]);
  const image = await openImage(output);
  await image.close();
  expect(image.layers.map(({ entries }) => entries.map(({ path }) => path).join(" "))).toEqual([
    "base",
    cache,
    "k",
  ]);
});

test("all names of a file go, and a file that is in use by another name stays", async () => {
  const input = await archive(
    "base(9)",
    `${lists} var/lib/apt/lists/a(90000) var/lib/apt/lists/b≡var/lib/apt/lists/a[mtime=1600000001] var/lib/apt/lists/c(80000) keep≡var/lib/apt/lists/c[mtime=1600000001]`,
  );
  expect((await pruned(input, "--prune", "caches")).gone).toEqual([
    "removed var/lib/apt/lists/a",
    "removed var/lib/apt/lists/b",
  ]);
});

/** An archive with a base layer, another one, and settings of the configuration. */
async function configured(config: Record<string, unknown>, layer: string): Promise<string> {
  const path = fresh(".tar");
  await writeFile(
    path,
    await tarOf(dockerArchive({ layers: await packSketches(["base(9)", layer]), config })),
  );
  return path;
}

describe("what the configuration names or runs stays", () => {
  const program = "tmp/ tmp/app/ tmp/app/run.sh(5000) tmp/app/data.txt(9000) tmp/other(80000)";
  test.each<[string, Record<string, unknown>, string, readonly string[]]>([
    ["WorkingDir", { WorkingDir: "/tmp/app" }, program, ["tmp/other"]],
    ["Cmd, and what lies beside the program", { Cmd: ["/tmp/app/run.sh"] }, program, ["tmp/other"]],
    ["Cmd in shell form", { Cmd: ["/bin/sh", "-c", "cd /tmp/app && ./run.sh"] }, program, ["tmp/other"]],
    ["Entrypoint", { Entrypoint: ["/tmp/app/run.sh"] }, program, ["tmp/other"]],
    [
      "Healthcheck",
      { Healthcheck: { Test: ["CMD-SHELL", "/tmp/app/run.sh || exit 1"] } },
      program,
      ["tmp/other"],
    ],
    ["Volumes", { Volumes: { "/tmp/app": {} } }, program, ["tmp/other"]],
    ["a folder of PATH", { Env: ["PATH=/usr/bin:/tmp/app"], Cmd: ["run.sh"] }, program, ["tmp/other"]],
    ["a path that WorkingDir makes absolute", { WorkingDir: "/tmp", Cmd: ["app/run.sh"] }, program, []],
    [
      "a symlink's target",
      {},
      `${program} usr/ usr/bin/ usr/bin/run→../../tmp/app/run.sh`,
      ["tmp/app/data.txt", "tmp/other"],
    ],
    [
      "the target of a symlink through others",
      {},
      `${program} usr/ usr/bin/ usr/bin/a→b usr/bin/b→/opt/app/run.sh opt/ opt/app→/tmp/app`,
      ["tmp/app/data.txt", "tmp/other"],
    ],
    [
      "a cache below the home folder that is WorkingDir",
      { WorkingDir: "/root" },
      "root/ root/.cache/ root/.cache/pip/ root/.cache/pip/http/ root/.cache/pip/http/x(90000) tmp/ tmp/x(9000)",
      ["tmp/x"],
    ],
  ])("%s", async (_, config, layer, expected) => {
    const { listed } = await pruned(await configured(config, layer), "--prune", "caches");
    expect(listed).toEqual(expected);
  });

  test("lint calls no program in /tmp a leftover, and offers no --prune for what stays", async () => {
    const fixesWith = async (config: Record<string, unknown>, layer: string) => {
      const run = await layerlint([
        "lint",
        "--format",
        "json",
        "--only",
        "leftover-cache",
        await configured(config, layer),
      ]);
      const { findings } = JSON.parse(run.stdout) as { findings: { bytes: number; fixes: unknown[] }[] };
      return findings.map(({ bytes, fixes }) => [bytes, fixes.length]);
    };
    const app = "tmp/ tmp/app/ tmp/app/run.sh(5000) tmp/app/data.txt(900000)";
    expect(await fixesWith({ WorkingDir: "/tmp/app", Cmd: ["/tmp/app/run.sh"] }, app)).toEqual([]);
    expect(await fixesWith({}, app)).toEqual([[905_000, 1]]);
    const pip = "root/ root/.cache/ root/.cache/pip/ root/.cache/pip/http/ root/.cache/pip/http/x(900000)";
    expect(await fixesWith({ WorkingDir: "/root" }, pip)).toEqual([[900_000, 0]]);
    expect(await fixesWith({ WorkingDir: "/srv" }, pip)).toEqual([[900_000, 1]]);
  });

  test("the proof refuses a result without them", () => {
    const config = (part: Record<string, unknown>) => ({
      cmd: undefined,
      entrypoint: undefined,
      volumes: [],
      workingDir: "",
      raw: {},
      ...part,
    });
    const visible = applyInOrder(
      sketchImage({
        layers: [
          "tmp/ tmp/app/ tmp/app/run(1) usr/ usr/run→/tmp/app/run root/ root/.npm/ root/.npm/a(1) root/.npm/b→a",
        ],
      }).layers,
    );
    const why = (part: Record<string, unknown>, path = "tmp/app/run", names = new Map(visible)) =>
      stillWanted(config(part), names, [toBytes(path)])?.why;
    expect(why({})).toBe("the symlink /usr/run points to it");
    expect(why({}, "root/.npm/a")).toBeUndefined();
    const unlinked = new Map([...visible].filter(([path]) => path !== "usr/run"));
    expect(why({}, "tmp/app/run", unlinked)).toBeUndefined();
    expect(why({ workingDir: "/tmp/app" }, "tmp/app/run", unlinked)).toBe("WorkingDir of the image names it");
    expect(why({ cmd: ["sh", "-c", "exec /tmp/app/run -x"] }, "tmp/app/run", unlinked)).toBe(
      "Cmd of the image names it",
    );
    expect(why({ entrypoint: ["/tmp/app/run"] }, "tmp/app/run", unlinked)).toMatch(/^Entrypoint/);
    expect(why({ volumes: ["/tmp"] }, "tmp/app/run", unlinked)).toMatch(/^Volumes/);
    const raw = { config: { Healthcheck: { Test: ["CMD", "/tmp/app/run"] } } };
    expect(why({ raw }, "tmp/app/run", unlinked)).toMatch(/^Healthcheck/);
    expect(why({ cmd: ["/tmp/app/runner"] }, "tmp/app/run", unlinked)).toBeUndefined();
  });
});

test("the list is grouped by folder, and --explain lists every file", async () => {
  const files = Array.from({ length: 12 }, (_, i) => `var/lib/apt/lists/f${i}(9000)`).join(" ");
  const input = await archive("base(9)", `${lists} ${files} tmp/ tmp/x(9000)`);
  const short = await layerlint(["optimize", input, "-o", fresh(".tar"), "--prune", "caches"]);
  expect(short.stdout).toContain("no longer see 13 files\n  /var/lib/apt/lists/: 12 files\n  /tmp/x\n");
  const long = await layerlint(["optimize", input, "-o", fresh(".tar"), "--prune", "caches", "--explain"]);
  expect(long.stdout).toContain("  /var/lib/apt/lists/f11\n");
  expect(long.stdout).not.toContain("12 files\n");
});

test("an unknown kind is reported", async () => {
  const input = await archive("base(9)");
  const { code, stderr } = await layerlint(["optimize", input, "-o", fresh(".tar"), "--prune", "docs"]);
  expect([code, stderr]).toEqual([2, "layerlint: --prune docs: write caches, logs, or caches,logs\n"]);
});

test("the proof fails if more or less is gone than was listed", async () => {
  const [before, after] = [await archive("base(9)", "a(1) b(1)"), fresh(".tar")];
  await writeFile(after, await readFile(before));
  const options = {
    manifest: undefined,
    untouched: [[0, 0]] as const,
    recompressedBase: false,
    known: new Map(),
    signal: undefined,
    allowHuge: false,
  };
  const image = await openImage(before);
  const input = { image, visible: bothWays(image) };
  await expect(prove(input, after, { ...options, pruned: [toBytes("a")] })).rejects.toThrow(
    "/a differs (added) after rewriting",
  );
  await expect(prove(input, after, { ...options, pruned: [toBytes("c")] })).rejects.toThrow(
    "/c was to be removed, but no container saw it",
  );
  await image.close();
});
