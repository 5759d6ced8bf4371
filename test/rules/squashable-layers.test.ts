import { describe, expect, test } from "vitest";
import { squashableLayers } from "../../rules/squashable-layers.ts";
import { findingsOf, type SubjectSketch } from "../support/subject.ts";

const find = (sketch: SubjectSketch) => findingsOf(squashableLayers, sketch);

test("bytes that die between neighbours are what one layer would save", async () => {
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
    fixes: [{ operation: "squash", safety: "unsafe" }],
  });
  expect(finding?.inodes).toBeUndefined();
  expect(finding?.advice).toMatch(
    /The price: a change of line 3 alone then sends 3\.0 MB again instead of \d\.\d kB\./,
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

test("what dies is weighed against what would be sent again", async () => {
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

test("sending 2.0 MB instead of 2.0 MB is no price", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nCOPY a /a\nRUN touch /a\n",
    layers: ["a(2MB,h)", "a(2MB,h,mtime=5)"],
  });
  expect(finding?.advice).toContain("Next to nothing is lost in sharing");
});

describe("other images", () => {
  test("one layer, or none, has no neighbour", async () => {
    expect(await find({ layers: [] })).toEqual([]);
    expect(await find({ layers: ["f(1MB)"] })).toEqual([]);
  });
});
