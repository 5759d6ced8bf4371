import { formatList } from "../../src/format.ts";
import { madeBy } from "../../src/analysis/made-by.ts";
import { describe, expect, test } from "vitest";
import { evidenceOf, layerName, layerNames, shortCommand } from "../../src/rule/findings/layer-names.ts";
import { subjectOf, type SubjectSketch } from "../support/subject.ts";

test.each([
  ["RUN /bin/sh -c apt-get update # buildkit", "RUN apt-get update"],
  ["RUN |2 TOKEN=abc B=x y /bin/sh -c make # buildkit", "RUN make"],
  ["|1 TOKEN=abc /bin/sh -c make", "RUN make"],
  ["RUN |1 TOKEN=abc unknown-shell make # buildkit", "RUN …"],
  ["RUN /bin/bash -o pipefail -c make | tee log # buildkit", "RUN make | tee log"],
  ["/bin/sh -c make", "RUN make"],
  ['/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'],
  [`/bin/sh -c #(nop) COPY file:${"0a".repeat(32)} in /x `, "COPY file in /x"],
  ["COPY a /b # buildkit", "COPY a /b"],
  ["RUN cp a b", "RUN cp a b"],
  ["RUN /bin/sh -c make\n  two\n # buildkit", "RUN make two"],
  ["", ""],
])("%j is shown as %j", (createdBy, shown) => {
  expect(shortCommand(createdBy)).toBe(shown);
});

test("a long command is cut, and never in the middle of a character", () => {
  for (let i = 0; i < 4; i++) {
    const shown = shortCommand(`RUN ${"x".repeat(32 + i)}😀😀😀😀`);
    expect(shown.length).toBeLessThanOrEqual(40);
    expect(shown).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    expect(shown.endsWith("…")).toBe(true);
  }
});

test("names are joined with commas and with and", () => {
  expect([formatList([]), formatList(["a"]), formatList(["a", "b"]), formatList(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
});

test("a stage in one layer is not called after its CMD, which makes no file", async () => {
  const { image } = await subjectOf({
    layers: ["a(1)"],
    history: [
      { createdBy: "/bin/sh -c make", emptyLayer: true },
      { createdBy: '/bin/sh -c #(nop) CMD ["sh"]', emptyLayer: false },
    ],
  });
  expect(layerName(image!, 0)).toBe('layer 0 (all up to CMD ["sh"])');
});

describe("a layer is called after", async () => {
  const buildah = { config: { labels: { "io.buildah.version": "1.28" } } };
  const recorded = (...texts: string[]) =>
    texts.map((createdBy, i) => ({ createdBy, emptyLayer: i < texts.length - 1 }));
  const viewOf = async (sketch: SubjectSketch) => (await subjectOf(sketch)).image!;

  test("its line, and several layers after theirs", async () => {
    const view = await viewOf({
      dockerfile: "FROM a\nCOPY one /\nADD two /\n\nRUN three\nWORKDIR /w\n",
      layers: ["base(1)", "one(1)", "two(1)", "three(1)", "w/"],
      base: 1,
    });
    expect([0, 1, 2, 3, 4].map((layer) => layerName(view, layer))).toEqual([
      "the base image",
      "line 2",
      "line 3",
      "line 5",
      "line 6",
    ]);
    expect([1, 2, 3, 4].map((layer) => madeBy(view, layer))).toEqual(["COPY", "ADD", "RUN", "WORKDIR"]);
    expect(layerNames(view, [1])).toBe("line 2");
    expect(layerNames(view, [1, 2, 3])).toBe("lines 2, 3 and 5");
    expect(layerNames(view, [0, 1])).toBe("the base image and line 2");
    expect([evidenceOf(view, [0]), evidenceOf(view, [0, 1])]).toEqual(["layers", "both"]);
  });

  test("the line that it is guessed to be of", async () => {
    const view = await viewOf({
      dockerfile: "FROM a\nRUN zero\nRUN one\nRUN one\n",
      builtFrom: "FROM a\nRUN zero\nRUN one\n",
      layers: ["a(1)", "b(1)"],
    });
    expect([0, 1].map((layer) => layerName(view, layer))).toEqual(["line 2", "layer 1 (probably line 4)"]);
  });

  test("all lines of the stage that it holds", async () => {
    const dockerfile = "FROM a\nRUN one\nRUN two\n";
    const stage = { dockerfile, layers: ["a(1)"], ...buildah };
    const sure = await viewOf({ ...stage, history: recorded("/bin/sh -c one", "/bin/sh -c two") });
    expect(layerName(sure, 0)).toBe("the layer of lines 2 to 3");
    expect(madeBy(sure, 0)).toBeUndefined();
    const unsure = await viewOf({
      ...stage,
      history: recorded("/bin/sh -c one", "/bin/sh -c other", "/bin/sh -c two"),
    });
    expect(layerName(unsure, 0)).toBe("layer 0 (probably lines 2 to 3)");
  });

  test("what the history records where there is no Dockerfile, if it does", async () => {
    const history = [
      { createdBy: "/bin/sh -c make", emptyLayer: false },
      { createdBy: "", emptyLayer: false },
    ];
    const view = await viewOf({ layers: ["a(1)", "b(1)"], history });
    expect([0, 1].map((layer) => [layerName(view, layer), madeBy(view, layer)])).toEqual([
      ["layer 0 (RUN make)", "RUN"],
      ["layer 1", undefined],
    ]);
    expect(layerNames(view, [0, 1])).toBe("layer 0 (RUN make) and layer 1");
  });
});
