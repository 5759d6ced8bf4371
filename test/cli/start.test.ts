/** The launcher: the bundle starts with the code that was made of it, and without. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { expect, test } from "vitest";

const bin = join(import.meta.dirname, "../../dist/bin");

function lint(folder: string, ...flags: string[]): string {
  const dockerfile = join(import.meta.dirname, "../../fixtures/demo/Dockerfile");
  return execFileSync(
    process.execPath,
    [...flags, join(folder, "layerlint.js"), "--fail-on=never", dockerfile],
    {
      encoding: "utf8",
    },
  );
}

test("this Node accepts the code cache of every file that has one", async () => {
  const files = (await readdir(bin)).filter((file) => file.endsWith(".code"));
  expect(files).toContain("main.js.code");
  for (const file of files) {
    const source = readFileSync(join(bin, file.slice(0, -5)), "utf8");
    const script = new Script(source, { cachedData: readFileSync(join(bin, file)) });
    expect(script.cachedDataRejected, file).toBe(false);
  }
});

test("without the cache, with that of another Node, or with half of it, the output is the same", async () => {
  const folder = await mkdtemp(join(tmpdir(), "layerlint-start-"));
  try {
    await cp(bin, folder, { recursive: true });
    const said = lint(folder);
    expect(said).toContain("Dockerfile");
    expect(lint(folder, "--no-lazy")).toBe(said);
    const code = join(folder, "main.js.code");
    await truncate(code, 1000);
    expect(lint(folder)).toBe(said);
    await writeFile(code, "of another Node");
    expect(lint(folder)).toBe(said);
    await rm(code);
    expect(lint(folder)).toBe(said);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("help is formatted although its formatter is loaded on demand", () => {
  const help = execFileSync(process.execPath, [join(bin, "layerlint.js"), "--help"], { encoding: "utf8" });
  expect(help).toContain("layerlint inspect [targets..]");
});
