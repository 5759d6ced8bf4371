/** `layerlint optimize` from end to end: every form in, every form out, read again by our own reader. */
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import type { OpenedImage } from "../../src/image/image.ts";
import { openImage } from "../../src/image/open.ts";
import {
  dockerArchive,
  ociImage,
  ociLayout,
  sha256,
  sketchArchive,
  tarOf,
  writeParts,
  zstdFrame,
  type Part,
} from "../support/archive.ts";
import { layerlint, onlyImage } from "../support/command.ts";
import { freshPaths, testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

const folder = testFolder("outputs");

const fresh = freshPaths(folder);

const stack = ["etc/ etc/base(100)", "big(90000) keep(700) l≡big[mtime=1600000001]", ".wh.big", "x(5)"];
const history = [
  { created_by: "base" },
  { created_by: "ENV A=b", empty_layer: true },
  { created_by: "RUN make" },
  { created_by: "RUN rm" },
  { created_by: "COPY x" },
];

/** A docker-archive that is an OCI archive as well, as Docker writes them since version 25. */
function hybrid(parts: readonly Part[], tag: string): Part[] {
  const index = JSON.parse(String(parts.find(({ path }) => path === "index.json")!.content)) as {
    manifests: { digest: string }[];
  };
  const manifestPath = `blobs/${index.manifests[0]!.digest.replace(":", "/")}`;
  const manifest = JSON.parse(String(parts.find(({ path }) => path === manifestPath)!.content)) as {
    config: { digest: string };
    layers: { digest: string }[];
  };
  const path = (digest: string) => `blobs/${digest.replace(":", "/")}`;
  return [
    ...parts,
    {
      path: "manifest.json",
      content: JSON.stringify([
        {
          Config: path(manifest.config.digest),
          RepoTags: [tag],
          Layers: manifest.layers.map(({ digest }) => path(digest)),
        },
      ]),
    },
  ];
}

async function inputs(compress?: (layer: Buffer) => Buffer): Promise<Record<string, string>> {
  const layers = await packSketches(stack);
  const image = { layers, history, ...(compress === undefined ? {} : { compress }) };
  const names = {
    "io.containerd.image.name": "docker.io/library/app:1",
    "org.opencontainers.image.ref.name": "1",
    "org.example.kept": "yes",
  };
  const oci = ociLayout([{ ...ociImage(image), entry: { annotations: names } }]);
  const paths = {
    "docker-archive": fresh(".tar"),
    "oci-archive": fresh(".tar"),
    hybrid: fresh(".tar"),
    oci: fresh(),
  };
  await writeFile(paths["docker-archive"], await tarOf(dockerArchive(image)));
  await writeFile(paths["oci-archive"], await tarOf(oci));
  await writeFile(paths.hybrid, await tarOf(hybrid(oci, "app:1")));
  await writeParts(paths.oci, oci);
  return paths;
}

const forms = ["docker-archive", "oci-archive", "hybrid", "oci"] as const;

async function opened<T>(path: string, work: (image: OpenedImage) => T): Promise<T> {
  const image = await openImage(path, { verify: true });
  try {
    return work(image);
  } finally {
    await image.close();
  }
}

describe.each([
  ["plain", undefined, "none"],
  ["gzip", gzipSync, "gzip"],
] as const)("%s layers", (_name, compress, compression) => {
  let paths: Record<string, string>;
  beforeAll(async () => {
    paths = await inputs(compress);
  });

  test.each(forms.flatMap((from) => forms.map((to) => [from, to] as const)))("%s to %s", async (from, to) => {
    const output = fresh(to === "oci" ? "" : ".tar");
    const outcome = await layerlint(["optimize", paths[from]!, "-o", output, "--to", to]);
    expect([outcome.code, outcome.stderr]).toEqual([0, ""]);
    expect(outcome.stdout).toContain("proved: all 6 names a container sees are the same");
    await opened(output, (image) => {
      expect(image.source.form).toBe(to);
      expect(image.tags).toEqual(
        ["docker.io/library/app:1"].map((tag) =>
          to === "docker-archive" || to === "hybrid" ? "app:1" : tag,
        ),
      );
      expect(image.layers.map((layer) => layer.entries.map(({ path }) => path).join(" "))).toEqual([
        "etc etc/base",
        "keep l",
        "x",
      ]);
      expect(image.layers.map((layer) => layer.compression)).toEqual([compression, compression, compression]);
      expect(image.config.history?.map(({ createdBy, emptyLayer }) => `${createdBy} ${emptyLayer}`)).toEqual([
        "base false",
        "ENV A=b true",
        "RUN make false",
        "RUN rm true",
        "COPY x false",
      ]);
    });
    expect((await layerlint(["compare", paths[from]!, output])).code).toBe(0);
    await opened(paths[from]!, (before) =>
      opened(output, (after) => {
        expect(after.layers[0]!.diffId).toBe(before.layers[0]!.diffId);
        expect(after.layers[0]!.compressedBytes).toBe(before.layers[0]!.compressedBytes);
      }),
    );
  });

  test.each(forms)("%s: the same output every time, and nothing to do the second time", async (form) => {
    const suffix = form === "oci" ? "" : ".tar";
    const [one, two, three] = [fresh(suffix), fresh(suffix), fresh(suffix)];
    await layerlint(["optimize", paths[form]!, "-o", one]);
    await layerlint(["optimize", paths[form]!, "-o", two]);
    expect(await filesOf(one)).toEqual(await filesOf(two));
    const again = await layerlint(["optimize", one, "-o", three]);
    expect(again.stdout).toMatch(/\nnow .*, as before\n/);
    expect(await filesOf(three)).toEqual(await filesOf(one));
  });
});

/** Everything in a folder, or one file, by path. */
async function filesOf(path: string): Promise<Record<string, string>> {
  if ((await stat(path)).isFile()) return { "": sha256(await readFile(path)) };
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
  const pairs = await Promise.all(
    files.map(async (file) => [file.slice(path.length), sha256(await readFile(file))] as const),
  );
  return Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

test("the form of the output: --to, then the name, then the input", async () => {
  const paths = await inputs();
  const formFor = async (from: string, output: string, ...more: string[]) => {
    expect((await layerlint(["optimize", paths[from]!, "-o", output, ...more])).code).toBe(0);
    return opened(output, (image) => image.source.form);
  };
  expect(await formFor("hybrid", fresh(".tar"))).toBe("hybrid");
  expect(await formFor("oci", fresh(".tar"))).toBe("oci-archive");
  expect(await formFor("docker-archive", fresh())).toBe("oci");
  expect(await formFor("docker-archive", fresh(), "--to", "hybrid")).toBe("hybrid");
});

test("several names of one image are all kept, and a short one appears once", async () => {
  const input = fresh(".tar");
  const parts = dockerArchive({ layers: await packSketches(["a(1)"]) });
  const names = ["app:1", "example.org/app:1", "app:2"];
  const renamed = parts.map((part) =>
    part.path === "manifest.json"
      ? { ...part, content: String(part.content).replace('["app:1"]', JSON.stringify(names)) }
      : part,
  );
  await writeFile(input, await tarOf(renamed));
  const output = fresh();
  await layerlint(["optimize", input, "-o", output]);
  const index = JSON.parse(await readFile(join(output, "index.json"), "utf8")) as {
    manifests: { annotations: Record<string, string> }[];
  };
  expect(index.manifests.map(({ annotations }) => Object.values(annotations))).toEqual([
    ["docker.io/library/app:1", "1"],
    ["example.org/app:1"],
    ["docker.io/library/app:2", "2"],
  ]);
  const back = fresh(".tar");
  await layerlint(["optimize", output, "-o", back, "--to", "docker-archive"]);
  expect(await opened(back, ({ tags }) => tags)).toEqual(names);
});

test("an empty output folder is filled, or replaced by an archive", async () => {
  const paths = await inputs();
  const [layout, archive] = [fresh(), fresh(".tar")];
  await mkdir(layout);
  await mkdir(archive);
  expect((await layerlint(["optimize", paths["oci"]!, "-o", layout])).code).toBe(0);
  expect((await layerlint(["optimize", paths["oci"]!, "-o", archive])).code).toBe(0);
  expect((await stat(archive)).isFile()).toBe(true);
});

test("unchanged blobs of a layout are linked, and an unchanged image keeps its annotations and manifest", async () => {
  const layers = await packSketches(["a(1)", "b(1)"]);
  const input = fresh();
  await writeParts(
    input,
    ociLayout([
      {
        ...ociImage({ layers }),
        entry: { annotations: { "org.example.kept": "yes", "org.opencontainers.image.ref.name": "v1" } },
      },
    ]),
  );
  const output = fresh();
  expect((await layerlint(["optimize", input, "-o", output])).code).toBe(0);
  const [before, after] = [await opened(input, (image) => image), await opened(output, (image) => image)];
  expect(after.digest).toBe(before.digest);
  expect(after.annotations).toEqual({ "org.example.kept": "yes", "org.opencontainers.image.ref.name": "v1" });
  const blob = (path: string) => stat(join(path, "blobs", before.layers[0]!.digest!.replace(":", "/")));
  expect((await blob(output)).ino).toBe((await blob(input)).ino);
});

test("the configuration keeps unknown keys, their order and how numbers are written", async () => {
  const image = dockerArchive({ layers: await packSketches(stack), history });
  const config = image.find(({ path }) => /^[0-9a-f]{64}\.json$/.test(path))!;
  const odd = String(config.content)
    .replace('{"os"', '{ "zebra": 1.50, "os"')
    .replace('"config":{}', '"config":{"big":12345678901234567890,"é":"\\u00e9"} ,\n "x":[ ]');
  const input = fresh(".tar");
  await writeFile(
    input,
    await tarOf(image.map((part) => (part === config ? { ...part, content: odd } : part))),
  );
  const output = fresh(".tar");
  expect((await layerlint(["optimize", input, "-o", output])).code).toBe(0);
  const text = await opened(output, ({ source }) => source.configBytes.toString());
  const strip = (json: string) =>
    json.replace(/"diff_ids":\[[^\]]*\]/, "").replace('"RUN rm","empty_layer":true', '"RUN rm"');
  expect(strip(text)).toBe(strip(odd));
  expect(text).not.toBe(odd);
});

test.each([
  ["a pipe", (bytes: Buffer) => bytes],
  ["a compressed pipe", (bytes: Buffer) => gzipSync(bytes)],
] as const)("from %s, which is kept aside while it is rewritten", async (_name, wrap) => {
  const paths = await inputs();
  const bytes = wrap(await readFile(paths["docker-archive"]!));
  const output = fresh(".tar");
  const outcome = await layerlint(["optimize", "-", "-o", output], { stdin: [bytes] });
  expect([outcome.code, outcome.stderr]).toEqual([0, ""]);
  expect((await layerlint(["compare", paths["docker-archive"]!, output])).code).toBe(0);
  expect((await layerlint(["optimize", "-", "--dry-run"], { stdin: [bytes] })).stdout).toContain(
    "(nothing is written)",
  );
});

test("from an archive that is compressed as a whole", async () => {
  const paths = await inputs();
  const input = fresh(".tar.gz");
  await writeFile(input, gzipSync(await readFile(paths["docker-archive"]!)));
  const output = fresh(".tar");
  expect((await layerlint(["optimize", input, "-o", output])).code).toBe(0);
  expect((await layerlint(["compare", paths["docker-archive"]!, output])).code).toBe(0);
});

test("kept zstd layers are copied; a changed one needs a Node.js that writes zstd", async () => {
  const make = async (texts: readonly string[]) => {
    const input = fresh(".tar");
    await writeFile(
      input,
      await tarOf(ociLayout([ociImage({ layers: await packSketches(texts), compress: zstdFrame })])),
    );
    return input;
  };
  const output = fresh(".tar");
  expect((await layerlint(["optimize", await make(["a(1)", "b(1)"]), "-o", output])).code).toBe(0);
  expect(await opened(output, ({ layers }) => layers.map(({ compression }) => compression))).toEqual([
    "zstd",
    "zstd",
  ]);
  const changed = fresh(".tar");
  const outcome = await layerlint(["optimize", await make(["a(1)", "b(9) c(1)", ".wh.b"]), "-o", changed]);
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 15)) {
    expect(outcome.code).toBe(0);
    expect(await opened(changed, ({ layers }) => layers[1]!.compression)).toBe("zstd");
  } else {
    expect([outcome.code, outcome.stderr]).toEqual([
      2,
      expect.stringMatching(
        /its layers are stored as zstd, and those can only be written with Node\.js 22\.15/,
      ),
    ]);
    await expect(stat(changed)).rejects.toThrow();
  }
});

test("--dry-run predicts the tar bytes of each layer exactly", async () => {
  const paths = await inputs();
  const json = async (...args: string[]) =>
    onlyImage(
      (await layerlint(["optimize", paths["docker-archive"]!, "--format", "json", ...args])).stdout,
    ) as {
      layers: { action: string; after: { tarBytes: number; storedBytes: number } | null }[];
      proof: unknown;
    };
  const predicted = await json("--dry-run");
  const done = await json("-o", fresh(".tar"));
  const sizes = (result: typeof done) =>
    result.layers.map(({ action, after }) => [action, after?.tarBytes, after?.storedBytes]);
  expect(sizes(predicted)).toEqual(sizes(done));
  expect(predicted.proof).toBeNull();
});

test("--proof writes the proof to a file", async () => {
  const paths = await inputs();
  const [output, proof] = [fresh(".tar"), fresh(".json")];
  await layerlint(["optimize", paths["oci"]!, "-o", output, "--proof", proof]);
  expect(onlyImage(await readFile(proof, "utf8"))).toMatchObject({
    platform: "linux/amd64",
    rootfsDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    names: 6,
    baseDiffIds: [await opened(output, ({ layers }) => layers[0]!.diffId)],
  });
});

test("a proof that cannot be written: no output either", async () => {
  const paths = await inputs();
  const output = fresh(".tar");
  const proof = join(folder, "no such folder", "proof.json");
  const run = await layerlint(["optimize", paths["oci"]!, "-o", output, "--proof", proof]);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(/^layerlint: .*proof\.json: its folder does not exist; make it first\n$/);
  await expect(stat(output)).rejects.toThrow(/ENOENT/);
  expect((await readdir(folder)).filter((name) => name.includes(".layerlint-"))).toEqual([]);
});

test("--proof refuses an existing file, and any part of the input or the output", async () => {
  const paths = await inputs();
  const other = fresh(".tar");
  await writeFile(other, await readFile(paths["docker-archive"]!));
  const output = fresh(".tar");
  const before = await readFile(paths["docker-archive"]!);
  const refused = async (input: string, proof: string, ...more: string[]) => {
    const run = await layerlint(["optimize", input, "-o", output, "--proof", proof, ...more]);
    expect(run.code).toBe(2);
    await expect(stat(output)).rejects.toThrow(/ENOENT/);
    return run.stderr;
  };
  const archive = paths["docker-archive"]!;
  expect(await refused(archive, archive)).toContain(
    "exists already; remove it, or give the proof another name",
  );
  expect(await refused(archive, other, "--with", other)).toContain("exists already");
  expect(await refused(archive, folder)).toContain("exists already");
  expect(await refused(archive, output)).toContain("is the output itself, or in it");
  expect(await refused(paths["oci"]!, join(paths["oci"]!, "proof.json"))).toContain("lies inside the input");
  expect((await readFile(archive)).equals(before)).toBe(true);
  expect((await readFile(other)).equals(before)).toBe(true);
});

test.each([
  ["-", "-o -: an image is written to a file or folder"],
  ["x.tar.gz", "x.tar.gz: only the layers of the output are compressed"],
  ["x.tgz", "x.tgz: only the layers of the output are compressed"],
])("-o %s", async (output, message) => {
  const paths = await inputs();
  const run = await layerlint(["optimize", paths["oci"]!, "-o", output]);
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(message)]);
});

test("--base sets how many layers stay: none, more than found, or those of an image", async () => {
  const paths = await inputs();
  const actions = async (...args: string[]) => {
    const { stdout } = await layerlint([
      "optimize",
      paths["docker-archive"]!,
      "--dry-run",
      "--format",
      "json",
      ...args,
    ]);
    return (onlyImage(stdout) as { layers: { action: string; why?: { code: string } }[] }).layers.map(
      ({ action, why }) => why?.code ?? action,
    );
  };
  expect(await actions()).toEqual(["base", "rewrite", "remove", "clean"]);
  expect(await actions("--base", "0")).toEqual(["clean", "rewrite", "remove", "clean"]);
  expect(await actions("--base", "2")).toEqual(["base", "base", "clean", "clean"]);
  const base = fresh(".tar");
  await writeFile(base, await tarOf(dockerArchive({ layers: (await packSketches(stack)).slice(0, 2) })));
  expect(await actions("--base", base)).toEqual(["base", "base", "clean", "clean"]);
});

test("an image under two names: each name keeps the annotations of its entry", async () => {
  const input = fresh();
  const image = ociImage({ layers: await packSketches(stack) });
  const entries = ["v1", "v2"].map((tag) => ({
    ...image,
    entry: {
      annotations: { "org.opencontainers.image.ref.name": tag, of: tag, old: `sha256:${"1".repeat(64)}` },
      artifactType: `application/x.${tag}`,
      platform: { os: "linux", architecture: "amd64", features: ["sse4"] },
      data: "bm8=",
    },
  }));
  await writeParts(input, ociLayout(entries));
  const output = fresh();
  expect((await layerlint(["optimize", input, "-o", output])).code).toBe(0);
  const { manifests } = JSON.parse(await readFile(join(output, "index.json"), "utf8")) as {
    manifests: Record<string, unknown>[];
  };
  expect(manifests.map(({ mediaType: _t, digest: _d, size: _s, ...rest }) => rest)).toEqual(
    ["v1", "v2"].map((tag) => ({
      annotations: { "org.opencontainers.image.ref.name": tag, of: tag },
      artifactType: `application/x.${tag}`,
      platform: { os: "linux", architecture: "amd64", features: ["sse4"] },
    })),
  );
});

test("a proof inside the output, given by another name of its folder, is refused before anything is written", async () => {
  const paths = await inputs();
  const [real, link] = [fresh(), fresh()];
  await mkdir(real);
  await symlink(real, link);
  const proof = join(link, "proof.json");
  const done = await layerlint(["optimize", paths["oci"]!, "-o", real, "--proof", proof]);
  expect([done.code, done.stderr]).toEqual([
    2,
    `layerlint: ${proof}: is the output itself, or in it; give the proof another name\n`,
  ]);
  expect(await readdir(real)).toEqual([]);
});

test("a name of the greatest length that the file system takes", async () => {
  const paths = await inputs();
  const output = join(folder, `${"x".repeat(250)}.tar`);
  expect(await layerlint(["optimize", paths["docker-archive"]!, "-o", output])).toMatchObject({
    code: 0,
    stderr: "",
  });
  expect((await stat(output)).isFile()).toBe(true);
});

test("the report says how many dead bytes a doubtful base layer keeps", async () => {
  const input = fresh(".tar");
  const layers = await packSketches(["a(9000) b(50) c(70) d≡c", "k(1)", ".wh.a .wh.c"]);
  await writeFile(input, await tarOf(dockerArchive({ layers })));
  const noteOf = async (...args: string[]) => {
    const { stdout } = await layerlint(["optimize", input, "--dry-run", "--format", "json", ...args]);
    return (onlyImage(stdout) as { notices: string[] }).notices;
  };
  expect(await noteOf()).toEqual([
    "layer 0 is kept although no container sees 9.0 kB of it, because it may be a base that other images share; if it is not, --base 0 rewrites it too",
  ]);
  expect(await noteOf("--base", "1")).toEqual([]);
  expect(await noteOf("--base", "0")).toEqual([]);
});

test("a Dockerfile beside the image sets the base", async () => {
  const dockerfile = fresh();
  await writeFile(dockerfile, "FROM base\nENV A=b\nRUN make\nRUN rm\nCOPY x /\n");
  const input = fresh(".tar");
  const built = [
    { created_by: "/bin/sh -c #(nop) ADD file:1 in / " },
    { created_by: "ENV A=b", empty_layer: true },
    { created_by: "RUN /bin/sh -c make # buildkit" },
    { created_by: "RUN /bin/sh -c rm # buildkit" },
    { created_by: "COPY x / # buildkit" },
  ];
  await writeFile(input, await sketchArchive(stack, { history: built }));
  const { stdout, code } = await layerlint(["optimize", input, dockerfile, "--dry-run", "--format", "json"]);
  expect(code).toBe(0);
  expect((onlyImage(stdout) as { baseLayers: number }).baseLayers).toBe(1);
});

test.each(forms)(
  "a layer that docker save wrote as a link to the same one below is a layer of its own in %s",
  async (to) => {
    const layers = await packSketches([
      "x(9)",
      "a/[mtime=5] a/f(100,h) .wh.x(0,mtime=5)",
      "k(1)",
      "a/[mtime=5] a/f(100,h) .wh.x(0,mtime=5)",
    ]);
    const archive = dockerArchive({ layers, linked: true });
    expect(archive.filter(({ link }) => link !== undefined)).toHaveLength(1);
    const [input, output] = [fresh(".tar"), fresh(to === "oci" ? "" : ".tar")];
    await writeFile(input, await tarOf(archive));
    const { code, stderr } = await layerlint(["optimize", input, "-o", output, "--to", to]);
    expect([code, stderr]).toEqual([0, ""]);
    await opened(output, (image) => {
      expect(image.layers.map(({ entries }) => entries.map(({ path }) => path).join(" "))).toEqual([
        "x",
        "a .wh.x",
        "k",
        "a a/f",
      ]);
    });
  },
);

test("the report warns that podman load rejects an OCI archive with several names", async () => {
  const layers = await packSketches(["f(9)"]);
  const [input, one, several] = [fresh(".tar"), fresh(".tar"), fresh(".tar")];
  const parts = dockerArchive({ layers });
  const manifest = parts.at(-1)!;
  const content = String(manifest.content).replace('["app:1"]', '["app:1","app:latest"]');
  await writeFile(input, await tarOf([...parts.slice(0, -1), { ...manifest, content }]));
  const noteOf = async (output: string, to: string) => {
    const { stdout } = await layerlint(["optimize", input, "-o", output, "--to", to]);
    return /note: .*/.exec(stdout)?.[0];
  };
  expect(await noteOf(several, "oci-archive")).toMatch(/^note: an OCI archive with 2 names needs a tool/);
  expect(await noteOf(one, "hybrid")).toBeUndefined();
});
