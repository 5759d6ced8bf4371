/** The cases of docs/spec/layers.md are what the code does, as they are written there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { applyLayers } from "../../src/rootfs/apply.ts";
import { sketchImage } from "../support/sketch.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/spec/layers.md"), "utf8");
const rows = [...page.matchAll(/^\| (\d\d) \| ([^|]+) \| `([^`]+)` \| (\d+) \/ (\d+) \| ([^|]*) \|$/gm)].map(
  ([, number = "", what = "", layers = "", content = "", dead = "", rest = ""]) => {
    const [files = "", notes = ""] = rest.startsWith("note") ? ["", rest] : rest.split("; ");
    return {
      name: `${number} ${what}`,
      layers: layers.split(" ∥ ").map((layer) => layer.replace("∅", "")),
      sums: [Number(content), Number(dead)],
      files: files.split(", ").filter((file) => file !== ""),
      notes: [...notes.matchAll(/note `([\w-]+)` (\S+)/g)].map(([, code, path]) => `${code} ${path}`),
    };
  },
);

test("the spec page has all cases with figures", () => {
  expect(rows.map(({ name }) => Number(name.slice(0, 2)))).toEqual([
    ...Array.from({ length: 34 }, (_, i) => i + 1),
    46,
  ]);
});

test.each(rows)("case $name", async ({ layers, sums, files, notes }) => {
  const image = sketchImage({ layers });
  const draft = applyLayers(image.layers);
  await image.hash(draft.questions.map(({ layer, entry }) => ({ layer: image.layers[layer]!, entry })));
  const rootfs = draft.settle();
  expect([rootfs.contentBytes, rootfs.deadBytes]).toEqual(sums);
  expect(rootfs.deadFiles.map((d) => `${d.path} ${d.bytes} ${d.cause} ${d.addedIn}→${d.hiddenIn}`)).toEqual(
    files,
  );
  expect(rootfs.notes.map(({ code, path }) => `${code} ${path}`)).toEqual(expect.arrayContaining(notes));
});
