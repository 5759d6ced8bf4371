/** The functions that the package exports do what the command does, and resolve to what it prints as JSON. */
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import {
  compare,
  defineRule,
  fix,
  inspect,
  lint,
  openImage,
  optimize,
  parseDockerfile,
  UserError,
  type LintOptions,
  type Progress,
} from "../../src/index.ts";
import { sketchArchive } from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";

const root = join(import.meta.dirname, "../..");
const demo = ["Dockerfile", "image.tar"].map((name) => join(root, "fixtures/demo", name));
const [dockerfile, image] = demo as [string, string];
const folder = testFolder("library");

const waste =
  "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends make\nUSER app\n";
const fixed = waste.replace(" make", " make && rm -rf /var/lib/apt/lists/*");

async function newFolder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const path = await mkdtemp(join(folder, "case-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(path, name, ".."), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return path;
}

async function printed(...argv: string[]): Promise<unknown> {
  const { stdout } = await layerlint([...argv, "--format", "json"]);
  return JSON.parse(stdout);
}

function problems(schema: string, data: unknown): unknown {
  const text = readFileSync(join(root, `schema/${schema}.schema.json`), "utf8");
  const validate = new Ajv2020({ strict: true }).compile(JSON.parse(text) as object);
  validate(data);
  return validate.errors ?? [];
}

describe("the functions resolve to what the command prints", () => {
  test("by lint, with and without options", async () => {
    const report = await lint(demo);
    expect(report).toStrictEqual(await printed("lint", ...demo));
    expect(problems("report", report)).toEqual([]);
    expect(
      await lint(image, { preset: "strict", skip: ["deleted-later"], base: 1, all: true }),
    ).toStrictEqual(
      await printed("lint", image, "--preset", "strict", "--skip", "deleted-later", "--base", "1", "--all"),
    );
    const severe = await lint(demo, { severity: { "deleted-later": "info" }, failOn: "error" });
    expect(severe).toStrictEqual(
      await printed("lint", ...demo, "--severity", "deleted-later=info", "--fail-on", "error"),
    );
    expect(severe.findings.find(({ rule }) => rule === "deleted-later")?.severity).toBe("info");
  });

  test("by inspect", async () => {
    const report = await inspect(demo);
    expect(report).toStrictEqual(await printed("inspect", ...demo));
    expect(report.summary.failed).toBe(false);
    await expect(inspect(dockerfile)).rejects.toThrow("not an image");
  });

  test("by fix", async () => {
    const [one, other] = [await newFolder({ Dockerfile: waste }), await newFolder({ Dockerfile: waste })];
    const { report, files, diff } = await fix(one);
    const text = JSON.stringify(await printed("fix", other)).replaceAll(other, one);
    expect(report).toStrictEqual(JSON.parse(text));
    expect(await readFile(join(one, "Dockerfile"), "utf8")).toBe(fixed);
    expect(files).toEqual([{ name: `${one}/Dockerfile`, before: waste, after: fixed, creates: [] }]);
    expect(diff).toContain(
      "+RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf",
    );
  });

  test("by optimize", async () => {
    const output = join(await newFolder(), "small.tar");
    const [predicted, written] = [
      await optimize(demo, { dryRun: true }),
      await optimize(demo, { output, prune: ["caches"] }),
    ];
    expect(predicted).toStrictEqual(await printed("optimize", ...demo, "--dry-run"));
    const other = join(await newFolder(), "small.tar");
    const text = JSON.stringify(await printed("optimize", ...demo, "-o", other, "--prune", "caches"));
    expect(written).toStrictEqual(JSON.parse(text.replace(other, output)));
    for (const report of [predicted, written]) expect(problems("optimize", report)).toEqual([]);
    expect(written.images[0]!.proof!.names).toBeGreaterThan(10);
  });

  test("by compare", async () => {
    const paths = await Promise.all(
      ["a(9) b(1)", "a(9) b(2)"].map(async (sketch, i) => {
        const path = join(folder, `${i}.tar`);
        await writeFile(path, await sketchArchive([sketch]));
        return path;
      }),
    );
    const [before, after] = paths as [string, string];
    const report = await compare(before, after);
    expect(report).toStrictEqual(await printed("compare", before, after));
    expect(problems("compare", report)).toEqual([]);
    expect(report.differences.map(({ path }) => path)).toEqual(["b"]);
    expect((await compare(before, after, { ignore: ["/b"] })).differences).toEqual([]);
  });
});

describe("a text in memory", () => {
  test("is linted as the file of its name would be", async () => {
    const home = await newFolder({
      Dockerfile: "FROM scratch\n",
      ".layerlint.yaml": "rules: { leftover-cache: info }\n",
    });
    const name = join(home, "Dockerfile");
    const inMemory = await lint({ name, text: waste });
    expect(inMemory.findings.find(({ rule }) => rule === "leftover-cache")?.severity).toBe("info");
    const unconfigured = await lint({ name, text: waste }, { config: false });
    expect(unconfigured.findings.find(({ rule }) => rule === "leftover-cache")?.severity).toBe("warning");
    await writeFile(name, waste);
    expect(inMemory).toStrictEqual(await lint(name));
  });

  test("has the build context of its name, and none where there is no such folder", async () => {
    const home = await newFolder({ "app/.git/config": "x".repeat(200_000), "app/main": "" });
    const text = "FROM scratch\nCOPY . /app\n";
    const rulesOf = async (name: string) =>
      (await lint({ name, text }, { config: false })).findings.map(({ rule }) => rule);
    const [there, nowhere] = [
      await rulesOf(join(home, "app/Dockerfile")),
      await rulesOf(join(home, "none/Dockerfile")),
    ];
    expect(there).not.toEqual(nowhere);
  });

  test("is fixed and written nowhere", async () => {
    const home = await newFolder({ Dockerfile: "FROM scratch\n" });
    const name = join(home, "Dockerfile");
    const { report, files } = await fix({ name, text: waste });
    expect(files.map(({ after }) => after)).toEqual([fixed]);
    expect(report.applied?.map(({ rule }) => rule)).toEqual(["leftover-cache"]);
    expect(await readFile(name, "utf8")).toBe("FROM scratch\n");
    expect(await readdir(home)).toEqual(["Dockerfile"]);
  });
});

test("fix writes nothing with write: false, and applies unsafe fixes on request", async () => {
  const unsafe = waste.replace(" make", " make || true");
  const home = await newFolder({ Dockerfile: unsafe });
  const { files } = await fix(home, { write: false, unsafe: true, only: ["leftover-cache"] });
  expect(files[0]!.after).toContain("|| true; } && rm -rf /var/lib/apt/lists/*");
  expect((await fix(home, { only: ["leftover-cache"] })).files[0]!.after).toBe(unsafe);
  expect(await readFile(join(home, "Dockerfile"), "utf8")).toBe(unsafe);
});

describe("own rules", () => {
  const noScratch = defineRule({
    id: "no-scratch",
    aliases: [],
    category: "size",
    severity: "error",
    reads: "dockerfile",
    docs: { summary: "", what: "", why: "", bad: [], good: [], fix: "" },
    *check({ dockerfile: view }) {
      const from = view.file.stages[0]?.from;
      if (from !== undefined)
        yield {
          message: "no scratch",
          advice: "Use a base image.",
          evidence: "dockerfile",
          locations: [{ instruction: from }],
        };
    },
  });

  test("run beside those of layerlint, and can be chosen", async () => {
    const text = { name: "-", text: "FROM scratch\n" };
    const { findings } = await lint(text, { rules: [noScratch], only: ["no-scratch"] });
    expect(findings.map(({ rule, locations }) => [rule, locations[0]?.line])).toEqual([["no-scratch", 1]]);
    expect((await lint(text, { rules: [noScratch], failOn: "error" })).summary.failed).toBe(true);
    await expect(lint(text, { only: ["no-scratch"] })).rejects.toThrow(UserError);
  });

  test("have names of their own", async () => {
    const taken = { ...noScratch, aliases: ["DL3009"] };
    await expect(lint(dockerfile, { rules: [taken] })).rejects.toThrow(
      '"dl3009" is the name of another rule',
    );
  });
});

describe("problems", () => {
  test("the first one is thrown, unless onProblem is given", async () => {
    const missing = join(folder, "missing.tar");
    await expect(lint([dockerfile, missing])).rejects.toThrow(
      new UserError(`${missing}: no such file or folder`),
    );
    const taken: string[] = [];
    const report = await lint([dockerfile, missing], { onProblem: (message) => taken.push(message) });
    expect(taken).toEqual([`${missing}: no such file or folder`]);
    expect(report.targets.map(({ name }) => name)).toEqual([dockerfile]);
  });

  test("a rule that crashes is a bug, and not the caller's mistake", async () => {
    const broken = defineRule({
      id: "broken",
      aliases: [],
      category: "size",
      severity: "info",
      reads: "dockerfile",
      docs: { summary: "", what: "", why: "", bad: [], good: [], fix: "" },
      check() {
        throw new TypeError("of no use");
      },
    });
    const options = { rules: [broken], only: ["broken"] };
    const thrown: unknown = await lint(dockerfile, options).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).not.toBeInstanceOf(UserError);
    const taken: string[] = [];
    await lint(dockerfile, { ...options, onProblem: (message) => taken.push(message) });
    expect(taken).toEqual([
      expect.stringMatching(
        /^the rule broken failed on .*, which is a bug in the option "rules": .*of no use/,
      ),
    ]);
    expect(taken[0]).not.toContain("layerlint:");
    expect(taken[0]?.split("\n")).toHaveLength(1);
  });

  test.each([
    [{ failOn: "eror" }, 'failOn must be one of error, warning, info, never, not "eror"'],
    [{ preset: "strickt" }, 'preset must be one of default, strict, not "strickt"'],
  ])("JavaScript with %j is told what is allowed", async (options, message) => {
    await expect(lint(dockerfile, options as LintOptions)).rejects.toThrow(new UserError(message));
  });

  test("a configuration that is the working folder has a name in the message", async () => {
    await expect(lint(dockerfile, { config: "." })).rejects.toThrow(
      new UserError(".: the configuration cannot be read (EISDIR)"),
    );
  });

  test("there is no standard input unless it is given", async () => {
    await expect(lint("-")).rejects.toThrow("there is no standard input");
  });

  test("an aborted signal ends every function with its reason, and nothing is written", async () => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    const home = await newFolder({ Dockerfile: waste });
    await expect(lint(dockerfile, { signal })).rejects.toBe(reason);
    await expect(fix(home, { signal })).rejects.toBe(reason);
    await expect(inspect(image, { signal })).rejects.toBe(reason);
    await expect(optimize(image, { dryRun: true, signal })).rejects.toBe(reason);
    await expect(compare(image, image, { signal })).rejects.toBe(reason);
    await expect(openImage(image, { signal })).rejects.toBe(reason);
    expect(await readFile(join(home, "Dockerfile"), "utf8")).toBe(waste);
  });
});

test("progress is reported in bytes", async () => {
  const seen: Progress[] = [];
  await lint(image, { onProgress: (progress) => seen.push(progress) });
  expect(seen.at(-1)?.what).toBe(image);
  expect(seen.at(-1)?.doneBytes).toBeGreaterThan(100_000);
});

describe("an open image", () => {
  test("lists its layers, and is closed by `await using`", async () => {
    const opened = await openImage(image);
    expect(opened.layers.map(({ entries }) => entries.length > 0)).toContain(true);
    await opened[Symbol.asyncDispose]();
    const layer = opened.layers.find(({ entries }) => entries.some(({ size }) => size > 0))!;
    const entry = layer.entries.find(({ size, sha256 }) => size > 0 && sha256 === undefined)!;
    await expect(opened.hash([{ layer, entry }])).rejects.toThrow();
  });

  test("chooses by tag, and says what is wrong with an image", async () => {
    await expect(openImage(image, { tag: "none:such" })).rejects.toThrow(UserError);
    await expect(openImage(dockerfile)).rejects.toThrow("is not a container image");
  });
});

test("parseDockerfile needs no name", () => {
  expect(parseDockerfile("FROM a AS b\n").stages.map(({ name }) => name)).toEqual(["b"]);
});
