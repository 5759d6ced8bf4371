import { describe, expect, test } from "vitest";
import { contextWithoutDockerignore } from "../../../rules/instructions/context-without-dockerignore.ts";
import { deletedLater } from "../../../rules/layers/deleted-later.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const find = (sketch: SubjectSketch) => findingsOf(deletedLater, sketch);
const messages = async (sketch: SubjectSketch) => (await find(sketch)).map((finding) => finding.message);

describe("what the layers prove", () => {
  const twoRuns = "FROM debian:12\nENV A=1\nRUN make\nRUN rm -rf /opt/src\n";

  test("a deletion names both lines, the bytes, the files and the directory that went", async () => {
    const [finding, ...others] = await find({
      dockerfile: twoRuns,
      layers: ["opt/ opt/src/ opt/src/a.c(200kB) opt/src/b.c(100kB) opt/bin(5kB)", "opt/ opt/.wh.src"],
    });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      message: "line 3 added 300.0 kB in 2 files that line 4 deletes (/opt/src)",
      bytes: 300_000,
      evidence: "both",
      paths: [{ path: "opt/src", bytes: 300_000, files: 2 }],
      fixes: [
        { safety: "safe", bytes: 300_000, edits: [{}, {}] },
        { safety: "safe", operation: "drop-dead" },
      ],
    });
    expect(finding?.severity).toBeUndefined();
    expect(finding?.locations.map(({ layer, label }) => [layer, label])).toEqual([
      [0, "added here"],
      [1, "deleted here"],
    ]);
    expect(finding?.inodes?.map(({ layer, entry }) => `${layer} ${entry.path}`)).toEqual([
      "0 opt/src/a.c",
      "0 opt/src/b.c",
    ]);
  });

  test("each pair of instructions is a finding of its own, most bytes first", async () => {
    expect(
      await messages({
        dockerfile: "FROM a\nRUN one\nRUN two\nRUN rm -rf /d\n",
        layers: ["d/ d/f(1kB)", "d/ d/g(2MB)", ".wh.d"],
      }),
    ).toEqual([
      "line 3 added 2.0 MB in 1 file that line 4 deletes (/d/g)",
      "line 2 added 1.0 kB in 1 file that line 4 deletes (/d/f)",
    ]);
  });

  test("a directory that is made opaque hides its files, a file in its place replaces them", async () => {
    expect(
      await messages({
        dockerfile: "FROM a\nRUN one\nRUN two\nRUN three\n",
        layers: ["a/ a/f(1MB) b/ b/g(2MB)", "a/ a/.wh..wh..opq a/n(1)", "b(7)"],
      }),
    ).toEqual([
      "line 2 added 2.0 MB in 1 file that line 4 replaces (/b/g)",
      "line 2 added 1.0 MB in 1 file that line 3 hides (/a/f)",
    ]);
  });

  test("an opaque root directory still shows where the files were", async () => {
    expect(
      await messages({
        dockerfile: "FROM a\nRUN one\nCOPY --from=x / /\n",
        layers: ["a/ a/f(1MB) b/ b/g(2MB)", ".wh..wh..opq n(1)"],
      }),
    ).toEqual(["line 2 added 3.0 MB in 2 files that line 3 hides (/b/g and 1 more)"]);
  });

  test("a file with two names counts once, and only when both are gone", async () => {
    const dockerfile = "FROM a\nRUN one\nRUN two\n";
    expect(await messages({ dockerfile, layers: ["f(1MB) g≡f", ".wh.f"] })).toEqual([]);
    const [finding] = await find({ dockerfile, layers: ["f(1MB) g≡f", ".wh.f .wh.g"] });
    expect(finding?.bytes).toBe(1_000_000);
    expect(finding?.inodes).toHaveLength(1);
  });

  test("what is deleted and written again in a third instruction is still dead once", async () => {
    const [finding, ...others] = await find({
      dockerfile: "FROM a\nRUN one\nRUN two\nRUN three\n",
      layers: ["f(1MB,h)", ".wh.f", "f(1MB,h)"],
    });
    expect(others).toEqual([]);
    expect(finding?.bytes).toBe(1_000_000);
  });

  test("files that were overwritten, changed or repeated belong to other rules", async () => {
    expect(
      await messages({
        dockerfile: "FROM a\nRUN one\nRUN two\n",
        layers: ["f(1MB) g(1MB,h,0644) i(1MB,i)", "f(2MB) g(1MB,h,0755) i(1MB,i)"],
      }),
    ).toEqual([]);
  });

  test("less than 100 kB is info, and no bytes give no finding", async () => {
    const dockerfile = "FROM a\nRUN one\nRUN two\n";
    const [small] = await find({ dockerfile, layers: ["f(99999)", ".wh.f"] });
    expect(small?.severity).toBe("info");
    const [large] = await find({ dockerfile, layers: ["f(100000)", ".wh.f"] });
    expect(large?.severity).toBeUndefined();
    expect(await find({ dockerfile, layers: ["lock(0)", ".wh.lock"] })).toEqual([]);
  });

  test("without a Dockerfile the layers have numbers and their recorded commands", async () => {
    const history = [
      { createdBy: "RUN |1 TOKEN=hunter2 /bin/sh -c make # buildkit", emptyLayer: false },
      { createdBy: "/bin/sh -c rm /f", emptyLayer: false },
    ];
    const [finding] = await find({ layers: ["f(1MB)", ".wh.f"], history });
    expect(finding).toMatchObject({
      message: "layer 0 (RUN make) added 1.0 MB in 1 file that layer 1 (RUN rm /f) deletes (/f)",
      evidence: "layers",
    });
    expect(finding?.advice).toContain("Delete it at the end of the RUN of layer 0 (RUN make)");
  });

  test("a name that is not UTF-8 is shown, not dropped", async () => {
    const [message] = await messages({
      dockerfile: "FROM a\nRUN one\nRUN two\n",
      layers: ['"caf\\u00e9"(1MB)', '".wh.caf\\u00e9"'],
    });
    expect(message).toContain("(/caf\ufffd)");
  });
});

describe("the base image", () => {
  test("deleting its files saves nothing and fails no gate", async () => {
    const [finding, ...others] = await find({
      dockerfile: "FROM a\nRUN rm -rf /usr/share/doc\n",
      layers: [
        "usr/ usr/share/ usr/share/doc/ usr/share/doc/a(2MB)",
        "usr/share/doc/b(1MB)",
        "usr/ usr/share/ usr/share/.wh.doc",
      ],
      base: 2,
    });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      message:
        "line 2 deletes 3.0 MB in 2 files of the base image (/usr/share/doc), which saves nothing: the base keeps them",
      severity: "info",
      bytes: 3_000_000,
    });
    expect(finding?.fixes).toBeUndefined();
  });

  test("what its layers do to each other is one line in total, whatever the cause", async () => {
    const [finding, ...others] = await find({
      dockerfile: "FROM a\nCOPY x /x\n",
      layers: ["f(1MB) g(2MB) h(1MB,h,0644)", ".wh.f g(3MB)", "h(1MB,h,0755)", "x(5)"],
      base: 3,
    });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: "info", bytes: 4_000_000, evidence: "layers" });
    expect(finding?.message).toContain("the base image holds 4.0 MB in 3 files");
  });
});

describe("the paths that are shown", () => {
  const dockerfile = "FROM a\nRUN one\nRUN two\n";

  test("many files of one directory are one row", async () => {
    const names = Array.from({ length: 30 }, (_, i) => `list${i}`);
    const [finding] = await find({
      dockerfile,
      layers: [
        `var/ var/lib/ var/lib/lists/ ${names.map((name) => `var/lib/lists/${name}(10kB)`).join(" ")}`,
        names.map((name) => `var/lib/lists/.wh.${name}`).join(" "),
      ],
    });
    expect(finding?.paths).toEqual([{ path: "var/lib/lists", bytes: 300_000, files: 30 }]);
  });

  test("beyond ten the rest is counted", async () => {
    const names = Array.from({ length: 14 }, (_, i) => `f${String(i).padStart(2, "0")}`);
    const [finding] = await find({
      dockerfile,
      layers: [
        names.map((name, i) => `${name}(${i + 1}kB)`).join(" "),
        names.map((name) => `.wh.${name}`).join(" "),
      ],
    });
    expect(finding?.paths).toHaveLength(10);
    expect(finding?.paths?.[0]).toEqual({ path: "f13", bytes: 14_000 });
    expect(finding?.morePaths).toEqual({ count: 4, bytes: 10_000 });
  });
});

describe("the advice follows what made the files", () => {
  const advice = async (adder: string, remover = "RUN rm -rf /x") =>
    (
      await find({
        dockerfile: `FROM a AS tools\nFROM a\n${adder}\n${remover}\n`,
        layers: ["x/ x/f(1MB)", remover.startsWith("RUN") ? ".wh.x" : "x(3)"],
      })
    )[0]?.advice;

  test("a RUN deletes at its own end", async () => {
    expect(await advice("RUN make")).toContain("at the end of line 3");
  });

  test("a heredoc deletes before its end", async () => {
    const finding = await find({
      dockerfile: "FROM a\nRUN <<EOF\nmake\nEOF\nRUN rm -rf /x\n",
      layers: ["x/ x/f(1MB)", ".wh.x"],
    });
    expect(finding[0]?.advice).toContain("inside the heredoc of line 2");
  });

  test("a heredoc that is no script is none to delete in", async () => {
    const finding = await find({
      dockerfile: "FROM a\nRUN cat <<EOF > /x/f && make\ntext\nEOF\nRUN rm -rf /x\n",
      layers: ["x/ x/f(1MB)", ".wh.x"],
    });
    expect(finding[0]?.advice).toContain("Delete it at the end of line 2");
  });

  test("the mount of a cache covers its folder, not the file that was in it", async () => {
    const advised = async (path: string) => {
      const folder = path.slice(0, path.lastIndexOf("/"));
      const [finding] = await find({
        dockerfile: "FROM a\nRUN one\nRUN two\n",
        layers: [`${path}(1MB) usr/x(1)`, `${folder}/.wh.${path.slice(folder.length + 1)}`],
      });
      return /target=(\S+)\.$/.exec(finding?.advice ?? "")?.[1];
    };
    expect(await advised("var/lib/apt/lists/deb_main_Packages.lz4")).toBe("/var/lib/apt/lists");
    expect(await advised("root/.cache/pip/http/x")).toBe("/root/.cache/pip");
    expect(await advised("var/cache/apt/pkgcache.bin")).toBe("/var/cache/apt");
    expect(await advised("var/www/x.tgz")).toBeUndefined();
  });

  test("a cache is named with its cache mount", async () => {
    const [finding] = await find({
      dockerfile: "FROM a\nRUN apt-get update\nRUN rm -rf /var/cache/apt\n",
      layers: [
        "var/ var/cache/ var/cache/apt/ var/cache/apt/a.bin(1MB) var/cache/apt/b.bin(1MB)",
        "var/ var/cache/ var/cache/.wh.apt",
      ],
    });
    expect(finding?.advice).toContain("--mount=type=cache,target=/var/cache/apt");
  });

  test("a COPY becomes a bind mount", async () => {
    expect(await advice("COPY x /x")).toContain("RUN --mount=type=bind,source=");
  });

  test("a COPY from a stage becomes a bind mount from that stage", async () => {
    expect(await advice("COPY --from=tools /x /x")).toContain("from=tools");
  });

  test("an ADD of a URL becomes one RUN", async () => {
    expect(await advice("ADD https://example.com/x.tgz /x/")).toContain("curl");
  });

  test("a COPY that replaces files asks for a narrower first instruction", async () => {
    expect(await advice("RUN make", "COPY x /x")).toContain("Omit from line 3");
  });
});

test("what the layers prove is not predicted as well where the line is a guess", async () => {
  const findings = await findingsOf(deletedLater, {
    dockerfile: "FROM a\nCOPY big.tgz /opt/\nRUN rm /opt/big.tgz\nRUN true\nRUN rm /opt/big.tgz\n",
    builtFrom: "FROM a\nCOPY big.tgz /opt/\nRUN rm /opt/big.tgz\nRUN true\n",
    layers: ["opt/ opt/big.tgz(5000000)", "opt/ opt/.wh.big.tgz", ""],
  });
  expect(findings.map(({ evidence, bytes }) => [evidence, bytes])).toEqual([["both", 5_000_000]]);
});

test("a key in a copied folder stays readable, whatever its size: deleting it later is a warning", async () => {
  const severityOf = async (name: string) =>
    (
      await findingsOf(deletedLater, {
        dockerfile: "FROM base\nCOPY keys /opt/keys\nRUN id\nRUN rm -r /opt/keys\n",
        context: { files: { [`keys/${name}`]: 40, "keys/b.txt": 4 } },
      })
    ).map(({ severity }) => severity);
  expect(await severityOf("id_rsa")).toEqual([undefined]);
  expect(await severityOf("tokenizer.txt")).toEqual(["info"]);
});

test("one key, one finding: a whole folder with a key that a later line deletes is what .dockerignore is for", async () => {
  const sketch = {
    dockerfile: "FROM base\nCOPY . /app\nRUN rm /app/id_rsa\n",
    context: { files: { "a.txt": 4, id_rsa: 40 } },
  };
  const found = await Promise.all(
    [deletedLater, contextWithoutDockerignore].map((rule) => findingsOf(rule, sketch)),
  );
  expect(found.flat()).toHaveLength(1);
});
