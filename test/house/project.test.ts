/** What is said of the project in several places is the same in all of them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { homepage, schemaId } from "../../src/project.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const { version, ...manifest } = JSON.parse(read("package.json")) as { version: string; homepage: string };

const pages = ["README.md", ...filesIn("docs")].filter((file) => file.endsWith(".md"));

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(root.length + 1));
}

describe("the project's address", () => {
  test("is in package.json", () => {
    expect(manifest.homepage).toBe(homepage);
  });

  test("is the one of every page and file that names one", () => {
    const others = [
      "package.json",
      ".pre-commit-hooks.yaml",
      "CONTRIBUTING.md",
      "ARCHITECTURE.md",
      "SECURITY.md",
    ];
    const files = [...pages, ...others, ...filesIn(".github"), ...filesIn("schema")];
    const named = files.flatMap((file) =>
      [...read(file).matchAll(/https?:\/\/[^\s"'`)>]*\/layerlint\b[^\s"'`)>]*/g)].map(([url]) => ({
        file,
        url,
      })),
    );
    expect(named.filter(({ url }) => url !== homepage && !url.startsWith(`${homepage}/`))).toEqual([]);
    expect(named.map(({ file }) => file)).toEqual(
      expect.arrayContaining(["package.json", "schema/report.schema.json"]),
    );
  });

  test("is where the hook is taken from", () => {
    const repositories = pages.flatMap((page) =>
      [...read(page).matchAll(/- repo: (\S*layerlint\S*)/g)].map(([, url]) => url),
    );
    expect(repositories.length).toBeGreaterThan(0);
    expect(new Set(repositories)).toEqual(new Set([homepage]));
  });

  test.each(readdirSync(join(root, "schema")))("begins the id of schema/%s", (file) => {
    const { $id } = JSON.parse(read(join("schema", file))) as { $id: string };
    expect($id).toBe(schemaId(basename(file, ".schema.json")));
  });
});

test("the hook's rev is the tag of this version", () => {
  const revs = pages.flatMap((page) => [...read(page).matchAll(/\brev: (\S+)/g)].map(([, rev]) => rev));
  expect(revs.length).toBeGreaterThan(0);
  expect(new Set(revs)).toEqual(new Set([`v${version}`]));
});

/** As long as the address is a placeholder, so is everything that needs somebody to answer. */
test.each(["SECURITY.md", "CODE_OF_CONDUCT.md"])("%s says where a contact is missing", (file) => {
  expect(existsSync(join(root, file))).toBe(true);
  const isPlaceholder = new URL(homepage).hostname.startsWith("example.");
  expect(/\*\*Placeholder\.\*\*/.test(read(file))).toBe(isPlaceholder);
});
