/**
 * Every case of docs/spec/layers.md and of docs/spec/optimizing.md, section 6, and random stacks, through real runtimes
 * before and after optimize: umoci must see the same, and so must the kernel's overlay wherever both agreed before.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openImage } from "../../src/image/open.ts";
import { unpack } from "../../src/optimize/plan/unpacked.ts";
import { layerCases, type LayerCase } from "../optimize/layer-cases.ts";
import { soundStack } from "../optimize/sound-stacks.ts";
import { stack as oddStack } from "../rootfs/random-stacks.ts";
import { dockerArchive, ociImage, ociLayout, tarOf, writeParts } from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { packSketches, sketchLayers } from "../support/sketch.ts";
import { namesOf } from "../support/unpacked.ts";
import { isQuick, script } from "./lab.ts";
import { differences, OverlayStore, phantoms, seenByUmoci, withoutPhantoms, type Seen } from "./runtimes.ts";

const folder = mkdtempSync(
  join(process.env["TMPDIR"] ?? (isQuick ? tmpdir() : "/var/tmp"), "layerlint-runtimes-"),
);
const bundle = join(folder, "bundle");
const overlay = new OverlayStore(join(folder, "store"));
beforeAll(() => {
  script("tools.sh", "quick");
});
afterAll(() => {
  overlay.remove();
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;

interface Pair {
  readonly before: string;
  readonly after: string;
  /** Diff IDs. */
  readonly layers: readonly [before: readonly string[], after: readonly string[]];
}

/** Writes a stack as an image, and what optimize makes of it; both are layouts that have it as `lab`. */
async function optimized(
  stack: Omit<LayerCase, "name" | "free" | "based">,
  ...options: readonly string[]
): Promise<Pair> {
  const [before, after] = [join(folder, `${count}-before`), join(folder, `${count++}-after`)];
  const parts = { ...stack, layers: await packSketches(stack.layers), tag: "localhost/lab:lab" };
  let input = before;
  if (stack.linked === true) {
    input = `${before}.tar`;
    await writeFile(input, await tarOf(dockerArchive(parts)));
    execFileSync("skopeo", ["copy", "--quiet", `docker-archive:${input}`, `oci:${before}:lab`]);
  } else {
    const entry = { annotations: { "org.opencontainers.image.ref.name": "lab" } };
    await writeParts(before, ociLayout([{ ...ociImage(parts), entry }]));
  }
  const outcome = await layerlint(["optimize", input, "-o", after, "--to", "oci", ...options]);
  expect([outcome.code, outcome.stderr]).toEqual([0, ""]);
  return { before, after, layers: [await diffIdsOf(input), await diffIdsOf(after)] };
}

async function diffIdsOf(path: string): Promise<readonly string[]> {
  const opened = await openImage(path, {});
  await opened.close();
  return opened.config.diffIds;
}

function isSame(a: Seen, b: Seen): boolean {
  return !("error" in a) && !("error" in b) && differences(a, b).length === 0;
}

/**
 * What differs afterwards for umoci, and for the overlay where it saw what umoci saw, apart from phantoms
 * (docs/spec/optimizing.md, section 6, case G): those may go, and no other may come.
 */
function compare({ before, after }: Pair) {
  const umoci = seenByUmoci(before, bundle);
  const stacked = overlay.seen(before);
  const isAgreed = isSame(umoci, withoutPhantoms(stacked));
  const differing = "error" in umoci ? [] : differences(umoci, seenByUmoci(after, bundle));
  if (isAgreed) {
    const now = overlay.seen(after);
    differing.push(...differences(withoutPhantoms(stacked), withoutPhantoms(now)));
    differing.push(...phantoms(now).filter((line) => !phantoms(stacked).includes(line)));
  }
  return { differing, isAgreed, umoci };
}

const hasChanged = ({ layers: [before, after] }: Pair) => before.join() !== after.join();

describe.each([[0], [1]])("with %i base layers", (base) => {
  test.each(layerCases)("$name", async ({ name, free, based, ...stack }) => {
    const pair = await optimized(stack, "--base", String(base));
    const [was, is] = pair.layers;
    const outline = (base === 0 ? free : based).split(" ∥ ");
    expect(was.length - is.length).toBe(outline.filter((layer) => layer === "-").length);
    // what is refused, or has nothing to drop, has the same bytes afterwards
    let at = 0;
    outline.forEach((layer, i) => {
      if (layer.startsWith("!") || layer === "=") expect(is[at]).toBe(was[i]);
      if (layer !== "-") at++;
    });
    if (!hasChanged(pair)) return;
    const { differing, umoci } = compare(pair);
    // it takes these for files, which they never were
    const aufs = /\.wh\.\.wh\.plnk/;
    // umoci refuses an image with a hardlink that leads nowhere; then only the proof of optimize has compared
    if (name.startsWith("P ")) expect(umoci).toHaveProperty("error");
    else if (name.startsWith("31")) expect(differing.every((line) => aufs.test(line))).toBe(true);
    else {
      expect(differing).toEqual([]);
      expect(umoci, "then nothing was compared").not.toHaveProperty("error");
    }
  });
});

test("the runtimes disagree where docs/spec/optimizing.md says so, so that agreement means something", async () => {
  const of = async (name: string) => {
    const { layers } = layerCases.find((each) => each.name.startsWith(`${name} `))!;
    return compare(await optimized({ layers }, "--base", "1"));
  };
  expect((await of("D")).isAgreed).toBe(false);
  expect((await of("A")).isAgreed).toBe(true);
});

const seed = isQuick ? 7 : Date.now() % 2 ** 31;
const runs = isQuick ? 10 : 60;

/** In the order of most builders: a whiteout stands before what is new. */
function markersFirst(text: string): string {
  const isMarker = (item: string) => item.includes(".wh.") && !item.includes(".wh..wh..opq");
  const items = text.split(" ");
  return [...items.filter(isMarker), ...items.filter((item) => !isMarker(item))].join(" ");
}

test.each([
  [["--base", "0"]],
  [["--base", "1", "--squash", "above-base"]],
  [["--base", "0", "--squash", "all", "--drop", "identical"]],
])(`${runs} random stacks: %s`, async (options) => {
  let [compared, agreed] = [0, 0];
  for (const [i, texts] of fc.sample(soundStack, { seed, numRuns: 3 * runs }).entries()) {
    const stack = { layers: i % 2 === 0 ? texts : texts.map(markersFirst) };
    const pair = await optimized(stack, ...options);
    if (!hasChanged(pair)) continue;
    const { differing, isAgreed } = compare(pair);
    expect(differing, `seed ${seed}: ${JSON.stringify(stack)}`).toEqual([]);
    if (isAgreed) agreed++;
    if (++compared === runs) break;
  }
  console.log(`${runs} stacks, ${agreed} of them read alike before`);
  expect(agreed).toBeGreaterThan(runs / 4);
  expect(compared).toBe(runs);
});

test(`${2 * runs} random stacks of the oddest kind: umoci sees what we think it does, and the same afterwards`, async () => {
  let unpacked = 0;
  for (const layers of fc.sample(oddStack, { seed, numRuns: 2 * runs })) {
    // umoci keeps what AUFS left, as 31 shows
    if (layers.some((text) => text.includes(".wh..wh.plnk") || text.includes(".wh..wh.aufs"))) continue;
    const pair = await optimized({ layers }, "--base", "0");
    const seen = seenByUmoci(pair.before, bundle);
    const message = `seed ${seed}: ${JSON.stringify(layers)}`;
    expect("error" in seen ? "fails" : seen.map(outlineOf), message).toEqual(ourOutline(layers));
    if ("error" in seen) continue;
    unpacked++;
    if (hasChanged(pair)) expect(differences(seen, seenByUmoci(pair.after, bundle)), message).toEqual([]);
  }
  expect(unpacked).toBeGreaterThan(runs / 5);
});

function outlineOf(line: string): string {
  const { path, kind, mode, owner, size, target } = JSON.parse(line) as Record<string, string>;
  if (kind === "0o40000") return `${path}/ ${mode}`;
  return kind === "0o120000" ? `${path}→${target}` : `${path} ${mode} ${owner} ${size}`;
}

function ourOutline(texts: readonly string[]): string[] | string {
  const layers = sketchLayers(texts).map(({ entries }) => entries.map((entry) => ({ entry, from: entry })));
  const tree = unpack(layers);
  if (tree === undefined) return "fails";
  return [...namesOf(tree)]
    .filter(([path]) => path !== "")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, entry]) => {
      // what nothing describes is made like this
      if (entry === undefined) return `${path}/ 0o755`;
      const mode = `0o${entry.mode.toString(8)}`;
      if (entry.kind === "dir") return `${path}/ ${mode}`;
      if (entry.kind === "symlink") return `${path}→${entry.link}`;
      return `${path} ${mode} ${entry.uid}:${entry.gid} ${entry.size}`;
    });
}
