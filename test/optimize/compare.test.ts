/** `layerlint compare` on archives: what it tells apart, and what it lets pass. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import {
  blobPart,
  descriptorOf,
  dockerArchive,
  ociImage,
  ociLayout,
  sha256,
  sketchArchive,
  tarOf,
  writeParts,
} from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { freshPaths, testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

const folder = testFolder("compare");

const fresh = freshPaths(folder);
async function archive(texts: readonly string[], more: object = {}): Promise<string> {
  const path = fresh(".tar");
  await writeFile(path, await sketchArchive(texts, more));
  return path;
}

async function differences(before: readonly string[], after: readonly string[], ...options: string[]) {
  const names = [await archive(before), await archive(after)] as const;
  const outcome = await layerlint(["compare", ...names, "--format", "json", ...options]);
  expect(outcome.stderr).toBe("");
  const report = JSON.parse(outcome.stdout) as {
    equal: boolean;
    differences: { path: string; aspects: string[] }[];
    rootfsDigests: string[];
    config: { path: string }[];
  };
  expect(outcome.code).toBe(report.equal ? 0 : 1);
  if (options.length === 0)
    expect(report.rootfsDigests[0] === report.rootfsDigests[1]).toBe(report.differences.length === 0);
  return [
    ...report.differences.map(({ path, aspects }) => `${aspects.join(",")} ${path}`),
    ...report.config.filter(({ path }) => !path.startsWith("history")).map(({ path }) => path),
  ];
}

/** An image whose last layer nobody can read. */
async function encrypted(text: string): Promise<string> {
  const layers = await packSketches(["a(1)", text]);
  const { blobs } = ociImage({ layers: [layers[0]!, Buffer.from(`secret ${text}`)] });
  // both claim the same diff IDs, as images would whose content is said to be the same
  const config = JSON.stringify({
    os: "linux",
    architecture: "amd64",
    config: {},
    rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layers[0]!)}`, `sha256:${"2".repeat(64)}`] },
  });
  const old = JSON.parse(String(blobs.at(-1)!.content)) as { layers: { mediaType: string }[] };
  const [first, second] = old.layers;
  const manifest = JSON.stringify({
    ...old,
    config: descriptorOf(config, "application/vnd.oci.image.config.v1+json"),
    layers: [first, { ...second, mediaType: `${second!.mediaType}+encrypted` }],
  });
  const path = fresh(".tar");
  const type = "application/vnd.oci.image.manifest.v1+json";
  const image = {
    manifest: descriptorOf(manifest, type),
    blobs: [...blobs.slice(0, 2), blobPart(config), blobPart(manifest)],
  };
  await writeFile(path, await tarOf(ociLayout([image])));
  return path;
}

test("layers that cannot be read are compared by digest, and never assumed to be equal", async () => {
  const [one, same, other] = [await encrypted("b(1)"), await encrypted("b(1)"), await encrypted("b(2)")];
  expect(await layerlint(["compare", one, same])).toMatchObject({ code: 0, stderr: "" });
  const outcome = await layerlint(["compare", one, other]);
  expect([outcome.code, outcome.stderr]).toEqual([1, ""]);
  expect(outcome.stdout).toContain("layers that cannot be read");
});

test.each([
  ["content of the same size", ["f(9,x)"], ["f(9,y)"], ["content f"]],
  ["content of another size", ["f(9,x)"], ["f(8,x)"], ["content f"]],
  ["added and removed", ["a(1,x)"], ["b(1,x)"], ["removed a", "added b"]],
  ["mode and owner", ["a(1,x) d/"], ["a(1,x,0600) d/[uid=5]"], ["mode a", "owner d"]],
  [
    "time, also its fraction",
    ["a(1,x,mtime=7) b(1,y,mtime=7)"],
    ["a(1,x,mtime=8) b(1,y,mtime=7.5)"],
    ["time a", "time b"],
  ],
  ["xattr", ["a(1,x,xattr.user.k=v)"], ["a(1,x,xattr.user.k=w)"], ["xattr a"]],
  ["kind", ["a(1,x)"], ["a/"], ["kind a"]],
  ["target of a symlink", ["a→b"], ["a→c"], ["target a"]],
  ["device", ["a[char=1:3]"], ["a[char=1:5]"], ["device a"]],
  ["hardlinks that are two files", ["a(1,x) b≡a[mtime=1600000000]"], ["a(1,x) b(1,x)"], ["links b"]],
  ["a directory that nothing describes", ["d/ d/f(1,x)"], ["d/f(1,x)"], ["kind d"]],
] as const)("%s", async (_name, before, after, expected) => {
  expect(await differences(before, after, "--ignore", "config")).toEqual(expected);
});

test("the same files in different layers are the same image", async () => {
  expect(
    await differences(
      ["a/ a/f(9,x) a/g(9,y)", "a/[mtime=1600000000] a/.wh.g b(5,z)"],
      ["a/ a/f(9,x) b(5,z)"],
      "--ignore",
      "config",
    ),
  ).toEqual([]);
});

test("a large file in a compressed layer with several names is hashed once, from its beginning", async () => {
  const compress = (layer: Buffer) => gzipSync(layer);
  const before = await archive(["x(9,h) f(3MB,x) g≡f h(2MB,y) i≡h j≡f"]);
  const after = await archive(["f(3MB,x) g≡f h(2MB,y) i≡h j≡f", "x(9,h)"], { compress });
  for (const pair of [
    [before, after],
    [after, before],
  ] as const) {
    const { stdout, code } = await layerlint(["compare", ...pair, "--ignore", "config"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("No difference that a container could see")]);
  }
});

test("--ignore leaves out aspects, places and paths, and nothing else", async () => {
  const before = ["a(1,x) var/ var/log/ var/log/l(1,x) opt/ opt/a/ opt/a/f(1,x) opt/ab(1,x)"];
  const after = ["a(1,y,mtime=5) var/ var/log/ var/log/l(1,y) opt/ opt/a/ opt/a/f(1,y) opt/ab(1,y)"];
  const all = ["content,time a", "content opt/a/f", "content opt/ab", "content var/log/l"];
  expect(await differences(before, after, "--ignore", "config")).toEqual(all);
  expect(await differences(before, after, "--ignore", "config,time,logs,/opt/a")).toEqual([
    "content a",
    "content opt/ab",
  ]);
  const { code, stderr } = await layerlint(["compare", "x", "y", "--ignore", "everything"]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^layerlint: --ignore everything: write time, /)]);
});

test("configurations are compared, except for diff IDs and empty_layer", async () => {
  const history = [{ created_by: "a" }, { created_by: "b" }];
  const empty = [{ created_by: "a" }, { created_by: "b", empty_layer: true }];
  const one = await archive(["f(1,x)", "g(1,x)"], { history });
  const two = await archive(["f(1,x) g(1,x)"], { history: empty });
  expect((await layerlint(["compare", one, two])).stdout).toContain(
    "No difference that a container could see",
  );
  const three = await archive(["f(1,x) g(1,x)"], { history: [{ created_by: "a" }, { created_by: "TOKEN" }] });
  const { code, stdout } = await layerlint(["compare", one, three]);
  expect(code).toBe(0);
  expect(stdout).toContain('Not seen by a container:\n  history[1].created_by: "b" → "TOKEN"');
  const four = await archive(["f(1,x) g(1,x)"], {
    history,
    platform: { os: "linux", architecture: "arm64" },
  });
  const other = await layerlint(["compare", one, four]);
  expect(other.code).toBe(1);
  expect(other.stdout).toContain('architecture: "amd64" → "arm64"');
  expect(other.stdout).toContain("0 names of the root file system and 1 value of the configuration differ");
});

describe("two builds of one Dockerfile", () => {
  /** What the classic builder writes down about a build. */
  const built = (id: string, at: string, rest: object = {}) => ({
    created: `2026-01-01T00:00:${at}Z`,
    container: id.repeat(64),
    docker_version: `28.${at}`,
    container_config: { Hostname: id.repeat(12), Cmd: ["/bin/sh", "-c", `#(nop) ${id}`] },
    config: { Hostname: id.repeat(12), Image: `sha256:${id.repeat(64)}`, Cmd: ["sh"], ...rest },
    history: [
      { created: `2026-01-01T00:00:${at}Z`, created_by: `|1 BUILD=${id} /bin/sh -c make` },
      ...(id === "b" ? [{ created_by: "LABEL x", empty_layer: true }] : []),
    ],
  });
  const first = built("a", "01");

  async function compared(before: object, after: object, ...options: string[]) {
    const paths = [fresh(".tar"), fresh(".tar")] as const;
    for (const [i, rest] of [before, after].entries()) {
      const [layer] = await packSketches(["f(1,x)"]);
      const config = JSON.stringify({
        os: "linux",
        architecture: "amd64",
        rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layer!)}`] },
        ...rest,
      });
      const manifest = [{ Config: `${sha256(config)}.json`, RepoTags: null, Layers: ["l.tar"] }];
      await writeFile(
        paths[i]!,
        await tarOf([
          { path: "l.tar", content: layer! },
          { path: `${sha256(config)}.json`, content: config },
          { path: "manifest.json", content: JSON.stringify(manifest) },
        ]),
      );
    }
    const { code, stdout } = await layerlint(["compare", ...paths, "--format", "json", ...options]);
    const report = JSON.parse(stdout) as Record<"config" | "unseen", { path: string }[]>;
    const pathsOf = (list: { path: string }[]) => list.map(({ path }) => path);
    return { code, config: pathsOf(report.config), unseen: pathsOf(report.unseen) };
  }

  test("are equal where only what no container sees differs", async () => {
    const { code, config, unseen } = await compared(first, built("b", "02"));
    expect([code, config]).toEqual([0, []]);
    expect(unseen).toEqual([
      "created",
      "container",
      "docker_version",
      "container_config.Hostname",
      "container_config.Cmd",
      "config.Hostname",
      "config.Image",
      "history[0].created",
      "history[0].created_by",
      "history[1]",
    ]);
  });

  test("are listed without times, or not at all, with --ignore", async () => {
    const { code, unseen } = await compared(first, built("b", "02"), "--ignore", "time");
    expect([code, unseen.filter((path) => path.endsWith("created"))]).toEqual([0, []]);
    expect((await compared(first, built("b", "02"), "--ignore", "config")).unseen).toEqual([]);
  });

  test("differ where a container does see it", async () => {
    expect(await compared(first, built("b", "02", { Cmd: ["bash"] }))).toMatchObject({
      code: 1,
      config: ["config.Cmd"],
    });
    expect(await compared(first, built("a", "01", { Hostname: "database" }))).toMatchObject({
      code: 1,
      config: ["config.Hostname"],
    });
  });
});

test("sparse files with the same data at different offsets differ", async () => {
  const withMap = async (map: string) => {
    const layer = pack();
    const pax = { "GNU.sparse.name": "f", "GNU.sparse.size": "4096", "GNU.sparse.map": map };
    layer.entry({ name: "x", mtime: new Date(0), pax }, "data");
    layer.finalize();
    const path = fresh(".tar");
    await writeFile(path, await tarOf(dockerArchive({ layers: [await buffer(layer)] })));
    return path;
  };
  const [one, same, other] = [await withMap("0,4"), await withMap("0,4"), await withMap("512,4")];
  expect((await layerlint(["compare", one, same])).code).toBe(0);
  const { code, stdout } = await layerlint(["compare", one, other]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/content\s+\/?f/);
});

test("one of the two may come from a pipe, compressed or not", async () => {
  const path = await archive(["a(1,x)"]);
  const bytes = gzipSync(await sketchArchive(["a(1,x)"]));
  expect((await layerlint(["compare", path, "-"], { stdin: [bytes] })).code).toBe(0);
  const both = await layerlint(["compare", "-", "-"]);
  expect([both.code, both.stderr]).toEqual([
    2,
    "layerlint: - -: only one of the two images can come from standard input\n",
  ]);
});

test("two images of one archive", async () => {
  const path = fresh();
  const images = await Promise.all(
    ["one", "two"].map(async (tag) => ({
      ...ociImage({ layers: await packSketches([`a(1,${tag})`]) }),
      entry: { annotations: { "org.opencontainers.image.ref.name": tag } },
    })),
  );
  await writeParts(path, ociLayout(images));
  const compared = (...tags: string[]) =>
    layerlint(["compare", path, path, ...tags.flatMap((tag) => ["--tag", tag])]);
  expect((await compared("one")).code).toBe(0);
  const { code, stdout } = await compared("one", "two");
  expect(code).toBe(1);
  expect(stdout).toContain(`${path} (one)`);
  expect(stdout).toContain(`${path} (two)`);
  expect(await compared("one", "two", "one")).toMatchObject({ code: 2, stdout: "" });
  expect((await compared()).stderr).toContain("holds 2 images; choose one with --tag: one, two");
});

test("an image that cannot be read is trouble, not a difference", async () => {
  const path = await archive(["a(1,x)"]);
  const { code, stdout, stderr } = await layerlint(["compare", path, join(folder, "none.tar")]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/none\.tar: no such file or folder\n$/);
});
