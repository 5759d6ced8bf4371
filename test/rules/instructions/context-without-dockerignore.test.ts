import { describe, expect, test } from "vitest";
import { contextWithoutDockerignore } from "../../../rules/instructions/context-without-dockerignore.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const find = (sketch: SubjectSketch) => findingsOf(contextWithoutDockerignore, sketch);
const dockerfile = "FROM node:22\nWORKDIR /srv\nCOPY . .\nRUN npm ci\n";
const files = {
  "package.json": 10,
  "src/a.js": 20,
  ".git/HEAD": 5,
  ".git/objects/aa/bb": 2_000_000,
  ".env": 40,
};

/** The lines of the proposed .dockerignore. */
async function lines(sketch: SubjectSketch): Promise<string[]> {
  const [finding] = await find(sketch);
  const text = finding?.fixes?.find(({ creates }) => creates !== undefined)?.creates?.text;
  return text === undefined ? [] : text.trimEnd().split("\n");
}

describe("files of the context that no image needs", () => {
  test("are named with their bytes, and an ignore file is proposed", async () => {
    const [finding, ...others] = await find({ dockerfile, context: { files, name: "." } });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      message:
        "line 3 copies 2.0 MB in 3 files that hardly any image needs (.git with 2.0 MB and .env with 40 B), and no .dockerignore excludes them",
      evidence: "dockerfile",
      fixes: [
        {
          safety: "unsafe",
          condition: "only you know whether the build needs one of these",
          creates: { name: ".dockerignore", text: ".git\n.env\n" },
        },
      ],
    });
    expect(finding?.bytes).toBeUndefined();
    expect(finding?.severity).toBeUndefined();
  });

  test.each([
    ["node_modules anywhere", { "a/node_modules/x/i.js": 5, "node_modules/y.js": 5 }, ["**/node_modules"]],
    ["a virtual environment", { "venv/pyvenv.cfg": 5, "venv/lib/x.py": 900 }, ["venv"]],
    [
      "caches of tools",
      { "src/__pycache__/a.pyc": 5, ".mypy_cache/x": 6 },
      [".mypy_cache", "**/__pycache__"],
    ],
    [
      "keys and settings",
      { ".env.production": 9, "deploy/id_ed25519": 8, ".aws/credentials": 7 },
      [".env.production", "**/id_ed25519", ".aws"],
    ],
    [
      "the same name at the top and below",
      { "node_modules/y.js": 5, "a/node_modules/x.js": 7 },
      ["**/node_modules"],
    ],
    [
      "the largest first, then by name",
      { ".svn/x": 5, ".idea/x": 5, "coverage/lcov.info": 6 },
      ["coverage", ".idea", ".svn"],
    ],
    ["editors", { ".idea/x.xml": 9, ".DS_Store": 8 }, [".idea", ".DS_Store"]],
    ["reports", { "coverage/lcov.info": 9 }, ["coverage"]],
  ])("%s", async (_, more, wanted) => {
    expect(await lines({ dockerfile, context: { files: { "a.js": 1, ...more } } })).toEqual(wanted);
  });

  test("no pattern excludes what an instruction names", async () => {
    const named = { files: { id_rsa: 9, "deploy/id_rsa": 8, "a.js": 1 } };
    expect(
      await lines({ dockerfile: "FROM a\nCOPY id_rsa /root/.ssh/\nCOPY . /srv\n", context: named }),
    ).toEqual(["deploy/id_rsa"]);
    const keys = { files: { ".ssh/id_rsa": 9, "keys/id_rsa": 8 } };
    for (const folder of [".ssh", "keys"])
      expect(await lines({ dockerfile: `FROM a\nCOPY ${folder} /root/.ssh\n`, context: keys })).toEqual([]);
  });

  test("a folder that is copied as a whole", async () => {
    const context = { files: { "app/main.py": 5, "app/.svn/wc.db": 300_000, ".svn/wc.db": 7 } };
    const [finding] = await find({ dockerfile: "FROM python:3\nADD app /srv/app\n", context });
    expect(finding?.message).toContain("line 2 copies 300.0 kB in 1 file");
  });

  test("bytes of one pattern are added up, wherever its folders are", async () => {
    const more = { "node_modules/y.js": 500_000, "a/node_modules/x.js": 700_000, "a/b.js": 1 };
    const [finding] = await find({ dockerfile, context: { files: more } });
    expect(finding?.message).toContain("1.2 MB in 2 files");
  });

  test.each([
    ["a folder of the context", "COPY src /srv", ["**/.env"]],
    ["two of them", "COPY lib src /srv/", ["**/.env"]],
    [
      "a mount of another stage",
      "COPY . /srv\nRUN --mount=type=bind,from=b,source=src/.env,target=/e x",
      ["**/.env"],
    ],
    [
      "a mount that is no bind",
      "COPY . /srv\nRUN --mount=type=cache,source=src/.env,target=/e x",
      ["**/.env"],
    ],
    ["a mount of the file itself", "COPY . /srv\nRUN --mount=type=bind,src=src/.env,target=/e x", []],
    ["a file by its name", "COPY src/.env /srv/", []],
    ["a glob", "COPY sr* /srv/", []],
    ["--parents", "COPY --parents src /srv/", []],
  ])("with %s", async (_, instructions, wanted) => {
    const sketch = {
      dockerfile: `FROM a\n${instructions}\n`,
      context: { files: { "src/.env": 5, "src/a": 1, "lib/a": 1 } },
    };
    expect(await lines(sketch)).toEqual(wanted);
  });

  test("what lies in a folder that is copied by its name is looked at from there on", async () => {
    const sketch = {
      dockerfile: "FROM a\nCOPY vendor/node_modules/app /srv\n",
      context: { files: { "vendor/node_modules/app/.env": 5, "vendor/node_modules/app/a": 1 } },
    };
    expect(await lines(sketch)).toEqual(["**/.env"]);
  });

  test("a folder that is copied by its own name is meant", async () => {
    const sketch = {
      dockerfile: "FROM a\nCOPY .svn /srv/svn\n",
      context: { files: { ".svn/wc.db": 300_000 } },
    };
    expect(await find(sketch)).toEqual([]);
  });

  test("little of it, and no secret, fails nothing", async () => {
    const [finding] = await find({ dockerfile, context: { files: { a: 1, ".idea/x": 500 } } });
    expect(finding?.severity).toBe("info");
    expect(
      (await find({ dockerfile, context: { files: { a: 1, ".env": 5 } } }))[0]?.severity,
    ).toBeUndefined();
  });

  test("an ignore file that lets them through is not replaced", async () => {
    const [finding] = await find({ dockerfile, context: { files, ignore: ".git\n" } });
    expect(finding?.message).toContain("40 B in 1 file");
    expect(finding?.message).toContain("context/.dockerignore does not exclude them");
    expect(finding?.advice).toContain("with these lines in context/.dockerignore: .env");
    expect(finding?.fixes).toBeUndefined();
  });

  test("a folder too large to be read says at least", async () => {
    const [finding] = await find({ dockerfile, context: { files, limit: 6 } });
    expect(finding?.message).toContain("copies at least");
  });
});

describe("nothing is said", () => {
  test.each<[string, SubjectSketch]>([
    ["without a context", { dockerfile }],
    ["when the ignore file keeps them out", { dockerfile, context: { files, ignore: ".git\n.env*\n" } }],
    [
      "when nothing of the kind is there",
      { dockerfile, context: { files: { "src/a.js": 5, ".env.example": 6, ".gitignore": 7 } } },
    ],
    [
      "about files that are named",
      { dockerfile: "FROM a\nCOPY package.json .env /srv/\n", context: { files } },
    ],
    [
      "about what another COPY names",
      { dockerfile: `${dockerfile}COPY .env /etc/app.env\n`, context: { files: { a: 1, ".env": 5 } } },
    ],
    [
      "about a folder of which another COPY names a part",
      { dockerfile: `${dockerfile}COPY .svn/wc.db /x\n`, context: { files: { a: 1, ".svn/wc.db": 5 } } },
    ],
    [
      "about what a mount names",
      {
        dockerfile: `${dockerfile}RUN --mount=type=bind,source=.env,target=/e cat /e\n`,
        context: { files: { a: 1, ".env": 5 } },
      },
    ],
    [
      "about history that the build asks for",
      { dockerfile: `${dockerfile}RUN git describe > /v\n`, context: { files: { a: 1, ".git/HEAD": 5 } } },
    ],
    [
      "about dependencies that nothing installs",
      { dockerfile: "FROM node\nCOPY . /srv\n", context: { files: { "node_modules/a.js": 500_000 } } },
    ],
    [
      "about a folder called target that is none of Cargo's",
      {
        dockerfile: "FROM rust\nCOPY . /srv\nRUN cargo build\n",
        context: { files: { "target/x.md": 500_000 } },
      },
    ],
    ["about a folder called venv that is none", { dockerfile, context: { files: { "venv/x.md": 5 } } }],
    [
      "about --exclude",
      { dockerfile: "FROM a\nCOPY --exclude=.git --exclude=.env . /srv\n", context: { files } },
    ],
    [
      "about a stage that is not exported",
      { dockerfile: "FROM a AS b\nCOPY . /srv\nFROM a\nCOPY --from=b /srv/x /x\n", context: { files } },
    ],
    [
      "about another stage",
      { dockerfile: "FROM a AS b\nFROM a\nCOPY --from=b . /srv\n", context: { files } },
    ],
  ])("%s", async (_, sketch) => {
    expect((await find(sketch)).map(({ message }) => message)).toEqual([]);
  });
});

describe("with the layers at hand", () => {
  const layers = [
    "srv/",
    "srv/ srv/a.js(20) srv/.git/ srv/.git/HEAD(5) srv/.git/pack(3MB) srv/.env(40)",
    "srv/ srv/node_modules/ srv/node_modules/x.js(9MB)",
  ];

  test("the bytes are those of the layer, and its files count", async () => {
    const [finding, ...others] = await find({ dockerfile, layers, context: { files: { "a.js": 20 } } });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ bytes: 3_000_045, evidence: "both", fixes: [{ bytes: 3_000_045 }] });
    expect(finding?.inodes?.map(({ layer, entry }) => `${layer} ${entry.path}`)).toEqual([
      "1 srv/.git/HEAD",
      "1 srv/.git/pack",
      "1 srv/.env",
    ]);
  });

  test("files of the layer outside of the target are none of the context", async () => {
    const sketch = {
      dockerfile: "FROM a\nCOPY . /srv\n",
      layers: ["srv/ srv/a.js(20) srv/.env(40) etc/ etc/.env(5) srv/.svn→x"],
    };
    const [finding] = await find(sketch);
    expect(finding?.bytes).toBe(40);
    expect(await find({ ...sketch, dockerfile: "FROM a\nARG T\nCOPY . $T\n" })).toEqual([]);
    const [all] = await find({ ...sketch, dockerfile: "FROM a\nCOPY . /\n" });
    expect(all?.bytes).toBe(45);
  });

  test("without a context there is nothing to write", async () => {
    const [finding] = await find({ dockerfile, layers });
    expect(finding?.bytes).toBe(3_000_045);
    expect(finding?.fixes).toBeUndefined();
  });

  test("what is ignored since the image was built is silent", async () => {
    expect(await find({ dockerfile, layers, context: { files, ignore: ".git\n.env\n" } })).toEqual([]);
  });

  test("a Dockerfile that did not build the image says nothing", async () => {
    expect(
      await find({ dockerfile, layers, context: { files }, builtFrom: "FROM x\nRUN a\nRUN b\nRUN c\n" }),
    ).toEqual([]);
  });
});
