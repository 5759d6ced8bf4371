/** Manifests, platforms, tags, and everything that can be wrong with them. */
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, readdirSync, readlinkSync } from "node:fs";
import { open as openFile, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import type { Image, OpenOptions } from "../../src/image/image.ts";
import { openImage } from "../../src/image/open.ts";
import { ArchiveStore } from "../../src/image/sources/store.ts";
import { applyLayers } from "../../src/rootfs/apply.ts";
import {
  blobPart,
  descriptorOf,
  dockerArchive,
  ociImage,
  ociLayout,
  sha256,
  tarOf,
  writeParts,
  type Part,
} from "../support/archive.ts";
import { testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

const folder = testFolder("open");
let a: Buffer;
let b: Buffer;
let serial = 0;

beforeAll(async () => {
  [a, b] = (await packSketches(["a(1000) d/", "b(2000) .wh.a"])) as [Buffer, Buffer];
});

/** Nothing for one that is gone by now. */
function linkOf(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
}

async function saved(content: Buffer | readonly Part[], name = `image-${serial++}.tar`): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Buffer.isBuffer(content) ? content : await tarOf(content));
  return path;
}

async function open(content: Buffer | readonly Part[], options: OpenOptions = {}): Promise<Image> {
  const image = await openImage(await saved(content), options);
  await image.close();
  return image;
}

/** The error that opening it gives: one line that names the file, both from disk and from a pipe. */
async function refused(content: Buffer | readonly Part[], options: OpenOptions = {}): Promise<string> {
  const path = await saved(content);
  const error = await openImage(path, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message } = error as UserError;
  expect(message).not.toContain("\n");
  if (!message.startsWith("--platform")) expect(message).toContain(path);
  return message.replaceAll(path, "image.tar");
}

test("onCompressed is called when a layer has to be decompressed, and only then", async () => {
  let told = 0;
  const onCompressed = () => void told++;
  await open(dockerArchive({ layers: [a, b] }), { onCompressed });
  expect(told).toBe(0);
  await open(dockerArchive({ layers: [a, b], compress: (layer) => gzipSync(layer) }), { onCompressed });
  expect(told).toBe(2);
});

const paths = (image: Image) => image.layers.map(({ entries }) => entries.map(({ path }) => path));

describe("archives of every age", () => {
  const archives = join(import.meta.dirname, "../../fixtures/archives");

  test("every fixture opens, verifies, and gives the same from a pipe", async () => {
    const names = (await readdir(archives)).filter((name) => !/\.(?:md|sh)$/.test(name));
    expect(names.length).toBeGreaterThan(18);
    for (const name of names) {
      const path = join(archives, name);
      const options: OpenOptions = {
        verify: true,
        platform: /arm64/.test(name) ? "linux/arm64" : "linux/amd64",
      };
      const tag = /two-images/.test(name) ? await firstTag(path) : undefined;
      const image = await openImage(path, { ...options, ...(tag === undefined ? {} : { tag }) });
      expect(image.layers.length, name).toBe(image.config.diffIds.length);
      expect(image.layers.flatMap(({ entries }) => entries).length, name).toBeGreaterThan(0);
      await image.close();
    }
  });

  async function firstTag(path: string): Promise<string> {
    const message = await openImage(path, {}).then(
      () => "",
      (error: Error) => error.message,
    );
    return /--tag: (\S+?),/.exec(message)![1]!;
  }

  test("symlinked layer files of a docker-archive, and the same layer twice", async () => {
    const parts = dockerArchive({ layers: [a, a] });
    const [first, second, ...rest] = parts as [Part, Part, ...Part[]];
    const image = await open([first, { path: second.path, content: "", link: `../${first.path}` }, ...rest]);
    expect(paths(image)).toEqual([
      ["a", "d"],
      ["a", "d"],
    ]);
    const twice = await open(ociLayout([ociImage({ layers: [a, a] })]));
    expect(twice.layers[0]!.entries).toBe(twice.layers[1]!.entries);
  });

  test("an empty layer is 1024 zero bytes, or nothing at all", async () => {
    const image = await open(dockerArchive({ layers: [Buffer.alloc(1024), Buffer.alloc(0), a] }));
    expect(paths(image)).toEqual([[], [], ["a", "d"]]);
  });

  test("parts with ./ in front, in any order", async () => {
    const parts = dockerArchive({ layers: [a, b] }).map((part) => ({ ...part, path: `./${part.path}` }));
    expect(paths(await open(parts.toReversed()))).toEqual([
      ["a", "d"],
      ["b", ".wh.a"],
    ]);
  });

  test("a foreign layer whose blob is not there is missing, not an error", async () => {
    const image = ociImage({ layers: [a, b] });
    const manifest = JSON.parse(String(image.blobs.at(-1)!.content)) as {
      layers: { mediaType: string; digest: string }[];
    };
    manifest.layers[0]!.mediaType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    const text = JSON.stringify(manifest);
    const blobs = [...image.blobs.slice(1, -1), blobPart(text)];
    const opened = await open(ociLayout([{ blobs, manifest: descriptorOf(text, image.manifest.mediaType) }]));
    expect(opened.layers.map(({ missing }) => missing)).toEqual([true, false]);
  });

  test("attestation manifests are no images", async () => {
    const image = ociImage({ layers: [a] });
    const other = ociImage({ layers: [b], platform: { os: "unknown", architecture: "unknown" } });
    const entry = {
      platform: { os: "unknown", architecture: "unknown" },
      annotations: {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": image.manifest.digest,
      },
    };
    expect(paths(await open(ociLayout([image, { ...other, entry }])))).toEqual([["a", "d"]]);
  });
});

describe("platforms and tags", () => {
  const arm = { os: "linux", architecture: "arm64" };
  const amd = { os: "linux", architecture: "amd64" };
  const two = () =>
    ociLayout([
      { ...ociImage({ layers: [a], platform: amd }), entry: { platform: amd } },
      { ...ociImage({ layers: [b], platform: arm }), entry: { platform: arm } },
    ]);

  test("--platform chooses, also in a nested index", async () => {
    expect(paths(await open(two(), { platform: "linux/arm64" }))).toEqual([["b", ".wh.a"]]);
    const parts = two();
    const inner = String(parts[1]!.content);
    const index = JSON.stringify({
      schemaVersion: 2,
      manifests: [descriptorOf(inner, "application/vnd.oci.image.index.v1+json")],
    });
    const nested = [parts[0]!, { path: "index.json", content: index }, blobPart(inner), ...parts.slice(2)];
    expect(paths(await open(nested, { platform: "linux/arm64" }))).toEqual([["b", ".wh.a"]]);
  });

  test("without it the host's, if its blobs are there; else the only complete one", async () => {
    const host = process.arch === "arm64" ? ["b", ".wh.a"] : ["a", "d"];
    expect(paths(await open(two()))).toEqual([host]);
    const missing = process.arch === "arm64" ? b : a;
    const rest = two().filter(({ path }) => path !== `blobs/sha256/${sha256(missing)}`);
    expect(paths(await open(rest))).toEqual([process.arch === "arm64" ? ["a", "d"] : ["b", ".wh.a"]]);
  });

  test("what does not exist lists what does", async () => {
    expect(await refused(two(), { platform: "linux/s390x" })).toMatch(
      /no image for linux\/s390x; there is .*linux\/amd64.*linux\/arm64/,
    );
    expect(await refused(two(), { platform: "amiga" })).toMatch(/--platform amiga: write os\/arch/);
    const image = dockerArchive({ layers: [a] });
    expect(await refused(image, { tag: "other:2" })).toMatch(/other:2.*app:1/);
  });

  test("several images need --tag", async () => {
    const first = dockerArchive({ layers: [a], tag: "one:1" });
    const second = dockerArchive({ layers: [b], tag: "two:2" });
    const manifests = [first, second].map(
      (parts) => (JSON.parse(String(parts.at(-1)!.content)) as unknown[])[0],
    );
    const both = [
      ...first.slice(0, -1),
      ...second.slice(0, -1),
      { path: "manifest.json", content: JSON.stringify(manifests) },
    ];
    expect(await refused(both)).toMatch(/holds 2 images; choose one with --tag: .*one:1.*two:2/);
    expect(paths(await open(both, { tag: "two:2" }))).toEqual([["b", ".wh.a"]]);
  });
});

describe("incidents of reading", () => {
  test("a layer whose first name is 70 digits was taken for text in a pipe", async () => {
    const [digits] = (await packSketches([`${"1".repeat(70)}(5)`])) as [Buffer];
    const path = await saved(dockerArchive({ layers: [digits] }));
    const stdin = createReadStream(path);
    const image = await openImage("-", { stdin });
    expect(paths(image)).toEqual([["1".repeat(70)]]);
  });

  test("a layer of no bytes was an empty layer on disk and no layer in a pipe", async () => {
    const path = await saved(dockerArchive({ layers: [Buffer.alloc(0)] }));
    const stdin = createReadStream(path);
    expect(paths(await openImage("-", { stdin }))).toEqual([[]]);
  });

  test("a plain layer cut at a header was whole; its descriptor knows better", async () => {
    const image = ociImage({ layers: [a] });
    const cut = image.blobs.map((part) =>
      part.path.endsWith(sha256(a)) ? { ...part, content: a.subarray(0, 1536) } : part,
    );
    expect(await refused(ociLayout([{ ...image, blobs: cut }]))).toMatch(
      /has 1536 bytes, but \d+ were expected/,
    );
  });

  test("one blob for two layers: the first diff ID was not verified", async () => {
    for (const wrong of [0, 1]) {
      const config = JSON.stringify({
        os: "linux",
        architecture: "amd64",
        rootfs: { diff_ids: [0, 1].map((i) => `sha256:${sha256(i === wrong ? b : a)}`) },
      });
      const manifest = [{ Config: "c.json", RepoTags: null, Layers: ["a.tar", "a.tar"] }];
      const parts = [
        { path: "a.tar", content: a },
        { path: "c.json", content: config },
        { path: "manifest.json", content: JSON.stringify(manifest) },
      ];
      await open(parts);
      expect(await refused(parts, { verify: true })).toMatch(/diff ID/);
    }
  });

  test("an index with one tag on all its platforms was taken for several images", async () => {
    const named = { annotations: { "org.opencontainers.image.ref.name": "1.0" } };
    const layout = ociLayout(
      ["amd64", "arm64"].map((architecture) => ({
        ...ociImage({ layers: [a], platform: { os: "linux", architecture } }),
        entry: { platform: { os: "linux", architecture }, ...named },
      })),
    );
    for (const tag of [{}, { tag: "1.0" }]) {
      const image = await open(layout, { platform: "linux/arm64", ...tag });
      expect(image.config.platform.architecture).toBe("arm64");
    }
  });

  test("platforms of which none is complete were offered for choice", async () => {
    const images = ["amd64", "arm64"].map((architecture) => ({
      ...ociImage({ layers: [a], platform: { os: "linux", architecture } }),
      entry: { platform: { os: "linux", architecture } },
    }));
    const layout = ociLayout(images.map((image) => ({ ...image, blobs: image.blobs.slice(1) })));
    expect(await refused(layout)).toMatch(
      /no platform of the image is complete: linux\/amd64 \(incomplete\), /,
    );
  });

  test("an attestation that no annotation marks, and a signature, were read as images", async () => {
    for (const type of ["application/vnd.in-toto+json", "application/vnd.dev.cosign.simplesigning.v1+json"]) {
      const config = JSON.stringify({
        os: "linux",
        architecture: "amd64",
        rootfs: { diff_ids: ["sha256:0"] },
      });
      const statement = '{"_type":"https://in-toto.io/Statement/v1"}';
      const manifest = JSON.stringify({
        schemaVersion: 2,
        config: descriptorOf(config, "application/vnd.oci.image.config.v1+json"),
        layers: [descriptorOf(statement, type)],
      });
      const alone = {
        manifest: descriptorOf(manifest, "application/vnd.oci.image.manifest.v1+json"),
        blobs: [config, statement, manifest].map(blobPart),
      };
      expect(await refused(ociLayout([alone]))).toMatch(/holds no container image/);
      const image = ociImage({ layers: [a] });
      expect(paths(await open(ociLayout([alone, image])))).toEqual([["a", "d"]]);
    }
  });

  test("manifest.json and index.json of different images were both believed", async () => {
    const [one, other] = [ociImage({ layers: [a] }), ociImage({ layers: [b] })];
    const item = { Config: other.blobs.at(-2)!.path, RepoTags: null, Layers: [other.blobs[0]!.path] };
    const parts = [
      ...ociLayout([one]),
      ...other.blobs,
      { path: "manifest.json", content: JSON.stringify([item]) },
    ];
    expect(await refused(parts)).toMatch(/manifest.json and index.json disagree/);
  });

  test("a pipe among the blobs of a folder was waited for without end", async () => {
    const parts = ociLayout([ociImage({ layers: [a] })]);
    const layout = join(folder, `layout-${serial++}`);
    const blob = parts.find(({ path }) => path.endsWith(sha256(a)))!;
    await writeParts(
      layout,
      parts.filter((part) => part !== blob),
    );
    execFileSync("mkfifo", [join(layout, blob.path)]);
    await expect(openImage(layout)).rejects.toThrow(/missing/);
  });

  test("an archive that is a bomb as a whole was inflated without end", async () => {
    const zeros = (await packSketches(["zeros(0)"])) as [Buffer];
    const archive = await tarOf([
      ...dockerArchive({ layers: zeros }),
      { path: "more", content: Buffer.alloc(3_000_000) },
    ]);
    const limits = { inflatedBytes: 1_000_000, inflateRatio: 100 };
    expect(await refused(gzipSync(archive), { limits })).toMatch(/inflates more than 100-fold/);
    await open(gzipSync(archive), { limits, allowHuge: true });
  });

  test("a plain blob of a docker-archive has a digest too, a compressed one when it is verified", async () => {
    const gzipped = dockerArchive({ layers: [a, b], compress: (layer) => gzipSync(layer) });
    expect((await open(gzipped)).layers.map(({ digest }) => digest)).toEqual([undefined, undefined]);
    const compressed = await open(gzipped, { verify: true });
    const plain = await open(dockerArchive({ layers: [a, b] }));
    expect(compressed.layers.map(({ digest }) => digest)).toEqual(
      [a, b].map((layer) => `sha256:${sha256(gzipSync(layer))}`),
    );
    expect(plain.layers.map(({ digest }) => digest)).toEqual(
      [a, b].map((layer) => `sha256:${sha256(layer)}`),
    );
  });

  test("a whiteout above a foreign layer that is not here was called dangling", async () => {
    const [gone, above] = await packSketches(["d/ d/f(10)", "d/ d/.wh.f d/g≡f"]);
    const image = ociImage({ layers: [gone!, above!] });
    const manifest = image.blobs.at(-1)!;
    const foreign = String(manifest.content).replace(
      "application/vnd.oci.image.layer.v1.tar",
      "application/vnd.oci.image.layer.nondistributable.v1.tar",
    );
    const opened = await open(
      ociLayout([
        {
          manifest: descriptorOf(foreign, "application/vnd.oci.image.manifest.v1+json"),
          blobs: [...image.blobs.slice(1, -1), blobPart(foreign)],
        },
      ]),
    );
    expect(opened.layers.map(({ missing }) => missing)).toEqual([true, false]);
    expect(applyLayers(opened.layers).settle().notes).toEqual([]);
  });
});

describe("damage and hostility: one line each", () => {
  const config = (parts: readonly Part[]) =>
    parts.find(({ path }) => path.endsWith(".json") && path !== "manifest.json")!;

  test.each([
    ["empty", Buffer.alloc(0)],
    ["text", Buffer.from("hello, this is no image\n".repeat(100))],
    ["xz", Buffer.concat([Buffer.from("fd377a585a00", "hex"), Buffer.alloc(600)])],
    ["bzip2", Buffer.concat([Buffer.from("BZh9"), Buffer.alloc(600)])],
    ["gzip of text", gzipSync("hello ".repeat(500))],
    ["gzip cut short", gzipSync(Buffer.alloc(5000, "x")).subarray(0, 20)],
    ["zstd of nothing", Buffer.from("28b52ffd", "hex")],
    ["zeros", Buffer.alloc(10_240)],
  ])("%s", async (_, bytes) => {
    await refused(bytes);
  });

  test("a tar that is no image says so", async () => {
    expect(await refused([{ path: "etc/passwd", content: "root" }])).toMatch(/no container image/);
  });

  test("archives of before 1.10 have no manifest", async () => {
    const message = await refused([
      { path: `${"a".repeat(64)}/json`, content: "{}" },
      { path: "repositories", content: "{}" },
    ]);
    expect(message).toMatch(/manifest|save it again|older/);
  });

  test("a missing layer is named", async () => {
    expect(await refused(dockerArchive({ layers: [a, b] }).slice(1))).toMatch(/layer\.tar.*missing/);
  });

  test("a digest that does not hold is an error that names the blob", async () => {
    const image = ociImage({ layers: [a] });
    const [layer, ...rest] = image.blobs as [Part, ...Part[]];
    const changed = Buffer.from(layer.content);
    changed[200] = changed[200]! ^ 1;
    const parts = ociLayout([{ ...image, blobs: [{ ...layer, content: changed }, ...rest] }]);
    expect(await refused(parts, { verify: true })).toContain(layer.path);
    const compressed = ociImage({ layers: [a], compress: (bytes) => gzipSync(bytes) });
    const blob = compressed.blobs[0]!;
    const other = { ...blob, content: gzipSync(b) };
    // a blob that is read in full is checked without being asked to
    expect(
      await refused(ociLayout([{ ...compressed, blobs: [other, ...compressed.blobs.slice(1)] }])),
    ).toMatch(/diff ID is .* was expected/);
  });

  test("a configuration or manifest that was changed", async () => {
    const image = ociImage({ layers: [a] });
    for (const i of [1, 2]) {
      const blobs = image.blobs.map((part, at) =>
        at === i ? { ...part, content: `${String(part.content)} ` } : part,
      );
      expect(await refused(ociLayout([{ ...image, blobs }]))).toMatch(/digest is/);
    }
  });

  test("a diff ID that does not hold is found by --verify", async () => {
    const parts = dockerArchive({ layers: [a] });
    const named = (content: Part["content"]) =>
      typeof content === "string" ? content.replace(config(parts).path, "config.json") : content;
    const wrong = parts.map((part) =>
      part === config(parts)
        ? { path: "config.json", content: String(part.content).replace(sha256(a), sha256(b)) }
        : { ...part, content: named(part.content) },
    );
    expect(await refused(wrong, { verify: true })).toMatch(/diff ID/);
  });

  test("the numbers of layers and diff IDs differ", async () => {
    const parts = dockerArchive({ layers: [a, b] });
    const manifest = JSON.parse(String(parts.at(-1)!.content)) as { Layers: string[] }[];
    manifest[0]!.Layers.pop();
    await refused([...parts.slice(0, -1), { path: "manifest.json", content: JSON.stringify(manifest) }]);
  });

  test.each([
    ["not JSON", "{"],
    ["not an array", '{"Config":1}'],
    ["numbers for names", '[{"Config":1,"Layers":[2]}]'],
    ["null", "null"],
    ["an empty list", "[]"],
    ["deep nesting", "[".repeat(100_000)],
    ["a way out", '[{"Config":"../../../etc/passwd","Layers":[]}]'],
    ["an absolute way out", '[{"Config":"/etc/passwd","Layers":["/etc/passwd"]}]'],
  ])("manifest.json: %s", async (_, content) => {
    await refused([
      { path: "manifest.json", content },
      { path: "oci-layout-not", content: "" },
    ]);
  });

  test("links of an archive that run in circles", async () => {
    const parts = dockerArchive({ layers: [a] });
    const [layer, ...rest] = parts as [Part, ...Part[]];
    await refused([
      { path: layer.path, content: "", link: "other" },
      { path: `${layer.path.split("/")[0]}/other`, content: "", link: "layer.tar" },
      ...rest,
    ]);
  });

  test("a layout whose blob is a link out of the folder", async () => {
    const parts = ociLayout([ociImage({ layers: [a] })]);
    const layout = join(folder, `layout-${serial++}`);
    const inside = parts.find(({ path }) => path.endsWith(sha256(a)));
    await writeParts(
      layout,
      parts.filter((part) => part !== inside),
    );
    const outside = join(folder, "outside");
    await writeFile(outside, a);
    await symlink(outside, join(layout, inside!.path));
    await expect(openImage(layout, {})).rejects.toThrow(UserError);
  });

  test("cut at every 512 bytes: an error, or what was there is whole", async () => {
    const whole = await tarOf(dockerArchive({ layers: [a, b] }));
    for (let end = 0; end < whole.length - 1024; end += 512) await refused(whole.subarray(0, end));
  });

  test("a cut archive leaves no file open, whether it came from a file or had to be kept in one", async () => {
    const whole = await tarOf(dockerArchive({ layers: [a, b] }));
    const path = await saved(whole.subarray(0, 1500));
    const handles = [await openFile(path), await openFile(path)];
    await expect(ArchiveStore.open(path, handles[0]!, {})).rejects.toThrow(/truncated/);
    expect(handles.map(({ fd }) => fd === -1)).toEqual([true, false]);
    await handles[1]!.close();
    const links = () => readdirSync("/proc/self/fd").flatMap((fd) => linkOf(`/proc/self/fd/${fd}`));
    if (!existsSync("/proc/self/fd")) return;
    const kept = join(folder, "kept");
    const input = Readable.from([gzipSync(whole.subarray(0, 1500))]);
    await expect(openImage("-", { stdin: input, spool: () => kept })).rejects.toThrow(/truncated/);
    expect(links().filter((link) => link.includes(folder))).toEqual([]);
  });

  test("what does not exist, and a folder that is no image", async () => {
    await expect(openImage(join(folder, "nothing"), {})).rejects.toThrow(UserError);
    await expect(openImage(folder, {})).rejects.toThrow(UserError);
  });
});
