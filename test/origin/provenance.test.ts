/** The provenance that a real builder attached, and what damaged or foreign ones do. */
import { asDiffId } from "../../src/image/digest.ts";
import type { OriginFacts } from "../../src/origin/origin-facts.ts";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Image } from "../../src/image/image.ts";
import { openImage } from "../../src/image/open.ts";
import { originsOf } from "../../src/origin/origins.ts";
import { provenanceOf } from "../../src/origin/provenance.ts";
import { viewOf } from "../support/history-samples.ts";

let image: Image;
beforeAll(async () => {
  image = await openImage(
    join(import.meta.dirname, "../../fixtures/archives/containerd-provenance-max.tar"),
    {},
  );
});
afterAll(() => image.close());

test("a record of mode max embeds the Dockerfile, and each line it names made its layer", () => {
  const provenance = provenanceOf(image)!;
  expect(provenance.dockerfile).toContain("FROM");
  const origins = originsOf(image, viewOf(provenance.dockerfile!));
  expect(provenance.lineOf.size).toBeGreaterThan(0);
  for (const [layer, line] of provenance.lineOf) {
    expect(origins.layers[layer]).toMatchObject({ certainty: "exact", instruction: { line } });
  }
  expect(origins.base).toMatchObject({ layers: provenance.baseLayers, foundBy: "provenance" });
});

test("the lines of a record count only for the text it was made from", () => {
  const { dockerfile, lineOf } = provenanceOf(image)!;
  const shifted = originsOf(image, viewOf(`# another line\n${dockerfile!}`));
  for (const [layer, line] of lineOf) expect(shifted.layers[layer]!.instruction?.line).toBe(line + 1);
  const windows = originsOf(image, viewOf(dockerfile!.replaceAll("\n", "\r\n")));
  for (const [layer, line] of lineOf) expect(windows.layers[layer]!.instruction?.line).toBe(line);
});

test("a record about other layers is ignored", () => {
  const other: OriginFacts = {
    name: "x",
    config: image.config,
    annotations: {},
    attestations: image.attestations,
    layers: image.layers.map(() => ({ diffId: asDiffId(`sha256:${"0".repeat(64)}`) })),
  };
  expect(provenanceOf(other)).toBeUndefined();
});

test.each([
  null,
  1,
  "text",
  [],
  { metadata: [] },
  { runDetails: { metadata: { buildkit_metadata: { layers: { "step0:0": [[{}]] } } } } },
])("a damaged record is no record: %j", (predicate) => {
  const attestations = [{ predicateType: "https://slsa.dev/provenance/v1", predicate }];
  expect(provenanceOf({ ...facts(), attestations })).toBeUndefined();
});

function facts(): OriginFacts {
  return { name: "x", config: image.config, annotations: {}, attestations: [], layers: image.layers };
}

test("the graph-driver store names diff IDs, in the older format", () => {
  const descriptors = image.layers.map(({ diffId }) => ({ digest: diffId, size: -1 }));
  const predicate = {
    buildConfig: {
      llbDefinition: [
        { id: "step0", op: { Op: { source: { identifier: "docker-image://x" } } } },
        { id: "step1" },
      ],
    },
    metadata: {
      "https://mobyproject.org/buildkit@v1#metadata": {
        layers: { "step0:0": [descriptors.slice(0, 1)], "step1:0": [descriptors], "step2:0": [[]] },
        source: {
          infos: [{ data: btoa("FROM x\nRUN y\n") }],
          locations: { step1: { locations: [{ ranges: [{ start: { line: 9 } }, { start: { line: 2 } }] }] } },
        },
      },
    },
  };
  const attestations = [{ predicateType: "https://slsa.dev/provenance/v0.2", predicate }];
  expect(provenanceOf({ ...facts(), attestations })).toEqual({
    baseLayers: 1,
    dockerfile: "FROM x\nRUN y\n",
    lineOf: image.layers.length === 1 ? new Map() : new Map([[image.layers.length - 1, 2]]),
  });
});
