/** The published JSON Schemas of `optimize`, its proof and `compare` describe what they really print. */
import { readFile, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { baseFoundBy } from "../../src/report/base-found-by.ts";
import { refusals } from "../../src/app/rewriting/optimize-facts.ts";
import { dockerArchive, ociImage, ociLayout, tarOf } from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { packSketches } from "../support/sketch.ts";
import { freshPaths, testFolder } from "../support/folder.ts";

const root = join(import.meta.dirname, "../..");
const demo = join(root, "fixtures/demo/image.tar");

interface Schema {
  readonly $defs: Readonly<
    Record<string, { readonly properties: Readonly<Record<string, { enum?: string[] }>> }>
  >;
}
const schemaOf = (name: string) =>
  JSON.parse(readFileSync(join(root, `schema/${name}.schema.json`), "utf8")) as Schema;
const validator = (name: string) => new Ajv2020({ allErrors: true, strict: true }).compile(schemaOf(name));
const [optimize, proof, compare] = [validator("optimize"), validator("proof"), validator("compare")];

const folder = testFolder("schemas");

const fresh = freshPaths(folder);

async function archive(...texts: string[]): Promise<string> {
  const path = fresh(".tar");
  await writeFile(
    path,
    await tarOf(dockerArchive({ layers: (await packSketches(texts)).map(withOddNames) })),
  );
  return path;
}

/** What is called `caf#` gets a name that is not UTF-8, which the packer cannot write. */
function withOddNames(tar: Buffer): Buffer {
  for (let at = tar.indexOf("caf#"); at >= 0; at = tar.indexOf("caf#", at + 512)) {
    tar[at + 3] = 0xe9;
    tar.fill(" ", at + 148, at + 156);
    const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
    tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148);
  }
  return tar;
}

async function platforms(): Promise<string> {
  const images = await Promise.all(
    ["amd64", "arm64"].map(async (architecture) => {
      const platform = { os: "linux", architecture };
      const layers = await packSketches([`${architecture}(9)`, "a(500)", ".wh.a k(1)"]);
      return { ...ociImage({ layers, platform }), entry: { platform } };
    }),
  );
  const path = fresh(".tar");
  await writeFile(path, await tarOf(ociLayout(images)));
  return path;
}

const lists = "var/ var/lib/ var/lib/apt/ var/lib/apt/lists/";
const inputs: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  "the demo": async () => [demo],
  "nothing to do": async () => [await archive("base(9)", "a(1)")],
  "hardlinks, markers, a layer that goes": async () => [
    await archive(
      "d/ d/old(9) x/ x/old(1)",
      "f(90) l≡f[mtime=1600000001] x(5) t(1)",
      ".wh.f .wh.nothing .wh.d d/ d/new(1) x/ x/new(1)",
      ".wh.t",
    ),
  ],
  "a refused layer, with a path that is not UTF-8": async () => [
    await archive("base(9)", 'a(1) "caf#"(1) "caf#"(2)', ".wh.a"),
  ],
  "pruned files": async () => [
    await archive("base(9)", `${lists} var/lib/apt/lists/Packages(900000)`),
    "--prune",
    "caches",
  ],
  "merged layers, one of which may not be": async () => [
    await archive("base(9)", "a(1)", "b(1)", "c(1) c(2)", ".wh.a d(1)", "e(1)"),
    "--squash",
    "1-5",
  ],
  "stored anew": async () => [
    await archive("base(9)", "a(1)", ".wh.a k(1)", "kept(1)"),
    "--recompress",
    "gzip:1",
  ],
  "layers that another image has": async () => {
    const input = await archive("base(9)", "a(1,h)", ".wh.a k(1)");
    return [input, "--with", await archive("base(9)", "a(1,h)")];
  },
  secrets: async () => [await archive("base(9)", '.npmrc("//x/:_authToken=Zx81Qw72Er63Ty54")', ".wh..npmrc")],
  "every platform": async () => [await platforms(), "--platform", "all"],
};

describe("schema/optimize.schema.json and schema/proof.schema.json", () => {
  test.each(Object.entries(inputs))("%s", async (_name, make) => {
    const args = await make();
    const kept = fresh(".json");
    for (const where of [["--dry-run"], ["-o", fresh(), "--proof", kept]]) {
      const { code, stdout, stderr } = await layerlint(["optimize", ...args, ...where, "--format", "json"]);
      expect([code, stderr]).toEqual([0, ""]);
      optimize(JSON.parse(stdout));
      expect(optimize.errors ?? []).toEqual([]);
    }
    proof(JSON.parse(await readFile(kept, "utf8")));
    expect(proof.errors ?? []).toEqual([]);
  });

  test("every action and every kind of reason was among them", async () => {
    const seen = new Set<string>();
    for (const make of Object.values(inputs)) {
      const { stdout } = await layerlint(["optimize", ...(await make()), "--dry-run", "--format", "json"]);
      for (const [, key, value] of stdout.matchAll(
        /"(action|code|sources|notMerged|recompressed|pathBase64|path)": "?(\w*)/g,
      ))
        seen.add(key === "action" || key === "code" ? value! : key!);
    }
    for (const word of [
      "keep",
      "rewrite",
      "remove",
      "merge",
      "base",
      "shared",
      "clean",
      "duplicate-path".split("-")[0]!,
    ])
      expect([...seen]).toContain(word);
    for (const word of ["sources", "recompressed", "pathBase64"]) expect([...seen]).toContain(word);
  });

  test("have the same values as the program", () => {
    const { $defs } = schemaOf("optimize");
    expect($defs["refusal"]!.properties["code"]!.enum!.toSorted()).toEqual(Object.keys(refusals).toSorted());
    expect($defs["image"]!.properties["baseFoundBy"]!.enum!.toSorted()).toEqual(
      Object.keys(baseFoundBy).toSorted(),
    );
  });

  test("refuse what they do not describe", async () => {
    const { stdout } = await layerlint(["optimize", demo, "--dry-run", "--format", "json"]);
    const report = JSON.parse(stdout) as Record<string, unknown> & { images: Record<string, unknown>[] };
    const [image] = report.images;
    const { saved: _, ...less } = image!;
    const [layer] = image!["layers"] as object[];
    expect(optimize({ ...report, images: [image] })).toBe(true);
    expect(optimize({ ...report, images: [less] })).toBe(false);
    expect(optimize({ ...report, images: [{ ...image, more: 1 }] })).toBe(false);
    expect(optimize({ ...report, more: 1 })).toBe(false);
    expect(optimize({ ...report, images: [{ ...image, layers: [{ ...layer, action: "vanish" }] }] })).toBe(
      false,
    );
    expect(optimize({ ...report, images: [] })).toBe(false);
    expect(proof({ schemaVersion: 1, tool: report["tool"] })).toBe(false);
  });
});

describe("schema/compare.schema.json", () => {
  test.each([
    ["equal images", ["base(9)"], ["base(9,h)"], 1],
    ["the same image", ["base(9,h)"], ["base(9,h)"], 0],
    [
      "all kinds of differences",
      [
        'a(1) b(2) c(3,0644) d(4,uid=1) e(5,mtime=1) s→t f(6,xattr.user.k=v) g(7) l≡g dev[char=1:3] "caf#"(1)',
      ],
      ["b(3) c(3,0600) d(4,uid=2) e(5,mtime=2) s→u f(6) g(7) l(7) dev[char=1:4] a/ new(1)"],
      1,
    ],
  ] as const)("%s", async (_name, one, other, status) => {
    const [before, after] = [await archive(...one), await archive(...other)];
    const { code, stdout } = await layerlint(["compare", before, after, "--format", "json"]);
    expect(code).toBe(status);
    compare(JSON.parse(stdout));
    expect(compare.errors ?? []).toEqual([]);
  });

  test("configurations that differ", async () => {
    const { stdout } = await layerlint(["compare", demo, await archive("base(9)"), "--format", "json"]);
    const comparison = JSON.parse(stdout) as { config: unknown[] };
    expect(comparison.config.length).toBeGreaterThan(3);
    compare(comparison);
    expect(compare.errors ?? []).toEqual([]);
    expect(compare({ ...comparison, equal: "no" })).toBe(false);
    expect(compare({ ...comparison, more: 1 })).toBe(false);
  });
});

test("the package exports each schema", () => {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, string>;
  };
  for (const name of ["report", "config", "optimize", "proof", "compare"])
    expect(exports[`./${name}.schema.json`]).toBe(`./schema/${name}.schema.json`);
});
