import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
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

test("no two files of src and rules have the same name, but for index.ts", () => {
  const names = ["src", "rules"]
    .flatMap((room) => readdirSync(join(root, room), { recursive: true, encoding: "utf8" }))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => basename(name))
    .filter((name) => name !== "index.ts");
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
