import { describe, expect, test } from "vitest";
import { identicalRewrite } from "../../../rules/layers/identical-rewrite.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const find = (sketch: SubjectSketch) => findingsOf(identicalRewrite, sketch);

test("a second equal copy is named with both lines", async () => {
  const [finding, ...others] = await find({
    dockerfile: "FROM a\nCOPY data /data\nCOPY . /\n",
    layers: ["data/ data/x(3MB,x)", "data/ data/x(3MB,x) y(5)"],
  });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    message:
      "line 3 stores 3.0 MB in 1 file again that line 2 already added (/data/x): nothing about it changed",
    bytes: 3_000_000,
    evidence: "both",
    fixes: [{ operation: "drop-dead", safety: "safe" }],
  });
  expect(finding?.severity).toBeUndefined();
});

describe("a package manifest that is copied first for the build cache", () => {
  const sketch = {
    dockerfile: "FROM a\nCOPY package-lock.json /app/\nCOPY . /app\n",
    layers: ["app/ app/package-lock.json(400kB,lock)", "app/ app/package-lock.json(400kB,lock)"],
  };

  test("is info", async () => {
    expect((await find(sketch))[0]?.severity).toBe("info");
  });

  test("is a warning where warn-from says so", async () => {
    const [finding] = await findingsOf(identicalRewrite, sketch, { "warn-from": 400_000 });
    expect(finding).toBeDefined();
    expect(finding?.severity).toBeUndefined();
  });
});

test("equal copies of base image files count with the new copy, and that is the one to drop", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nRUN dpkg-reconfigure x\n",
    layers: ["usr/ usr/f(2MB,h)", "usr/ usr/f(2MB,h)"],
    base: 1,
  });
  expect(finding).toMatchObject({
    bytes: 2_000_000,
    fixes: [{ operation: "drop-identical", safety: "safe" }],
  });
  expect(finding?.inodes?.map(({ layer }) => layer)).toEqual([1]);
});

test("the same layer twice in one image is repeated as a whole", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nCOPY x /\nCOPY x /\n",
    layers: ["d/ d/x(1MB,x) y(2MB,y)", "d/ d/x(1MB,x) y(2MB,y)"],
  });
  expect(finding?.bytes).toBe(3_000_000);
});

test("it is silent when mode, time or content differ", async () => {
  expect(
    await find({
      dockerfile: "FROM a\nCOPY x /\nCOPY x /\n",
      layers: ["a(2MB,a) b(2MB,b,0644) c(2MB)", "a(2MB,a,mtime=1) b(2MB,b,0600) c(2MB)"],
    }),
  ).toEqual([]);
});
