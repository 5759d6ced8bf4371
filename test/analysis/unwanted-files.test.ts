import { describe, expect, test } from "vitest";
import { takenFiles, unwantedAmong, wholeFolders } from "../../src/analysis/unwanted-files.ts";
import { buildOf } from "../../src/analysis/subject.ts";
import { subjectOf, type SubjectSketch } from "../support/subject.ts";

async function copyOf(sketch: SubjectSketch) {
  const subject = buildOf(await subjectOf(sketch))!;
  const step = subject.dockerfile.steps.find(({ keyword }) => keyword === "COPY")!;
  return { subject, step };
}

/** What a COPY of folders takes although it should not: the patterns, with their bytes. */
async function unwanted(files: Readonly<Record<string, number>>, folders: readonly string[], rest = "") {
  const { subject } = await copyOf({ dockerfile: `FROM a\nCOPY . /app\n${rest}` });
  const taken = Object.entries(files).map(([path, size]) => ({ path, size }));
  return unwantedAmong(taken, folders, subject.dockerfile).map(({ pattern, bytes }) => `${pattern} ${bytes}`);
}

describe("whole folders that a COPY takes", () => {
  const files = { "src/a": 1, "src/b/c": 1, lone: 1, srcs: 1 };
  test.each([
    ["COPY . /app", [""]],
    ["COPY ./ /app", [""]],
    ["COPY ./src/ /app", ["src"]],
    ["COPY src lone /app/", ["src"]],
    ["COPY lone /app/", []],
    ["COPY s* /app/", []],
    ["COPY missing /app/", []],
    ["COPY --parents src /app/", []],
    ["COPY --from=b src /app/", []],
  ])("%s", async (copy, folders) => {
    const { subject, step } = await copyOf({
      dockerfile: `# syntax=docker/dockerfile:1\nFROM a\n${copy}\n`,
      context: { files },
    });
    expect(wholeFolders(step, subject)).toEqual(folders);
  });

  test("are not known without a context, except all of it", async () => {
    const { subject, step } = await copyOf({ dockerfile: "FROM a\nCOPY . src /app/\n" });
    expect(wholeFolders(step, subject)).toEqual([""]);
  });
});

describe("files that a COPY took", () => {
  const paths = async (copy: string, layer: string, folders: readonly string[], ignore?: string) => {
    const { subject, step } = await copyOf({
      dockerfile: `FROM a\n${copy}\n`,
      layers: [layer],
      ...(ignore === undefined ? {} : { context: { files: { x: 1 }, ignore } }),
    });
    const { files, complete } = takenFiles(step, folders, subject, 0);
    expect(complete).toBe(true);
    return files.map(({ path }) => path);
  };

  test.each([
    ["the whole context", "COPY . /app", [""], ["a", "d/b"]],
    ["no folder that is known", "COPY . /app", [], ["a", "d/b"]],
    ["one folder", "COPY src /app", ["src"], ["src/a", "src/d/b"]],
  ])("of %s, from its layer", async (_, copy, folders, wanted) => {
    expect(await paths(copy, "app/ app/a(1) app/d/ app/d/b(1) app/l→a other/x(1)", folders)).toEqual(wanted);
  });

  test("into the root, and without those that are ignored by now", async () => {
    expect(await paths("COPY . /", "a(1) .git/ .git/b(1)", [""])).toEqual(["a", ".git/b"]);
    expect(await paths("COPY . /", "a(1) .git/ .git/b(1)", [""], ".git\n")).toEqual(["a"]);
  });

  test("are not known where the target is a variable", async () => {
    const { subject, step } = await copyOf({ dockerfile: "FROM a\nCOPY . $X\n", layers: ["a(1)"] });
    expect(takenFiles(step, [""], subject, 0)).toEqual({ files: [], complete: false });
  });

  test("are those of the context without a layer, and unknown without either", async () => {
    const { subject, step } = await copyOf({
      dockerfile: "FROM a\nCOPY . /app\n",
      context: { files: { a: 3 } },
    });
    expect(takenFiles(step, [""], subject, undefined).files.map(({ path }) => path)).toEqual(["a"]);
    const none = await copyOf({ dockerfile: "FROM a\nCOPY . /app\n" });
    expect(takenFiles(none.step, [""], none.subject, undefined)).toEqual({ files: [], complete: false });
  });
});

describe("unwanted files", () => {
  test("most bytes first, then by name", async () => {
    expect(await unwanted({ ".git/a": 5, ".idea/a": 7, ".svn/a": 5, ".hg/a": 5, ok: 9 }, [""])).toEqual([
      ".idea 7",
      ".git 5",
      ".hg 5",
      ".svn 5",
    ]);
    expect(await unwanted({ ".svn/a": 5, ".hg/a": 5, ".git/a": 5 }, [""])).toEqual([
      ".git 5",
      ".hg 5",
      ".svn 5",
    ]);
  });

  test("a pattern for those in folders covers those at the root", async () => {
    expect(await unwanted({ ".git/a": 5, "sub/.git/b": 6 }, [""])).toEqual(["**/.git 11"]);
  });

  test("in a folder that the COPY names, which may itself be called so", async () => {
    expect(await unwanted({ "src/.env": 5, "other/.env": 6 }, ["src"])).toEqual(["**/.env 5"]);
    expect(await unwanted({ ".idea/.env": 5 }, [".idea"])).toEqual(["**/.env 5"]);
    expect(await unwanted({ ".idea/config": 5 }, [".idea"])).toEqual([]);
  });

  test("in a folder below one that is called like a part of a name", async () => {
    expect(await unwanted({ "a.git/x": 5, "a/b/.git/x": 6 }, [""])).toEqual(["**/.git 6"]);
    expect(await unwanted({ "src/x/.git/y": 5 }, ["src/x"])).toEqual(["**/.git 5"]);
  });

  test("but not in a folder of keys that the COPY names", async () => {
    expect(await unwanted({ ".aws/.env": 5 }, [".aws"])).toEqual([]);
  });

  test("a file is not a folder, and a folder is no file", async () => {
    expect(await unwanted({ ".git": 5, ".env/x": 6, ".idea": 7 }, [""])).toEqual([]);
  });

  test("a folder with a common name counts only with the files of its tool", async () => {
    expect(await unwanted({ "venv/pyvenv.cfg": 1, "venv/x": 6 }, [""])).toEqual(["venv 7"]);
    expect(await unwanted({ "venv/x": 6, "venv/a/pyvenv.cfg": 1, "other/pyvenv.cfg": 1 }, [""])).toEqual([]);
    expect(await unwanted({ "venv/x": 6, "xxxx/pyvenv.cfg": 1 }, [""])).toEqual([]);
  });

  test("dependencies count only where the build makes its own", async () => {
    const files = { "node_modules/a": 5 };
    expect(await unwanted(files, [""])).toEqual([]);
    expect(await unwanted(files, [""], "RUN npm ci\n")).toEqual(["node_modules 5"]);
  });

  test("what a command or an instruction uses is wanted", async () => {
    expect(await unwanted({ ".git/a": 5 }, [""], "RUN git describe\n")).toEqual([]);
    expect(await unwanted({ ".git/a": 5 }, [""], "COPY .git/a /x\n")).toEqual([]);
    expect(await unwanted({ ".env": 5 }, [""], "RUN --mount=type=bind,source=.env,target=/e id\n")).toEqual(
      [],
    );
  });
});
