import { describe, expect, test } from "vitest";
import { layerOf, isProvenByLayers } from "../../src/analysis/layer-evidence.ts";
import { subjectOf, type SubjectSketch } from "../support/subject.ts";

/** For each line of the Dockerfile: whether the layers say what it did, and the layer that is its own. */
async function witnesses(sketch: SubjectSketch) {
  const subject = await subjectOf(sketch);
  return subject.dockerfile!.file.instructions.map((instruction) => [
    instruction.line,
    isProvenByLayers(subject, instruction),
    layerOf(subject, instruction),
  ]);
}

test("an instruction with a layer is proven by it", async () => {
  const sketch = { dockerfile: "FROM a\nRUN one\nENV A=1\nRUN two\n", layers: ["a(1)", "b(1)"] };
  expect(await witnesses(sketch)).toEqual([
    [1, false, undefined],
    [2, true, 0],
    [3, true, undefined],
    [4, true, 1],
  ]);
});

describe("an instruction that the image was built without is not proven", () => {
  const builtFrom = "FROM a\nRUN one\n";
  test.each([
    ["behind those that made a layer", "FROM a\nRUN one\nRUN new\n", [false, true, false]],
    ["before those that made a layer", "FROM a\nRUN new\nRUN one\n", [false, false, true]],
  ])("%s", async (_, dockerfile, expected) => {
    const found = await witnesses({ dockerfile, builtFrom, layers: ["a(1)"] });
    expect(found.map(([, speaks]) => speaks)).toEqual(expected);
  });

  test("nothing is proven when another Dockerfile built the image", async () => {
    const sketch = { dockerfile: "FROM a\nRUN other\n", builtFrom, layers: ["a(1)"] };
    expect(await witnesses(sketch)).toEqual([
      [1, false, undefined],
      [2, false, undefined],
    ]);
  });
});

test("a guessed link proves nothing: only one of two equal RUNs was built", async () => {
  const sketch = {
    dockerfile: "FROM a\nRUN zero\nRUN one\nRUN one\n",
    builtFrom: "FROM a\nRUN zero\nRUN one\n",
    layers: ["a(1)", "b(1)"],
  };
  const { image } = await subjectOf(sketch);
  expect(image!.origins.layers[1]).toMatchObject({ certainty: "guessed", instruction: { body: "one" } });
  expect(await witnesses(sketch)).toEqual([
    [1, false, undefined],
    [2, true, 0],
    [3, false, undefined],
    [4, false, undefined],
  ]);
});

test("kind and position suffice when the text is not recorded", async () => {
  const copy = `/bin/sh -c #(nop) COPY file:${"0a".repeat(32)} in /b `;
  const history = [{ createdBy: copy, emptyLayer: false }];
  const sketch = { dockerfile: "FROM a\nCOPY b /b\n", layers: ["b(1)"], history };
  const { image } = await subjectOf(sketch);
  expect(image!.origins.layers[0]!.certainty).toBe("aligned");
  expect(await witnesses(sketch)).toEqual([
    [1, false, undefined],
    [2, true, 0],
  ]);
});

test("a layer of a whole stage proves each of its lines, but is the layer of none", async () => {
  const sketch = {
    dockerfile: "FROM a\nRUN one\nRUN two\nCMD three\n",
    layers: ["a(1)"],
    config: { labels: { "io.buildah.version": "1.28" } },
    history: [
      { createdBy: "/bin/sh -c one", emptyLayer: true },
      { createdBy: "/bin/sh -c two", emptyLayer: true },
      { createdBy: "/bin/sh -c #(nop) CMD three", emptyLayer: false },
    ],
  };
  expect(await witnesses(sketch)).toEqual([
    [1, false, undefined],
    [2, true, undefined],
    [3, true, undefined],
    [4, true, undefined],
  ]);
});

test("neither of that is changed by the layers of the base", async () => {
  const sketch = {
    dockerfile: "FROM a\nRUN one\nARG B\nRUN two\n",
    layers: ["base(1)", "a(1)"],
    base: 1,
    config: { labels: { "io.buildah.version": "1.28" } },
    history: [
      { createdBy: "base layer 0", emptyLayer: false },
      { createdBy: "/bin/sh -c one", emptyLayer: true },
      { createdBy: "/bin/sh -c two", emptyLayer: false },
    ],
  };
  const found = await witnesses(sketch);
  expect(found.map(([, speaks]) => speaks)).toEqual([false, true, true, true]);
});

test("that layer also proves a line of the stage without a history entry", async () => {
  const sketch = {
    dockerfile: "FROM a\nRUN one\nARG B\nRUN two\n",
    layers: ["a(1)"],
    config: { labels: { "io.buildah.version": "1.28" } },
    history: [
      { createdBy: "/bin/sh -c one", emptyLayer: true },
      { createdBy: "/bin/sh -c two", emptyLayer: false },
    ],
  };
  const found = await witnesses(sketch);
  expect(found.map(([, speaks]) => speaks)).toEqual([false, true, true, true]);
});
