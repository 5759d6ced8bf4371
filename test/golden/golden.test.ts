/**
 * What the command prints must be what test/golden/expected holds, byte for byte. `npm run golden` writes these files
 * anew; the commit shows what has changed.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { createTwoFilesPatch } from "diff";
import { afterAll, expect, test } from "vitest";
import { groups } from "./outputs.ts";

const expected = join(import.meta.dirname, "expected");
const writes = process.env["LAYERLINT_GOLDEN"] === "write";
const shownLines = 120;
const accept = "if this is what you meant, `npm run golden` accepts it";

// targets are found from the working folder: with relative names no output depends on where that is
const before = process.cwd();
const temporary = mkdtempSync(join(tmpdir(), "layerlint-golden-"));
afterAll(async () => {
  process.chdir(before);
  await rm(temporary, { recursive: true });
});

if (writes) rmSync(expected, { recursive: true, force: true });

test.each([...groups])("%s", { timeout: 120_000 }, async (name, group) => {
  const folder = mkdtempSync(join(temporary, "group-"));
  process.chdir(folder);
  const text = await group(folder);
  expect(text).not.toContain(temporary);
  const file = join(expected, name);
  if (writes) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const was = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (text !== was) throw new Error(difference(`test/golden/expected/${name}`, was, text));
});

test("every file of test/golden/expected is one that the set writes", () => {
  const files = readdirSync(expected, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(expected, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  expect(
    files.filter((file) => !groups.has(file)),
    accept,
  ).toEqual([]);
});

function difference(name: string, was: string, is: string): string {
  const lines = createTwoFilesPatch(`a/${name}`, `b/${name}`, was, is, undefined, undefined, {
    context: 3,
  }).split("\n");
  const rest = lines.length - shownLines;
  const more = rest > 0 ? `\n… and ${rest} more lines` : "";
  return `the output differs; ${accept}\n${lines.slice(1, shownLines).join("\n")}${more}`;
}
