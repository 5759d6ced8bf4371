/** Where umoci is known to unpack otherwise than docs/spec/layers.md says: should it change, these fail. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyLayers } from "../../src/rootfs/apply.ts";
import { ociImage, ociLayout, writeParts } from "../support/archive.ts";
import { packSketches, sketchLayers } from "../support/sketch.ts";

const folder = mkdtempSync(join(tmpdir(), "layerlint-umoci-"));
beforeAll(() => {
  execFileSync("bash", [join(import.meta.dirname, "setup/tools.sh"), "quick"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function unpack(
  name: string,
  texts: readonly string[],
): Promise<{ ok: boolean; has: (path: string) => boolean }> {
  const image = ociImage({ layers: await packSketches(texts) });
  const entry = { annotations: { "org.opencontainers.image.ref.name": "lab" } };
  await writeParts(join(folder, name), ociLayout([{ ...image, entry }]));
  const bundle = join(folder, `${name}-bundle`);
  const { status } = spawnSync("umoci", ["unpack", "--image", `${join(folder, name)}:lab`, bundle]);
  return { ok: status === 0, has: (path) => existsSync(join(bundle, "rootfs", path)) };
}

function ours(texts: readonly string[]): string[] {
  return [...applyLayers(sketchLayers(texts)).settle().tree()].map(({ path }) => path);
}

test("31: it keeps the files of AUFS", async () => {
  const texts = ["f(100)", ".wh..wh.plnk/ .wh..wh.plnk/1.2(100)"];
  const theirs = await unpack("aufs", texts);
  expect(theirs.has("f")).toBe(true);
  expect([theirs.ok, theirs.has(".wh..wh.plnk/1.2")]).toEqual([true, true]);
  expect(ours(texts)).toEqual(["f"]);
});

test("34: it fails where a layer has an entry below a file of a lower one", async () => {
  const texts = ["a(100)", "a/b(10)"];
  expect((await unpack("below-file", texts)).ok).toBe(false);
  expect(ours(texts)).toEqual(["a", "a/b"]);
});

test("M: it follows a symlink of a lower layer, which overlay runtimes replace by a directory", async () => {
  const texts = ["real/ link→real", "link/f(10)"];
  const theirs = await unpack("symlink", texts);
  expect([theirs.ok, theirs.has("real/f")]).toEqual([true, true]);
  expect(ours(texts)).toEqual(["link", "link/f", "real"]);
});

test("N: it follows the symlink for a whiteout too", async () => {
  const texts = ["real/ real/f(10) link→real", "link/.wh.f"];
  const theirs = await unpack("symlink-whiteout", texts);
  expect([theirs.ok, theirs.has("real/f")]).toEqual([true, false]);
  expect(ours(texts)).toContain("real/f");
});
