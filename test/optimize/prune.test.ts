/** --prune: what containers see changes, by exactly what is listed. */
import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { toBytes } from "../../src/byte-path.ts";
import { openImage } from "../../src/image/open.ts";
import { bothWays, prove } from "../../src/optimize/proof/prove.ts";
import { dockerArchive, sketchArchive, tarOf } from "../support/archive.ts";
import { layerlint, onlyImage } from "../support/command.ts";
import { freshPaths, testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

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
