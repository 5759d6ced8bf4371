/**
 * The cases 35 to 45 of docs/spec/layers.md that have no row in its table; 37, 38, 40 and 44 are in table.test.ts and
 * tar.test.ts.
 */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { applyLayers } from "../../src/rootfs/apply.ts";
import type { Entry } from "../../src/image/image.ts";
import { readLayer } from "../../src/image/layer/read-layer.ts";
import { originsOf } from "../../src/origin/origins.ts";
import { factsOf, viewOf } from "../support/history-samples.ts";
import { sketchLayers } from "../support/sketch.ts";
import { ended, member } from "../support/tar-blocks.ts";

async function entriesOf(blob: Buffer): Promise<readonly Entry[]> {
  const chunks = (async function* () {
    yield blob;
  })();
  return (await readLayer({ kind: "stream", chunks, size: blob.length, name: "blob" })).entries;
}

test("35: a global pax header at the beginning is no entry", async () => {
  const comment = "26 comment=of an archiver\n";
  const tar = ended(member("g", "pax_global_header", comment), member("0", "f"));
  expect((await entriesOf(tar)).map(({ path }) => path)).toEqual(["f"]);
});

test("36: where a GNU long name and a pax path name the same member, pax wins", async () => {
  const gnu = `${"gnu/".repeat(40)}name\0`;
  const pax = "16 path=from/pax\n".replace("16", "17");
  const tar = ended(member("L", "././@LongLink", gnu), member("x", "pax", pax), member("0", "short"));
  expect((await entriesOf(tar)).map(({ path }) => path)).toEqual(["from/pax"]);
});

test("39: a character device 0:0 is a device, with a note", () => {
  const [layer] = sketchLayers(["x(1)"]);
  const device: Entry = { ...layer!.entries[0]!, kind: "char", size: 0, device: [0, 0] };
  const rootfs = applyLayers([{ index: 0, entries: [device] }]).settle();
  expect(rootfs.at("x")?.kind).toBe("char");
  expect(rootfs.notes).toEqual([{ code: "overlay-whiteout-device", layer: 0, path: "x" }]);
});

test("41: an empty layer is 1024 zero bytes, plain or gzipped, or nothing", async () => {
  for (const blob of [Buffer.alloc(1024), gzipSync(Buffer.alloc(1024)), gzipSync(Buffer.alloc(0))]) {
    expect(await entriesOf(blob)).toEqual([]);
  }
});

test("43: history that counts other layers is not used, and nothing is shifted", () => {
  const history = [{ createdBy: "RUN /bin/sh -c a # buildkit", emptyLayer: false }];
  const facts = factsOf(history);
  const layers = [...facts.layers, { diffId: `sha256:${"f".repeat(64)}` as const }];
  const origins = originsOf({ ...facts, layers }, viewOf("FROM x\nRUN a\n"));
  expect(origins).toMatchObject({ unaligned: true, matches: false, mismatches: [] });
  expect(origins.layers.map(({ createdBy, instruction }) => [createdBy, instruction])).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ]);
});

test("45: the table of contents and landmarks of eStargz are ordinary files, with a note", () => {
  const rootfs = applyLayers(
    sketchLayers(["stargz.index.json(100) .no.prefetch.landmark(1) f(10)"]),
  ).settle();
  expect(rootfs.liveBytes).toBe(111);
  expect(rootfs.notes.map(({ code, path }) => [code, path])).toEqual([
    ["estargz-metadata", "stargz.index.json"],
    ["estargz-metadata", ".no.prefetch.landmark"],
  ]);
});

test("tens of thousands of deleted and copied files of one size are not compared in pairs", () => {
  const n = 30_000;
  const file = (path: string): Entry => ({ ...template!, path, size: 5000 });
  const [template] = sketchLayers(["t(5000)"])[0]!.entries;
  const names = Array.from({ length: n }, (_, i) => `f${i}`);
  const layers = [
    names.map((name) => file(`a/${name}`)),
    names.map((name) => ({ ...file(`a/.wh.${name}`), size: 0 })),
    names.map((name) => file(`b/${name}`)),
  ];
  const start = performance.now();
  const { questions } = applyLayers(layers.map((entries, index) => ({ index, entries })));
  expect(performance.now() - start).toBeLessThan(3000);
  // every dead file may be every new one
  expect(questions).toHaveLength(2 * n);
  expect(questions.filter(({ layer }) => layer === 0)).toHaveLength(n);
});
