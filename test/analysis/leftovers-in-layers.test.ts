import { describe, expect, test } from "vitest";
import { leftoversInLayers, prunableFiles } from "../../src/analysis/caches/leftovers-in-layers.ts";
import { isRewritable } from "../../src/analysis/rewritable-layers.ts";
import { subjectOf, type SubjectSketch } from "../support/subject.ts";

const viewOf = async (sketch: SubjectSketch) => (await subjectOf(sketch)).image!;

/** The leftovers as text: what, the layer, the bytes. */
async function leftovers(sketch: SubjectSketch): Promise<string[]> {
  const { groups } = leftoversInLayers(await viewOf(sketch), undefined);
  return groups.map(({ kind, layer, bytes }) => `${kind.what} in ${layer}: ${bytes}`);
}

/** The paths of the files that would be pruned, by layer. */
async function pruned(sketch: SubjectSketch, kinds: readonly ("caches" | "logs")[]) {
  const files = prunableFiles(await viewOf(sketch), undefined, new Set(kinds));
  return [...files].flatMap(([layer, entries]) => [...entries].map(({ path }) => `${layer} ${path}`));
}

describe("leftovers", () => {
  test("are grouped by kind and layer", async () => {
    const layers = ["tmp/ tmp/a(10kB) tmp/b(5kB) var/log/x.log(7kB)", "tmp/c(3kB)"];
    expect((await leftovers({ layers })).toSorted()).toEqual([
      "log files in 0: 7000",
      "temporary files in 0: 15000",
      "temporary files in 1: 3000",
    ]);
  });

  test("of the base image stand apart", async () => {
    const view = await viewOf({ layers: ["tmp/ tmp/a(10kB)", "tmp/b(5kB)"], base: 1 });
    const { groups, inBase } = leftoversInLayers(view, undefined);
    expect(groups.map(({ layer }) => layer)).toEqual([1]);
    expect(inBase.map(({ paths }) => paths)).toEqual([["tmp/a"]]);
  });

  test("are no empty files, and no files that have a name elsewhere", async () => {
    expect(await leftovers({ layers: ["tmp/ tmp/a(0) tmp/b(1) srv/ srv/b≡tmp/b"] })).toEqual([]);
    expect(await leftovers({ layers: ["tmp/ tmp/a(0) tmp/b(1) tmp/c≡tmp/b"] })).toEqual([
      "temporary files in 0: 1",
    ]);
  });

  test.each([
    ["in a folder of two names", "PIP_CACHE_DIR=/srv/pip", "srv/pip/x(5kB)", true],
    ["in a folder with two slashes", "PIP_CACHE_DIR=/srv//pip", "srv//pip/x(5kB)", true],
    ["in a folder whose name ends in cache", "PIP_CACHE_DIR=/pipcache", "pipcache/x(5kB)", true],
    ["with an equals sign in its name", "PIP_CACHE_DIR=/srv/a=b", "srv/a=b/x(5kB)", true],
    [
      "below a folder of one name, where the tool has one of its own",
      "GOPATH=/go",
      "go/pkg/mod/x(5kB)",
      true,
    ],
    ["in a folder of one name, which may be the application", "PIP_CACHE_DIR=/app", "app/x(5kB)", false],
    ["in a relative folder", "PIP_CACHE_DIR=srv/pip", "rv/pip/x(5kB)", false],
    ["in the root", "GOPATH=/", "pkg/mod/x(5kB)", false],
    ["in a folder that begins like /tmp", "PIP_CACHE_DIR=/tmpx", "tmpx/x(5kB)", false],
    ["in another folder", "PIP_CACHE_DIR=/srv/pip", "srv/pipx(5kB)", false],
  ])("that a variable moved %s: %s", async (_, variable, file, isFound) => {
    const found = await leftovers({ layers: [file], config: { env: ["A=1", variable] } });
    expect(found.length > 0).toBe(isFound);
  });

  test("that the image may want are at most an info, and never pruned", async () => {
    const layers = ["root/.npm/_cacache/x(10kB)", "go/pkg/mod/cache/x(10kB)"];
    const { groups } = leftoversInLayers(await viewOf({ layers }), undefined);
    expect(
      groups.map(({ kind }) => `${kind.cache?.manager.id} ${kind.atMost} ${kind.prunes}`).toSorted(),
    ).toEqual(["go info undefined", "npm undefined caches"]);
  });
});

describe("pruning takes", () => {
  const layers = [
    "tmp/ tmp/a(10kB) tmp/b(1kB) var/log/x.log(9kB)",
    "tmp/c(8kB) var/log/y.log(4095)",
    "tmp/d(4096)",
  ];

  test("the wanted kinds, from a size on", async () => {
    expect(await pruned({ layers }, ["caches"])).toEqual(["0 tmp/a", "0 tmp/b", "1 tmp/c", "2 tmp/d"]);
    expect(await pruned({ layers }, ["logs"])).toEqual(["0 var/log/x.log"]);
    expect((await pruned({ layers }, ["logs", "caches"])).length).toBe(5);
    expect(await pruned({ layers }, [])).toEqual([]);
  });

  test("nothing that containers may want", async () => {
    expect(await pruned({ layers: ["go/pkg/mod/cache/x(10kB) core.17(10kB)"] }, ["logs", "caches"])).toEqual(
      [],
    );
  });

  test("nothing of the base, nor of a layer that is kept", async () => {
    expect(await pruned({ layers, base: 1 }, ["caches"])).toEqual(["1 tmp/c", "2 tmp/d"]);
    const view = { ...(await viewOf({ layers })), refused: new Set([1]) };
    expect([...prunableFiles(view, undefined, new Set(["caches"])).keys()]).toEqual([0, 2]);
  });
});

test("a layer may be rewritten above the base, unless it is refused", async () => {
  const view = await viewOf({ layers: ["a(1)", "b(1)", "c(1)"], base: 1 });
  expect([0, 1, 2].map((layer) => isRewritable(view, layer))).toEqual([false, true, true]);
  const planned = { ...view, refused: new Set([2]) };
  expect([0, 1, 2].map((layer) => isRewritable(planned, layer))).toEqual([false, true, false]);
});
