/** What the README shows of the demo is what the command prints. */
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";

const root = join(import.meta.dirname, "../..");
const demo = (name: string) => relative(process.cwd(), join(root, "fixtures/demo", name));

const folder = testFolder("readme");
let blocks: string[];
beforeAll(async () => {
  blocks = (await readFile(join(root, "README.md"), "utf8")).split("```");
});

function shown(start: string): string[] {
  const block = blocks.find((text) => text.trimStart().startsWith(start));
  if (block === undefined) throw new Error(`README.md shows nothing that begins with ${start}`);
  return block.split("\n").filter((line) => line.trim() !== "" && line.trim() !== "…");
}

test("of lint", async () => {
  const { stdout } = await layerlint(["lint", demo("Dockerfile"), demo("image.tar")]);
  const lines = stdout.split("\n");
  expect(shown("fixtures/demo/Dockerfile:8").filter((line) => !lines.includes(line))).toEqual([]);
});

test("of optimize", async () => {
  const output = join(folder, "small.tar");
  const { stdout } = await layerlint(["optimize", demo("Dockerfile"), demo("image.tar"), "-o", output]);
  const lines = stdout.replace(output, "small.tar").split("\n");
  expect(shown("fixtures/demo/image.tar →").filter((line) => !lines.includes(line))).toEqual([]);
});
