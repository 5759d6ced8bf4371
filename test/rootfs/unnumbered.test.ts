/**
 * The cases 35 to 45 of docs/spec/layers.md that have no row in its table; 37, 38, 40 and 44 are in table.test.ts and
 * tar.test.ts.
 */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { toBytes } from "../../src/byte-path.ts";
import { asDiffId } from "../../src/image/digest.ts";
import type { Entry } from "../../src/image/image.ts";
import { readLayer } from "../../src/image/layer/read-layer.ts";
import { originsOf } from "../../src/origin/origins.ts";
import { applyLayers } from "../../src/rootfs/apply.ts";
import type { LayerEntries } from "../../src/rootfs/rootfs.ts";
import { factsOf, viewOf } from "../support/history-samples.ts";
import { sketchLayers } from "../support/sketch.ts";
import { ended, member } from "../support/tar-blocks.ts";
import { growthOf } from "../support/work.ts";

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
  expect(rootfs.at(toBytes("x"))?.kind).toBe("char");
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
  const layers = [...facts.layers, { diffId: asDiffId(`sha256:${"f".repeat(64)}`) }];
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

const notesOf = (layers: readonly string[], os = "linux") =>
  applyLayers(sketchLayers(layers), { os })
    .settle()
    .notes.map(({ code, layer, path }) => `${code} ${layer} ${path}`);

test("a directory without entry is noted once in each layer that writes below it", () => {
  expect(notesOf(["d/[0700]", "d/a(1) d/s/b(1)", "d/.wh.a"])).toEqual([
    "missing-parent 1 d",
    "missing-parent 2 d",
  ]);
});

test("a directory that a layer has twice is no duplicate, a file is", () => {
  expect(notesOf(["d/ d/ f(1) f(1)"])).toEqual(["duplicate-entry 0 f"]);
});

test("only the device 0:0 is a whiteout of overlay file systems", () => {
  expect(notesOf(["a[char=0:1] b[char=1:0] c[block=0:0] d[char=0:0]"])).toEqual([
    "overlay-whiteout-device 0 d",
  ]);
});

test("of a Windows layer only Files/ is looked at, also for whiteouts", () => {
  const layers = ["Files/a(1) Hives/b(1)", "Hives/.wh.c Files/.wh.d"];
  expect(notesOf(layers, "windows")).toEqual(["dangling-whiteout 1 Files/d"]);
  const { live } = applyLayers(sketchLayers(layers), { os: "windows" }).settle();
  expect(live.map(({ entry }) => entry.path)).toEqual(["Files/a"]);
});

test("deleted and copied files of one size are not compared in pairs", () => {
  const [template] = sketchLayers(["t(5000)"])[0]!.entries;
  const file = (path: string): Entry => ({ ...template!, path: toBytes(path), size: 5000 });
  const copied = (n: number): LayerEntries[] => {
    const names = Array.from({ length: n }, (_, i) => `f${i}`);
    return [
      names.map((name) => file(`a/${name}`)),
      names.map((name) => ({ ...file(`a/.wh.${name}`), size: 0 })),
      names.map((name) => file(`b/${name}`)),
    ].map((entries, index) => ({ index, entries }));
  };
  const applying = (n: number) => {
    const layers = copied(n);
    return () => void applyLayers(layers).questions;
  };
  expect(growthOf(applying, 1000)).toBeLessThan(4.5);
  const { questions } = applyLayers(copied(1000));
  // every dead file may be every new one
  expect(questions).toHaveLength(2000);
  expect(questions.filter(({ layer }) => layer === 0)).toHaveLength(1000);
});
