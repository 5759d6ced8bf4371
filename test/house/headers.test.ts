import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

test("every file of src begins with a comment that says what it is for", () => {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  expect(files.length).toBeGreaterThan(200);
  const without = files.filter((name) => !/^\/\*\*\s/.test(readFileSync(join(root, "src", name), "utf8")));
  expect(without, "begin these files with /** what the file is for */").toEqual([]);
});
