/** Where the base ends, and what another project's Dockerfile, a lost layer or a whole stage in one layer mean. */
import { describe, expect, test } from "vitest";
import { asDiffId } from "../../src/image/digest.ts";
import { fixedLayersOf, originsOf } from "../../src/origin/origins.ts";
import { factsOf, samples, viewOf } from "../support/history-samples.ts";

const foreign = viewOf(
  'FROM alpine:3.20\nWORKDIR /home/app\nRUN apk add --no-cache nodejs\nCOPY package.json /home/app/\nRUN npm ci --omit=dev\nCMD ["node", "index.js"]\n',
);

function sample(builder: string, dockerfile: string) {
  return samples.find((each) => each.builder === builder && each.dockerfile === dockerfile)!;
}

test.each(samples)("$name: the Dockerfile of another project gives no line", ({ history }) => {
  const origins = originsOf(factsOf(history), foreign);
  expect(origins.matches).toBe(false);
  expect(origins.links.every(({ instruction }) => instruction === undefined)).toBe(true);
  expect(origins.layers.every(({ certainty }) => certainty === "none")).toBe(true);
});

describe("--base", () => {
  const { history, text } = sample("docker 28.5 BuildKit", "copy");
  const facts = factsOf(history);

  test("a number of layers is the boundary, empty entries on either side of it", () => {
    const { base } = originsOf(facts, undefined, { base: 1 });
    expect(base).toMatchObject({ layers: 1, foundBy: "option" });
  });
  test("more layers than the image has is an error", () => {
    expect(() => originsOf(facts, undefined, { base: 99 })).toThrow("has only");
  });
  test("the layers of the FROM image are the boundary", () => {
    const below = { ...facts.config, diffIds: facts.config.diffIds.slice(0, 1) };
    const other = (...diffIds: readonly string[]) => ({ ...below, diffIds: diffIds.map(asDiffId) });
    const origins = originsOf(facts, viewOf(text), {
      bases: [other(), below, other("sha256:other")],
    });
    expect(origins.base).toEqual({ layers: 1, history: 1, foundBy: "base-image" });
  });
  test("an image that is not below this one is an error", () => {
    expect(() =>
      originsOf(facts, undefined, {
        bases: [{ ...facts.config, diffIds: [asDiffId(`sha256:${"f".repeat(64)}`)] }],
      }),
    ).toThrow("is not its base");
  });
});

test("buildpacks name the top layer of the run image", () => {
  const plain = factsOf(sample("docker 28.5 BuildKit", "copy").history);
  const label = JSON.stringify({ runImage: { topLayer: plain.config.diffIds[2] } });
  const facts = {
    ...plain,
    config: { ...plain.config, labels: { "io.buildpacks.lifecycle.metadata": label } },
  };
  expect(originsOf(facts, undefined).base).toMatchObject({ layers: 3, foundBy: "annotation" });
});

test("without a Dockerfile a change of the builder is the boundary, and optimize keeps to the first layer", () => {
  const origins = originsOf(factsOf(sample("docker 28.5 BuildKit", "copy").history), undefined);
  expect(origins.base).toEqual({ layers: 1, history: 1, foundBy: "builder-change" });
  expect(fixedLayersOf(origins)).toBe(1);
});

test("layers of an official image built by BuildKit count as base layers", () => {
  const entry = (createdBy: string, emptyLayer = false) => ({
    createdBy,
    emptyLayer,
    comment: "buildkit.dockerfile.v0",
  });
  const history = [
    { createdBy: "# debian.sh --arch 'amd64' out/ 'bookworm'", emptyLayer: false },
    entry("ENV PATH=/usr/local/bin", true),
    entry("RUN /bin/sh -c make python # buildkit"),
    entry('CMD ["python3"]', true),
    entry("WORKDIR /app"),
    entry("COPY . . # buildkit"),
    entry('CMD ["python3" "app.py"]', true),
  ];
  expect(originsOf(factsOf(history), undefined).base).toEqual({
    layers: 2,
    history: 4,
    foundBy: "last-cmd",
  });
});

test("nothing is shifted when layers and entries differ in number", () => {
  const { history, text } = sample("docker 28.5 BuildKit", "copy");
  const facts = factsOf(history);
  const origins = originsOf({ ...facts, layers: facts.layers.slice(1) }, viewOf(text));
  expect(origins.unaligned).toBe(true);
  expect(origins.layers.map(({ createdBy }) => createdBy)).toEqual(
    facts.layers.slice(1).map(() => undefined),
  );
});

test("without a history there is nothing to align", () => {
  const facts = factsOf([]);
  const origins = originsOf(
    { ...facts, layers: [{ diffId: asDiffId(`sha256:${"1".repeat(64)}`) }] },
    foreign,
  );
  expect(origins).toMatchObject({ matches: false, unaligned: false, links: [] });
});

test.each(["buildah 1.28", "buildah 1.43"])(
  "%s without --layers: the layer is of the whole stage, at most aligned",
  (builder) => {
    const { history, text } = sample(builder, "run-forms");
    const { layers } = originsOf(factsOf(history), viewOf(text));
    expect(layers.at(-1)).toMatchObject({
      instruction: { line: 3 },
      lastInstruction: { line: 18 },
      certainty: "aligned",
    });
  },
);

test("FROM scratch has no base", () => {
  const { history, text } = sample("docker 28.5 BuildKit", "scratch");
  expect(originsOf(factsOf(history), viewOf(text)).base).toEqual({
    layers: 0,
    history: 0,
    foundBy: "scratch",
  });
});
