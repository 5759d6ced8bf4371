/** --platform: one of several, and all of them. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openImage, openPlatforms } from "../../src/image/open.ts";
import {
  blobPart,
  descriptorOf,
  ociImage,
  ociLayout,
  sha256,
  tarOf,
  writeParts,
  type Part,
} from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { freshPaths, testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

const folder = testFolder("platforms");

const fresh = freshPaths(folder);

const indexType = "application/vnd.oci.image.index.v1+json";
const stacks = {
  amd64: ["base(100)", "big(90000) k(1)", ".wh.big x(5)"],
  arm64: ["base(100)", "other(80000) k(1)", ".wh.other y(5)"],
} as const;

interface Index {
  readonly annotations?: Record<string, string>;
  readonly manifests: {
    digest: string;
    mediaType: string;
    annotations?: Record<string, string>;
    platform?: object;
  }[];
}

/** As BuildKit writes them: an index of platforms and attestations, with a name in index.json. */
async function parts(more: readonly object[] = []): Promise<Part[]> {
  const images = await Promise.all(
    Object.entries(stacks).map(async ([architecture, texts]) => {
      const platform = { os: "linux", architecture };
      const image = ociImage({ layers: await packSketches(texts), platform });
      return { ...image, entry: { platform, annotations: { "org.example.of": architecture } } };
    }),
  );
  const layout = ociLayout(images);
  const old = JSON.parse(String(layout[1]!.content)) as Index;
  const inner = JSON.stringify({
    schemaVersion: 2,
    mediaType: indexType,
    manifests: [...old.manifests, ...more],
    annotations: { "org.example.all": "yes" },
    "org.example.key": [1],
  });
  const annotations = {
    "io.containerd.image.name": "docker.io/library/app:1",
    "org.opencontainers.image.ref.name": "1",
    "org.example.kept": "yes",
  };
  const index = {
    schemaVersion: 2,
    manifests: [{ ...descriptorOf(inner, indexType), annotations }],
    annotations: { "org.example.top": "yes" },
    "org.example.key": [2],
  };
  return [
    layout[0]!,
    { path: "index.json", content: JSON.stringify(index) },
    blobPart(inner),
    ...layout.slice(2),
  ];
}

async function archive(content: readonly Part[]): Promise<string> {
  const path = fresh(".tar");
  await writeFile(path, await tarOf(content));
  return path;
}

async function blob(layout: string, digest: string): Promise<Index> {
  return JSON.parse(await readFile(join(layout, "blobs", digest.replace(":", "/")), "utf8")) as Index;
}

test("all: each platform is rewritten and proved, names and annotations stay, attestations and missing platforms are reported", async () => {
  const absent = {
    ...descriptorOf("never there", "application/vnd.oci.image.manifest.v1+json"),
    platform: { os: "linux", architecture: "s390x" },
  };
  const input = await archive(await parts([absent]));
  const [output, proof] = [fresh(), fresh(".json")];
  const run = await layerlint(["optimize", input, "-o", output, "--platform", "all", "--proof", proof]);
  expect([run.code, run.stderr]).toEqual([0, ""]);
  expect(run.stdout).toMatch(/\(linux\/amd64\) → [\s\S]*proved: [\s\S]*\(linux\/arm64\) → [\s\S]*proved: /);
  expect(run.stdout.replace(/\n/g, " ")).toContain("lists linux/s390x without its content");
  const index = JSON.parse(await readFile(join(output, "index.json"), "utf8")) as Index;
  expect(index).toMatchObject({ annotations: { "org.example.top": "yes" }, "org.example.key": [2] });
  expect(index.manifests).toHaveLength(1);
  expect(index.manifests[0]).toMatchObject({
    mediaType: indexType,
    annotations: {
      "io.containerd.image.name": "docker.io/library/app:1",
      "org.opencontainers.image.ref.name": "1",
      "org.example.kept": "yes",
    },
  });
  const inner = await blob(output, index.manifests[0]!.digest);
  expect(inner).toMatchObject({ annotations: { "org.example.all": "yes" }, "org.example.key": [1] });
  expect(inner.manifests.map(({ platform, annotations }) => ({ platform, annotations }))).toEqual(
    Object.keys(stacks).map((architecture) => ({
      platform: { architecture, os: "linux" },
      annotations: { "org.example.of": architecture },
    })),
  );
  for (const [architecture, last] of [
    ["amd64", "x"],
    ["arm64", "y"],
  ] as const) {
    const image = await openImage(output, { platform: `linux/${architecture}`, verify: true });
    await image.close();
    expect(image.tags).toEqual(["docker.io/library/app:1"]);
    expect(image.layers.map(({ entries }) => entries.map(({ path }) => path).join(" "))).toEqual([
      "base",
      "k",
      last,
    ]);
  }
  const proofs = JSON.parse(await readFile(proof, "utf8")) as {
    images: { platform: string; rootfsDigest: string }[];
  };
  expect(proofs.images.map(({ platform }) => platform)).toEqual(["linux/amd64", "linux/arm64"]);
  expect(proofs.images[0]!.rootfsDigest).not.toBe(proofs.images[1]!.rootfsDigest);
});

test("all, from standard input into an OCI archive, as JSON", async () => {
  const input = await archive(await parts());
  const output = fresh(".tar");
  const run = await layerlint(["optimize", "-", "-o", output, "--platform", "all", "--format", "json"], {
    stdin: [await readFile(input)],
  });
  expect([run.code, run.stderr]).toEqual([0, ""]);
  const report = JSON.parse(run.stdout) as {
    form: string;
    images: { platform: string; layers: { action: string }[]; proof: object }[];
  };
  expect(report.form).toBe("oci-archive");
  expect(report.images.map(({ platform }) => platform)).toEqual(["linux/amd64", "linux/arm64"]);
  for (const { layers } of report.images)
    expect(layers.map(({ action }) => action)).toEqual(["keep", "rewrite", "rewrite"]);
  const { images, incomplete } = await openPlatforms(output, { verify: true });
  await images[0]!.close();
  expect(images).toHaveLength(2);
  expect(incomplete).toEqual([]);
});

test("--platform all of an image with one platform is that platform", async () => {
  const layers = await packSketches(stacks.amd64);
  const input = await archive(ociLayout([{ ...ociImage({ layers }) }]));
  const output = fresh(".tar");
  expect((await layerlint(["optimize", input, "-o", output, "--platform", "all"])).code).toBe(0);
  const image = await openImage(output);
  await image.close();
  expect(image.layers[1]!.entries.map(({ path }) => path)).toEqual(["k"]);
});

test("one platform: the others are not in the output", async () => {
  const input = await archive(await parts());
  const output = fresh();
  const run = await layerlint(["optimize", input, "-o", output, "--platform", "linux/arm64"]);
  expect(run.code).toBe(0);
  const index = JSON.parse(await readFile(join(output, "index.json"), "utf8")) as Index;
  expect(index.manifests.map(({ platform }) => platform)).toEqual([{ architecture: "arm64", os: "linux" }]);
  expect(run.stdout.replace(/\n/g, " ")).toContain(
    "note: the output is for linux/arm64, without linux/amd64 of the same image; --platform all includes them",
  );
});

test.each(["docker-archive", "hybrid"])("a %s holds one platform", async (form) => {
  const input = await archive(await parts());
  const output = fresh(".tar");
  const run = await layerlint(["optimize", input, "-o", output, "--platform", "all", "--to", form]);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain(
    `a ${form} holds one platform only; write several with --to oci or --to oci-archive`,
  );
});

test("a platform whose layer is damaged: no output at all", async () => {
  const content = await parts();
  const [, layer] = await packSketches(stacks.arm64);
  const path = `blobs/sha256/${sha256(layer!)}`;
  const broken = content.map((part) =>
    part.path === path ? { ...part, content: Buffer.from(layer!).fill(7, 2000, 2100) } : part,
  );
  const input = fresh();
  await writeParts(input, broken);
  const output = fresh();
  const run = await layerlint(["optimize", input, "-o", output, "--platform", "all"]);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(/its diff ID is sha256:\w+, but sha256:\w+ was expected; the image is damaged/);
  await expect(readFile(output)).rejects.toThrow(/ENOENT/);
});
