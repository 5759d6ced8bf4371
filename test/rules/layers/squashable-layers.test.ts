import { describe, expect, test } from "vitest";
import { squashableLayers } from "../../../rules/layers/squashable-layers.ts";
import { checkFixes, editsOf, fixWith } from "../../support/fixes.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const find = (sketch: SubjectSketch) => findingsOf(squashableLayers, sketch);

test("dead bytes between neighbours are what one layer would save", async () => {
  const [finding, ...others] = await find({
    dockerfile: "FROM a\nRUN build\nRUN rm -rf /src\n",
    layers: ["src/ src/f(40MB) bin(3MB)", ".wh.src"],
  });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    message: "lines 2 to 3 (2 layers) as one layer would be 40.0 MB smaller and 1 layer fewer",
    severity: "info",
    bytes: 40_000_000,
    evidence: "both",
    fixes: [
      { safety: "unsafe", condition: expect.stringContaining("build cache") as string, bytes: 40_000_000 },
      { operation: "squash", safety: "unsafe" },
    ],
  });
  expect(finding?.inodes).toBeUndefined();
  expect(finding?.advice).toMatch(
    /The cost: a change to line 3 alone then transfers 3\.0 MB again instead of \d\.\d kB\./,
  );
});

test("three tiny neighbours are worth a line, two are not", async () => {
  const layers = ["a(5)", "b(6)", "c(7)"];
  const [finding] = await find({ dockerfile: "FROM a\nCOPY a /\nCOPY b /\nCOPY c /\n", layers });
  expect(finding?.message).toBe("lines 2 to 4 (3 layers) as one layer would be 2 layers fewer");
  expect(finding?.bytes).toBeUndefined();
  expect(await find({ dockerfile: "FROM a\nCOPY a /\nCOPY b /\n", layers: layers.slice(0, 2) })).toEqual([]);
});

test("empty layers count as tiny", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nRUN true\nRUN true\nRUN true\n",
    layers: ["∅", "∅", "∅"],
  });
  expect(finding?.message).toContain("2 layers fewer");
});

test("a large stable layer stays apart from a small one that changes often", async () => {
  expect(
    await find({ dockerfile: "FROM a\nRUN install\nCOPY app /app\n", layers: ["lib(900MB)", "app(2MB)"] }),
  ).toEqual([]);
});

test("dead bytes are weighed against bytes that would be sent again", async () => {
  expect(
    await find({
      dockerfile: "FROM a\nRUN install\nCOPY app /app\nRUN rm /tmp/x\n",
      layers: ["lib(900MB) tmp/ tmp/x(200kB)", "app(20MB)", "tmp/.wh.x"],
    }),
  ).toEqual([]);
});

test("the base boundary is never crossed", async () => {
  expect(
    await find({
      dockerfile: "FROM a\nRUN rm -rf /src\n",
      layers: ["x(5)", "y(5)", "src/ src/f(40MB)", ".wh.src"],
      base: 3,
    }),
  ).toEqual([]);
});

test("without a Dockerfile the layers have numbers", async () => {
  const [finding] = await find({ layers: ["base(5MB)", "src/ src/f(40MB)", ".wh.src"], base: 1 });
  expect(finding).toMatchObject({ evidence: "layers" });
  expect(finding?.message).toMatch(/^layers 1 to 2 as one layer/);
});

test("sending 2.0 MB instead of 2.0 MB is not reported as a cost", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nCOPY a /a\nRUN touch /a\n",
    layers: ["a(2MB,h)", "a(2MB,h,mtime=5)"],
  });
  expect(finding?.advice).toContain("Almost no sharing is lost");
});

describe("other images", () => {
  test("one layer, or none, has no neighbour", async () => {
    expect(await find({ layers: [] })).toEqual([]);
    expect(await find({ layers: ["f(1MB)"] })).toEqual([]);
  });
});

describe("RUNs are joined only where the layers prove a gain", () => {
  const layers = ["src/ src/f(40MB) bin(3MB)", ".wh.src"];
  const joined = async (dockerfile: string, more: Partial<SubjectSketch> = {}) => {
    const sketch = { dockerfile, layers, ...more };
    await checkFixes(squashableLayers, sketch);
    return fixWith(squashableLayers, sketch, true);
  };

  test("with what is between them", async () => {
    expect(await joined("FROM a\nRUN build \\\n  all\n\n# tidy up\nRUN rm -rf /src\n")).toBe(
      "FROM a\nRUN build \\\n  all \\\n# tidy up\n  && rm -rf /src\n",
    );
  });

  test("never without asking for unsafe fixes", async () => {
    const dockerfile = "FROM a\nRUN build\nRUN rm -rf /src\n";
    expect(await fixWith(squashableLayers, { dockerfile, layers })).toBe(dockerfile);
  });

  test("the RUNs among other instructions that gain by it", async () => {
    expect(
      await joined("FROM a\nCOPY a /\nRUN build\nRUN rm -rf /src\nCOPY b /\n", {
        layers: ["a(5)", ...layers, "b(5)"],
      }),
    ).toBe("FROM a\nCOPY a /\nRUN build \\\n    && rm -rf /src\nCOPY b /\n");
  });

  test("a part that would change the shell of the next one gets its own", async () => {
    for (const part of [
      "cd /x && b",
      "export A=1",
      "a || b",
      "a; b",
      "umask 7",
      "A=1",
      "{ A=1; }",
      "f() { x; }",
    ]) {
      expect(await joined(`FROM a\nRUN ${part}\nRUN rm -rf /src\n`), part).toBe(
        `FROM a\nRUN ( ${part} ) \\\n    && rm -rf /src\n`,
      );
    }
    for (const part of ["a && b", "a | b", "{ a; b; }", "(a; b)", "for i in 1; do a; done"]) {
      expect(await joined(`FROM a\nRUN ${part}\nRUN rm -rf /src\n`), part).toBe(
        `FROM a\nRUN ${part} \\\n    && rm -rf /src\n`,
      );
    }
  });

  test.each([
    ["tiny layers that gain nothing", "FROM a\nRUN a\nRUN b\nRUN c\n", ["a(5)", "b(6)", "c(7)"]],
    ["an instruction between them", "FROM a\nRUN build\nENV A=1\nRUN rm -rf /src\n", layers],
    ["other mounts", "FROM a\nRUN build\nRUN --mount=type=tmpfs,target=/t rm -rf /src\n", layers],
    ["another network", "FROM a\nRUN --network=none build\nRUN rm -rf /src\n", layers],
    ["set -e in a list", "FROM a\nRUN set -e; a; b\nRUN rm -rf /src\n", layers],
    ["a SHELL with -e", 'FROM a\nSHELL ["/bin/sh", "-ec"]\nRUN a; b\nRUN rm -rf /src\n', layers],
    ["a job in the background", "FROM a\nRUN a & b\nRUN rm -rf /src\n", layers],
    ["a heredoc", "FROM a\nRUN <<E\nbuild\nE\nRUN rm -rf /src\n", layers],
    ["a comment of the shell", "FROM a\nRUN build # all\nRUN rm -rf /src\n", layers],
    ["exec form", 'FROM a\nRUN ["build"]\nRUN rm -rf /src\n', layers],
    ["an order to a linter", "FROM a\nRUN build\n# hadolint ignore=DL3059\nRUN rm -rf /src\n", layers],
    ["another stage", "FROM a AS x\nRUN build\nFROM x\nRUN rm -rf /src\n", layers],
  ])("no edit for %s", async (_, dockerfile, sketch) => {
    expect(await editsOf(squashableLayers, { dockerfile, layers: sketch })).toEqual([]);
  });

  test("no edit for what only the base and one RUN do to each other", async () => {
    expect(
      await editsOf(squashableLayers, {
        dockerfile: "FROM a\nRUN rm -rf /src\nRUN x\nRUN y\n",
        layers: [...layers, "x(1)", "y(2)"],
        base: 1,
      }),
    ).toEqual([]);
  });
});
