/** What the README shows of the demo is what the command prints. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { layerlint } from "../support/command.ts";

const root = join(import.meta.dirname, "../..");
const demo = (name: string) => relative(process.cwd(), join(root, "fixtures/demo", name));

let folder: string;
let blocks: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "layerlint-readme-"));
  blocks = (await readFile(join(root, "README.md"), "utf8")).split("```");
});
afterAll(() => rm(folder, { recursive: true }));

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
