/** Comments that silence, through the command: what is counted, and what is fixed. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Report } from "../../src/lint/report.ts";
import { layerlint } from "../support/command.ts";

const apt = "RUN apt-get update && apt-get install -y curl\n";
const clean = "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n";
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "layerlint-ignores-"));
  path = join(folder, "Dockerfile");
});
afterEach(() => rm(folder, { recursive: true }));

/** The file after `layerlint fix`. */
async function fixed(text: string, ...argv: string[]): Promise<string> {
  await writeFile(path, text);
  const { code, stderr } = await layerlint(["fix", ...argv, path]);
  expect([code, stderr]).toEqual([0, ""]);
  return readFile(path, "utf8");
}

test("a silenced finding fails nothing and is counted", async () => {
  await writeFile(path, `FROM debian\n# layerlint ignore=leftover-cache -- wanted\n${apt}`);
  const { code, stdout } = await layerlint(["--format", "json", path]);
  const { findings, summary } = JSON.parse(stdout) as Report;
  expect([code, findings, summary.suppressed, summary.failed]).toEqual([0, [], 1, false]);
  expect((await layerlint([path])).stdout).toMatch(/nothing found in .*Dockerfile \(1 suppressed\)/);
});

test("a silenced finding is not fixed, its neighbour is", async () => {
  const comment = "# hadolint ignore=DL3009\n";
  const two = (first: string) => `FROM debian\n${first}${comment}${apt}`;
  expect(await fixed(two("RUN apk add curl\n"))).toBe(two("RUN apk add --no-cache curl\n"));
  const text = `FROM debian\n${apt}`;
  expect(await fixed(text)).toBe(`FROM debian\n${clean}`);
  expect(await fixed(`${text}# layerlint ignore-file\n`)).toBe(`${text}# layerlint ignore-file\n`);
});

test("fix removes comments that silence nothing, where that is asked for", async () => {
  const text = `FROM debian\n# layerlint ignore=syntax -- once needed\n${clean}`;
  expect(await fixed(text)).toBe(text);
  expect(await fixed(text, "--preset", "strict", "--only", "unused-ignore,syntax")).toBe(
    `FROM debian\n${clean}`,
  );
});

test("fix keeps comments whose rule did not run, or that an image may need", async () => {
  const text = `FROM debian\n# layerlint ignore=syntax\n# layerlint ignore=secret-in-layer\n${clean}`;
  expect(await fixed(text, "--only", "unused-ignore")).toBe(text);
  expect(await fixed(text, "--only", "unused-ignore,secret-in-layer")).toBe(text);
});
