/** What the documents of an image promise of its blobs and of each other: which of it is verified, and when. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { optimize } from "../../src/app/optimize.ts";
import type { OpenOptions } from "../../src/image/image.ts";
import { openImage } from "../../src/image/open.ts";
import { dockerArchive, sha256, tarOf, zstdFrame, type Part } from "../support/archive.ts";
import { testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

const folder = testFolder("promises");
let a: Buffer;
let b: Buffer;
let serial = 0;

beforeAll(async () => {
  [a, b] = (await packSketches(["a(100000) d/", "b(2000) .wh.a"])) as [Buffer, Buffer];
});

async function saved(parts: readonly Part[]): Promise<string> {
  const path = join(folder, `image-${serial++}.tar`);
  await writeFile(path, await tarOf(parts));
  return path;
}

/** What opening says, from disk and from a pipe: undefined where the image opens. */
async function complaints(
  parts: readonly Part[],
  options: OpenOptions = {},
): Promise<(string | undefined)[]> {
  const path = await saved(parts);
  const opened = async (name: string, rest: OpenOptions) => {
    try {
      await (await openImage(name, { ...options, ...rest })).close();
      return undefined;
    } catch (error) {
      return (error as Error).message.replace(/^.*?: (?:.*?: )?/, "");
    }
  };
  return [await opened(path, {}), await opened("-", { stdin: createReadStream(path) })];
}

/** Replaces the content of the first layer, and nothing that the documents say of it. */
function swapped(parts: readonly Part[], content: Buffer): Part[] {
  return parts.map((part, i) => (i === 0 ? { ...part, content } : part));
}

const wrongDiffId = /^its diff ID is sha256:[0-9a-f]{64}, but sha256:[0-9a-f]{64} was expected/;
const fine = [undefined, undefined];

describe("a layer that is not what its diff ID says", () => {
  test.each([
    ["gzip", (layer: Buffer) => gzipSync(layer)],
    ["zstd", zstdFrame],
  ])("is found in every layer that is inflated: %s", async (_, compress) => {
    const parts = dockerArchive({ layers: [a, b], compress });
    expect(await complaints(parts)).toEqual(fine);
    const found = await complaints(swapped(parts, compress(b)));
    expect(found).toEqual([expect.stringMatching(wrongDiffId), expect.stringMatching(wrongDiffId)]);
  });

  test("is found where the layer is empty", async () => {
    const parts = swapped(dockerArchive({ layers: [a, b] }), Buffer.alloc(0));
    const [onDisk, piped] = await complaints(parts);
    expect(onDisk).toMatch(wrongDiffId);
    expect(piped).toMatch(wrongDiffId);
  });

  test("is found where the layer was cut between two members", async () => {
    // two blocks of the header and the end of `a`, without `d/` and the end blocks
    const cut = a.subarray(0, 512 + Math.ceil(100_000 / 512) * 512);
    const found = await complaints(swapped(dockerArchive({ layers: [a, b] }), cut));
    expect(found).toEqual([expect.stringMatching(wrongDiffId), expect.stringMatching(wrongDiffId)]);
  });

  test("a whole plain layer on disk is only walked; a pipe and --verify read it", async () => {
    const parts = swapped(dockerArchive({ layers: [a, b] }), b);
    expect(await complaints(parts)).toEqual([undefined, expect.stringMatching(wrongDiffId)]);
    expect((await complaints(parts, { verify: true }))[0]).toMatch(wrongDiffId);
  });

  test("a layer without end blocks whose diff ID holds is no damage", async () => {
    expect(await complaints(dockerArchive({ layers: [a.subarray(0, -1024), b] }))).toEqual(fine);
  });
});

/** How a layout names things. */
interface Layout {
  readonly digest?: (content: Buffer) => string;
  readonly compress?: (layer: Buffer) => Buffer;
  /** Changes the manifest before it is named. */
  readonly manifest?: (manifest: { config: Blob; layers: Blob[] }) => object;
  readonly config?: (config: { rootfs: { diff_ids: string[] } }) => object;
  readonly entry?: (entry: Blob) => object;
}

interface Blob {
  digest: string;
  size: number;
}

const sha512 = (content: Buffer) => `sha512:${createHash("sha512").update(content).digest("hex")}`;

/** An OCI layout with other digests, or with documents that state something else. Layers come first. */
function layout(how: Layout = {}): Part[] {
  const { digest = (content) => `sha256:${sha256(content)}`, compress = (layer) => layer } = how;
  const blobs: Part[] = [];
  const put = (content: Buffer | object): Blob => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    blobs.push({ path: `blobs/${digest(bytes).replace(":", "/")}`, content: bytes });
    return { digest: digest(bytes), size: bytes.length };
  };
  const layers = [a, b].map((layer) => ({
    mediaType: "application/vnd.oci.image.layer.v1.tar",
    ...put(compress(layer)),
  }));
  const rootfs = { type: "layers", diff_ids: [a, b].map(digest) };
  const config = { architecture: "amd64", os: "linux", config: {}, rootfs };
  const manifest = {
    schemaVersion: 2,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...put(how.config?.(config) ?? config) },
    layers,
  };
  const named = {
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    ...put(how.manifest?.(manifest) ?? manifest),
  };
  const index = { schemaVersion: 2, manifests: [how.entry?.(named) ?? named] };
  return [
    ...blobs,
    { path: "index.json", content: JSON.stringify(index) },
    { path: "oci-layout", content: '{"imageLayoutVersion":"1.0.0"}' },
  ];
}

describe("digests of SHA-512", () => {
  test.each([
    ["plain", (layer: Buffer) => layer],
    ["gzip", (layer: Buffer) => gzipSync(layer)],
  ])("are verified: %s", async (_, compress) => {
    const parts = layout({ digest: sha512, compress });
    expect(await complaints(parts, { verify: true })).toEqual(fine);
    const wrong = /(?:digest|diff ID) is sha512:[0-9a-f]{128}, but sha512:[0-9a-f]{128} was expected/;
    expect(await complaints(swapped(parts, compress(b)), { verify: true })).toEqual([
      expect.stringMatching(wrong),
      expect.stringMatching(wrong),
    ]);
    for (const at of [2, 3]) {
      const changed = parts.map((part, i) =>
        i === at ? { ...part, content: `${String(part.content)} ` } : part,
      );
      expect((await complaints(changed))[0]).toMatch(wrong);
    }
  });

  test("with SHA-256 in the configuration, or the other way round", async () => {
    const config = (value: { rootfs: object }) => ({
      ...value,
      rootfs: { diff_ids: [a, b].map((layer) => `sha256:${sha256(layer)}`) },
    });
    const parts = layout({ digest: sha512, config });
    expect(await complaints(parts, { verify: true })).toEqual(fine);
    const wrong = layout({
      digest: sha512,
      config: (value) => ({
        ...value,
        rootfs: { diff_ids: [b, a].map((layer) => `sha256:${sha256(layer)}`) },
      }),
    });
    expect((await complaints(wrong, { verify: true }))[0]).toMatch(wrongDiffId);
  });

  test.each(["oci", "oci-archive", "docker-archive", "hybrid"] as const)(
    "are written by optimize: %s",
    async (to) => {
      const parts = layout({ digest: sha512 });
      const source = join(folder, `sha512-${to}`);
      for (const { path, content } of parts) {
        await mkdir(dirname(join(source, path)), { recursive: true });
        await writeFile(join(source, path), content ?? "");
      }
      const output = join(folder, `sha512-${to}-small`);
      await optimize(source, { output, to, base: 0 });
      const image = await openImage(output, { verify: true });
      const paths = image.layers.flatMap(({ entries }) => entries.map(({ path }) => String(path)));
      await image.close();
      // the second layer deletes `a`, and is kept: its name is the longest
      expect(paths).toEqual(["d", "b"]);
    },
  );
});

describe("--verify", () => {
  test("compares the configuration of a docker-archive with its name", async () => {
    const parts = dockerArchive({ layers: [a, b] });
    expect(await complaints(parts, { verify: true })).toEqual(fine);
    const changed = parts.map((part) =>
      part.path.endsWith(".json") && part.path !== "manifest.json"
        ? { ...part, content: `${String(part.content)} ` }
        : part,
    );
    expect(await complaints(changed)).toEqual(fine);
    expect((await complaints(changed, { verify: true }))[0]).toMatch(/^its digest is .* was expected/);
  });

  test.each<[string, Layout]>([
    ["a layer", { manifest: (value) => ({ ...value, layers: value.layers.map(unknown) }) }],
    ["the configuration", { manifest: (value) => ({ ...value, config: unknown(value.config) }) }],
    ["the manifest", { entry: unknown }],
    ["a diff ID", { config: (value) => ({ ...value, rootfs: { diff_ids: ["blake3:a", "blake3:b"] } }) }],
  ])("refuses an unknown algorithm: %s", async (_, how) => {
    const parts = layout(how);
    // blobs of both names, so that nothing is missing
    const all = [
      ...parts,
      ...parts.map((part) => ({ ...part, path: part.path.replace("sha256/", "blake3/") })),
    ].filter(({ path }, i, list) => list.findIndex((other) => other.path === path) === i);
    expect(await complaints(all)).toEqual(fine);
    const message = /is a blake3 digest, which layerlint cannot verify; it knows sha256 and sha512/;
    expect(await complaints(all, { verify: true })).toEqual([
      expect.stringMatching(message),
      expect.stringMatching(message),
    ]);
  });

  test.each<[string, Layout]>([
    ["the configuration", { manifest: (value) => ({ ...value, config: larger(value.config) }) }],
    ["the manifest", { entry: larger }],
  ])("compares the size of %s", async (_, how) => {
    const parts = layout(how);
    expect(await complaints(parts)).toEqual(fine);
    expect((await complaints(parts, { verify: true }))[0]).toMatch(/^has \d+ bytes, but \d+ were expected/);
  });
});

function unknown(blob: Blob): Blob {
  return { ...blob, digest: blob.digest.replace("sha256:", "blake3:") };
}

function larger(blob: Blob): Blob {
  return { ...blob, size: blob.size + 1 };
}
