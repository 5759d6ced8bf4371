import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A folder for the tests of one file, or of one `describe`; it goes after the last of them. */
export function testFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `layerlint-${name}-`));
  afterAll(() => rm(folder, { recursive: true }));
  return folder;
}

/** Paths in a folder that nothing has yet. */
export function freshPaths(folder: string): (suffix?: string) => string {
  let count = 0;
  return (suffix = "") => join(folder, `${count++}${suffix}`);
}
