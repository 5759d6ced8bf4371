/** ARCHITECTURE.md names what exists: every noun of the glossary, every room and its order. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rooms } from "../../scripts/rooms.mjs";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");

/** The cells of the table below a heading, without its head. */
function tableOf(heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => row.slice(1, -1).split("|"));
}

const inCode = (cell = "") => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
const nouns = tableOf("Glossary").flatMap(([names, what, where]) => {
  const file = inCode(where)[0] ?? "";
  const more = inCode(what).filter((code) => /^[A-Z]\w+$/.test(code ?? ""));
  return [...inCode(names), ...more].map((noun) => ({ noun, file }));
});

test("the glossary has nouns", () => {
  expect(nouns.length).toBeGreaterThan(30);
});

test.each(nouns)("$noun is exported by $file", ({ noun, file }) => {
  const text = existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "";
  expect(text).toMatch(
    new RegExp(`^export (?:abstract )?(?:interface|type|class|const|function) ${noun}\\b`, "m"),
  );
});

test("the table of rooms is the rooms, from the top down", () => {
  const paths = tableOf("The rooms").map(([room]) => inCode(room)[0]);
  expect(paths).toEqual(
    Object.values(rooms)
      .map(({ path }) => path)
      .toReversed(),
  );
});

test("each room keeps the packages that the table says", () => {
  const packages = tableOf("The rooms").map((cells) => (cells[2] ?? "").trim());
  expect(packages).toEqual(
    Object.values(rooms)
      .map((room) => (room.packages ?? []).join(", "))
      .toReversed(),
  );
});

test.each(
  [...page.matchAll(/`((?:src|rules|test|scripts|docs|schema)(?:\/[\w.-]+)*\/?)`/g)].map(([, path]) => path),
)("%s is there", (path) => {
  expect(existsSync(join(root, path ?? ""))).toBe(true);
});
