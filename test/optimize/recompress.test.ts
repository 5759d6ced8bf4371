/** Storing layers in another way: the image stays the same image. */
import { readFile, writeFile } from "node:fs/promises";
import * as zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { openImage } from "../../src/image/open.ts";
import {
  blobPart,
  descriptorOf,
  dockerArchive,
  ociImage,
  ociLayout,
  sketchArchive,
  tarOf,
  writeParts,
  zstdFrames,
} from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { freshPaths, testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

const { gunzipSync, gzipSync } = zlib;

const folder = testFolder("recompress");

const fresh = freshPaths(folder);

async function docker(compress?: (layer: Buffer) => Buffer): Promise<string> {
  const path = fresh(".tar");
  const layers = await packSketches(["base(90000)", "f(90000) g(1)", "h(70000)", ".wh.f"]);
  await writeFile(
    path,
    await tarOf(dockerArchive({ layers, ...(compress === undefined ? {} : { compress }) })),
  );
  return path;
}

async function look(path: string) {
  const image = await openImage(path, { verify: true });
  await image.close();
  return image;
}

test.each([["gzip"], ["gzip:1"], ["none"]])(
  "%s keeps diff IDs of what is not rewritten, and the base",
  async (how) => {
    const input = await docker(how === "none" ? gzipSync : undefined);
    const output = fresh(".tar");
    const { code, stdout } = await layerlint(["optimize", input, "-o", output, "--recompress", how]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("nothing to drop; stored anew")]);
    const [before, after] = [await look(input), await look(output)];
    const wanted = how === "none" ? "none" : "gzip";
    expect(after.layers.map(({ compression }) => compression)).toEqual([
      before.layers[0]!.compression,
      wanted,
      wanted,
    ]);
    expect(after.layers[2]!.diffId).toBe(before.layers[2]!.diffId);
    expect((await layerlint(["compare", input, output])).code).toBe(0);
  },
);

test.each([
  ["smallest", 9, 2],
  ["fastest", 1, 4],
  ["as usual", 6, 0],
])("without --recompress a rewritten layer is stored as it was: %s", async (_, level, xfl) => {
  const input = await docker((layer) => gzipSync(layer, { level }));
  const [output, again] = [fresh(".tar"), fresh(".tar")];
  expect((await layerlint(["optimize", input, "-o", output])).code).toBe(0);
  const image = await openImage(output);
  try {
    const { handle, offset, size } = await image.source.blob(1);
    const blob = Buffer.alloc(size);
    await handle.read(blob, 0, size, offset);
    expect(blob[8]).toBe(xfl);
    const wanted = gzipSync(gunzipSync(blob), { level });
    expect(blob.subarray(10).equals(wanted.subarray(10))).toBe(true);
  } finally {
    await image.close();
  }
  // and the next time, too
  expect((await layerlint(["optimize", output, "-o", again])).code).toBe(0);
  expect((await readFile(again)).equals(await readFile(output))).toBe(true);
});

test("the image ID stays if nothing is dropped, and all layers change with --recompress-base", async () => {
  const input = fresh(".tar");
  await writeFile(input, await sketchArchive(["base(90000)", "h(70000)"]));
  const output = fresh(".tar");
  const args = ["optimize", input, "-o", output, "--recompress", "gzip", "--recompress-base"];
  expect((await layerlint(args)).code).toBe(0);
  const [before, after] = [await look(input), await look(output)];
  expect(after.configDigest).toBe(before.configDigest);
  expect(after.layers.map(({ compression }) => compression)).toEqual(["gzip", "gzip"]);
});

test("a non-distributable layer is never recompressed, not even in the base", async () => {
  const { blobs } = ociImage({ layers: await packSketches(["base(90000)", "h(70000)"]) });
  const manifest = JSON.parse(String(blobs.at(-1)!.content)) as { layers: { mediaType: string }[] };
  manifest.layers[0]!.mediaType = "application/vnd.oci.image.layer.nondistributable.v1.tar";
  const changed = JSON.stringify(manifest);
  const entry = descriptorOf(changed, "application/vnd.oci.image.manifest.v1+json");
  const [input, output] = [fresh(), fresh()];
  await writeParts(
    input,
    ociLayout([{ manifest: entry, blobs: [...blobs.slice(0, -1), blobPart(changed)] }]),
  );
  const args = ["optimize", input, "-o", output, "--recompress", "gzip", "--recompress-base"];
  expect((await layerlint(args)).code).toBe(0);
  const [before, after] = [await look(input), await look(output)];
  expect(after.layers.map(({ mediaType }) => mediaType)).toEqual([
    manifest.layers[0]!.mediaType,
    "application/vnd.oci.image.layer.v1.tar+gzip",
  ]);
  expect(after.layers[0]!.digest).toBe(before.layers[0]!.digest);
});

test("gzip output is reproducible: no time, an unknown system, and its content is the tar", async () => {
  const input = await docker();
  const [one, two] = [fresh(".tar"), fresh(".tar")];
  for (const output of [one, two])
    await layerlint(["optimize", input, "-o", output, "--recompress", "gzip:9", "--to", "oci-archive"]);
  const bytes = await readFile(one);
  expect(bytes.equals(await readFile(two))).toBe(true);
  const at = bytes.indexOf(Buffer.from("1f8b0800000000000", "hex"));
  expect(bytes[at + 9]).toBe(255);
  expect(gunzipSync(bytes.subarray(at, at + 5000), { finishFlush: 2 }).length).toBeGreaterThan(1000);
});

test("a blob that is already compressed that way is copied with its annotations; a changed one loses those about the old blob", async () => {
  const compressed = ociImage({ layers: await packSketches(["a(9)", "b(9)"]), compress: gzipSync });
  const manifest = compressed.blobs.at(-1)!;
  const document = JSON.parse(String(manifest.content)) as { layers: { annotations?: object }[] };
  for (const layer of document.layers)
    layer.annotations = {
      "containerd.io/snapshot/stargz/toc.digest": "sha256:ab",
      "org.example.kept": "yes",
    };
  const text = JSON.stringify(document);
  const image = {
    blobs: [...compressed.blobs.slice(0, -1), blobPart(text)],
    manifest: descriptorOf(text, "application/vnd.oci.image.manifest.v1+json"),
  };
  const input = fresh(".tar");
  await writeFile(input, await tarOf(ociLayout([image])));
  const [same, other] = [fresh(".tar"), fresh(".tar")];
  await layerlint(["optimize", input, "-o", same, "--recompress", "gzip"]);
  await layerlint(["optimize", input, "-o", other, "--recompress", "none"]);
  expect((await look(same)).digest).toBe((await look(input)).digest);
  const after = await look(other);
  expect(after.layers.map(({ annotations }) => Object.keys(annotations).length)).toEqual([2, 1]);
  expect(after.layers.map(({ mediaType }) => mediaType)).toEqual([
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.oci.image.layer.v1.tar",
  ]);
});

test("an output that cannot be written is reported before anything is written", async () => {
  const input = await docker();
  const fail = async (...args: string[]) => {
    const { code, stderr } = await layerlint(["optimize", input, "-o", fresh(".tar"), ...args]);
    expect(code).toBe(2);
    return stderr;
  };
  for (const bad of ["gzip:10", "zstd:0", "xz", "none:1", ""])
    expect(await fail("--recompress", bad)).toMatch(/write gzip, zstd or none, optionally with a level/);
  expect(await fail("--recompress-base")).toMatch(/name the compression with --recompress/);
  if ("createZstdCompress" in zlib) return;
  const only = "can only be written with Node.js 22.15 or newer; use that, or --recompress gzip\n";
  expect(await fail("--recompress", "zstd")).toBe(`layerlint: zstd layers ${only}`);
  // or because that is how the layers are stored
  const stored = fresh(".tar");
  const layers = await packSketches(["base(9)", "f(90000) g(1)", ".wh.f"]);
  await writeFile(stored, await tarOf(ociLayout([ociImage({ layers, compress: zstdFrames })])));
  const { code, stderr } = await layerlint(["optimize", stored, "-o", fresh(".tar")]);
  expect([code, stderr]).toEqual([
    2,
    `layerlint: ${stored}: its layers are stored as zstd, and those ${only}`,
  ]);
});

describe.skipIf(!("createZstdCompress" in zlib))("zstd, if this Node.js writes it", () => {
  /** An OCI archive whose manifest is Docker's, as tools write it that copy from a registry of old. */
  async function withDockerManifest(): Promise<string> {
    const image = ociImage({
      layers: await packSketches(["base(90000)", "f(90000) g(1)", "h(70000)", ".wh.f"]),
      compress: gzipSync,
    });
    const asDocker = (type: string) =>
      type
        .replace("vnd.oci.image.manifest.v1+json", "vnd.docker.distribution.manifest.v2+json")
        .replace("vnd.oci.image.config.v1+json", "vnd.docker.container.image.v1+json")
        .replace("vnd.oci.image.layer.v1.tar+gzip", "vnd.docker.image.rootfs.diff.tar.gzip");
    const text = asDocker(String(image.blobs.at(-1)!.content));
    const manifest = descriptorOf(text, "application/vnd.docker.distribution.manifest.v2+json");
    const path = fresh(".tar");
    const blobs = [...image.blobs.slice(0, -1), blobPart(text)];
    await writeFile(path, await tarOf(ociLayout([{ blobs, manifest }])));
    return path;
  }

  test.each([["zstd"], ["zstd:1"], ["zstd:19"]])("%s is read back, the same every time", async (how) => {
    const input = await docker();
    const [one, two] = [fresh(".tar"), fresh(".tar")];
    for (const output of [one, two]) {
      const args = ["optimize", input, "-o", output, "--recompress", how, "--to", "oci-archive"];
      const { code, stdout, stderr } = await layerlint(args);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain("note: Docker reads zstd layers from version 23 on");
    }
    expect((await readFile(one)).equals(await readFile(two))).toBe(true);
    const [before, after] = [await look(input), await look(one)];
    const type = "application/vnd.oci.image.layer.v1.tar";
    expect(after.layers.map(({ compression, mediaType }) => [compression, mediaType])).toEqual([
      ["none", type],
      ["zstd", `${type}+zstd`],
      ["zstd", `${type}+zstd`],
    ]);
    expect(after.layers[2]!.diffId).toBe(before.layers[2]!.diffId);
    // the sketches repeat 32 bytes
    expect(after.layers[2]!.compressedBytes).toBeLessThan(2000);
    expect((await layerlint(["compare", input, one])).code).toBe(0);
  });

  test("a higher level is smaller, and frames end with a checksum", async () => {
    const words = Array.from({ length: 60_000 }, (_, i) => ((i * i * 2654435761) >>> 7) % 997).join(" ");
    const input = fresh(".tar");
    await writeFile(input, await sketchArchive(["b(1)", `t(${JSON.stringify(words)})`]));
    const sizeAt = async (how: string) => {
      const output = fresh(".tar");
      await layerlint(["optimize", input, "-o", output, "--recompress", how, "--to", "oci-archive"]);
      const { layers } = await look(output);
      const bytes = await readFile(output);
      const header = bytes[bytes.indexOf(Buffer.from("28b52ffd", "hex")) + 4]!;
      expect(header & 4, "checksum flag").toBe(4);
      return layers[1]!.compressedBytes;
    };
    const [low, default_, high] = [await sizeAt("zstd:1"), await sizeAt("zstd"), await sizeAt("zstd:19")];
    expect(high).toBeLessThan(default_);
    expect(high).toBeLessThan(low);
  });

  test("a Docker manifest cannot describe zstd, so the new one is OCI, with OCI media types", async () => {
    const input = await withDockerManifest();
    const output = fresh(".tar");
    const { code, stderr } = await layerlint(["optimize", input, "-o", output, "--recompress", "zstd"]);
    expect([code, stderr]).toEqual([0, ""]);
    const after = await look(output);
    const text = String(after.source.manifest!.bytes);
    expect(text).not.toContain("docker");
    expect(after.layers.map(({ mediaType }) => mediaType!.replace(/^.*\.tar/, ""))).toEqual([
      "+gzip",
      "+zstd",
      "+zstd",
    ]);
    // in its own types where no layer is zstd
    const gzip = fresh(".tar");
    await layerlint(["optimize", input, "-o", gzip, "--recompress", "gzip:9"]);
    expect(String((await look(gzip)).source.manifest!.bytes)).not.toContain("vnd.oci");
  });

  test("layers that are zstd stay zstd when they are rewritten", async () => {
    const layers = await packSketches(["base(90000)", "f(90000) g(1)", "h(70000)", ".wh.f"]);
    const input = fresh(".tar");
    await writeFile(input, await tarOf(ociLayout([ociImage({ layers, compress: zstdFrames })])));
    const output = fresh(".tar");
    expect((await layerlint(["optimize", input, "-o", output])).code).toBe(0);
    const [before, after] = [await look(input), await look(output)];
    expect(after.layers.map(({ compression }) => compression)).toEqual(["zstd", "zstd", "zstd"]);
    expect([after.layers[0]!.digest, after.layers[2]!.digest]).toEqual([
      before.layers[0]!.digest,
      before.layers[2]!.digest,
    ]);
  });
});

test("the report names a layer that grew because it was compressed harder before", async () => {
  let state = 7;
  const words = Array.from({ length: 60_000 }, () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return ((state >>> 16) % 700).toString(36);
  }).join(" ");
  const layers = await packSketches(["base(9)", `words(${JSON.stringify(words)}) gone(1)`, ".wh.gone k(1)"]);
  const path = fresh(".tar");
  const hard = (layer: Buffer) => {
    const blob = gzipSync(layer, { level: 9 });
    // as of a writer that tells another level than its own
    blob[8] = 4;
    return blob;
  };
  await writeFile(path, await tarOf(dockerArchive({ layers, compress: hard })));
  const note =
    /note: layer 1 takes [\d.]+ k?B more although it holds less, because it was compressed harder before;/;
  expect((await layerlint(["optimize", path, "-o", fresh(".tar")])).stdout).toMatch(note);
  expect(
    (await layerlint(["optimize", path, "-o", fresh(".tar"), "--recompress", "gzip:9"])).stdout,
  ).not.toMatch(note);
  expect((await layerlint(["optimize", await docker(gzipSync), "-o", fresh(".tar")])).stdout).not.toContain(
    "takes",
  );
});
