/** Comments cite facts by document and place; both have to be in this repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** What an item of each kind looks like. */
const items: Readonly<Record<string, string>> = {
  section: "\\d+",
  rule: "\\d+",
  step: "\\d+",
  fix: "\\d+",
  case: "\\d+|[A-Z]\\d?",
  row: "[A-Z]",
  evidence: "[a-z]",
};

interface Citation {
  readonly document: string;
  /** Such as `rule 7`; a heading stands as `"Fixes"`. */
  readonly places: readonly string[];
}

describe("a citation is read", () => {
  test.each<[comment: string, places: string[]]>([
    ["docs/spec/a.md", []],
    ["docs/spec/a.md, rule 7)", ["rule 7"]],
    ["docs/spec/a.md, rules 2 to 4: the", ["rule 2", "rule 3", "rule 4"]],
    ["docs/spec/a.md, rows D to F, J and W)", ["row D", "row E", "row F", "row J", "row W"]],
    [
      "docs/spec/a.md, section 2, step 2, evidence a to c)",
      ["section 2", "step 2", "evidence a", "evidence b", "evidence c"],
    ],
    ["docs/spec/a.md, section 6, cases D2 and G", ["section 6", "case D2", "case G"]],
    ["docs/spec/a.md, section 9, u)", ["section 9"]],
    ['docs/spec/a.md, "Some heading")', ['"Some heading"']],
    ["the cases 35 to 36 of docs/spec/a.md that", ["case 35", "case 36"]],
  ])("%s", (comment, places) => {
    expect(citationsIn(comment)).toEqual([{ document: "docs/spec/a.md", places }]);
  });
});

test("places are the headings of a document and the first cells of its tables", () => {
  const places = placesOf(
    "## Section 2: from here\n### Fixes\n| case | what |\n|---|---|\n| 01 | x |\n| D2 | y |\n",
  );
  expect([...places].toSorted()).toEqual([
    '"Fixes"',
    '"Section 2: from here"',
    "case 1",
    "case D2",
    "section 2",
  ]);
});

describe("cited documents and places exist", () => {
  const cited = sourceFiles().flatMap((file) =>
    commentsOf(file).flatMap((comment) => citationsIn(comment).map((citation) => ({ file, ...citation }))),
  );

  test("all documents and places", () => {
    const missing = cited.flatMap(({ file, document, places }) => {
      if (!existsSync(join(root, document))) return [`${file}: ${document}`];
      const known = placesOf(readFileSync(join(root, document), "utf8"));
      return places.filter((place) => !known.has(place)).map((place) => `${file}: ${document}, ${place}`);
    });
    expect([...new Set(missing)]).toEqual([]);
  });

  test("the documents are cited, which shows that this test reads the right files", () => {
    const names = ["layers", "history", "image-formats", "dockerfile", "optimizing"];
    for (const name of names)
      expect(cited.filter(({ document }) => document === `docs/spec/${name}.md`).length).toBeGreaterThan(5);
  });

  test("no document is cited by its bare name", () => {
    const bare = sourceFiles().flatMap((file) =>
      commentsOf(file).flatMap((comment) =>
        [
          ...comment.matchAll(
            /(?<![\w/.-])(?!README|ARCHITECTURE|CONTRIBUTING|CHANGELOG|SECURITY)[\w-]+\.md\b/g,
          ),
        ].map(([name]) => `${file}: ${name}`),
      ),
    );
    expect(bare).toEqual([]);
  });
});

test("links between the documents lead somewhere", () => {
  const pages = [...filesBelow("docs"), ...readdirSync(root)].filter((file) => file.endsWith(".md"));
  const broken = pages.flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map(([, target]) => target ?? "")
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(pages.length).toBeGreaterThan(8);
  expect(broken).toEqual([]);
});

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(root.length + 1));
}

/** This file is left out: its examples cite what is not there. */
function sourceFiles(): string[] {
  return ["src", "rules", "test", "bench", "scripts", "fixtures/history", "fixtures/buildkit"]
    .flatMap(filesBelow)
    .filter((file) => /\.(ts|mjs|cjs|json|py)$/.test(file) && !file.endsWith("citations.test.ts"));
}

/** Blocks that begin a line, and what follows `// `; of files without comments all of it. */
function commentsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  if (!/\.[tm]?[jt]s$|\.cjs$/.test(file)) return [text];
  const blocks = [...text.matchAll(/^[ \t]*\/\*[^]*?\*\//gm)].map(([block]) => block);
  const lines = [...text.matchAll(/(?:^|[ \t])\/\/ .*(?:\n[ \t]*\/\/ .*)*/gm)].map(([line]) => line);
  const titles = [...text.matchAll(/\bdocs\/spec\/[\w-]+\.md\b[^"`\n]*/g)].map(([title]) => title);
  return [...blocks, ...lines, ...titles].map((comment) =>
    comment.replace(/\s*\n\s*(?:\*(?!\/)|\/\/)?\s*/g, " "),
  );
}

function citationsIn(comment: string): Citation[] {
  return [...comment.matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map((match) => ({
    document: match[0],
    places: [
      ...placesIn(/\b(?:cases?|rows?|rules?) [\w ]+ of $/.exec(comment.slice(0, match.index))?.[0] ?? ""),
      ...placesIn(comment.slice(match.index + match[0].length).replace(/^,? ?/, "")),
    ],
  }));
}

/** `rows D to F, J and W` and the like at the start of a text, one after the other. */
function placesIn(text: string): string[] {
  const heading = /^"([^"]+)"/.exec(text);
  if (heading !== null) return [heading[0]];
  const kind = Object.keys(items).find((each) => new RegExp(`^${each}s? `).test(text));
  if (kind === undefined) return [];
  const item = `(?:${items[kind]})\\b`;
  const list = new RegExp(
    `^${kind}s? (${item}(?: to ${item})?(?:(?:, | and )${item}(?: to ${item})?)*)`,
  ).exec(text);
  if (list === null) return [];
  const places = (list[1] ?? "").split(/, | and /).flatMap((part) => {
    const [first = "", last = first] = part.split(" to ");
    return range(first, last).map((each) => `${kind} ${each}`);
  });
  return [...places, ...placesIn(text.slice(list[0].length).replace(/^,? ?/, ""))];
}

function range(first: string, last: string): string[] {
  if (first === last) return [first];
  const [from, to] = [first, last].map((each) => (/\d/.test(each) ? Number(each) : each.charCodeAt(0)));
  if (from === undefined || to === undefined) throw new RangeError(`${first} to ${last}`);
  return Array.from({ length: to - from + 1 }, (_, i) =>
    /\d/.test(first) ? String(from + i) : String.fromCharCode(from + i),
  );
}

function placesOf(text: string): Set<string> {
  const places = new Set<string>();
  let column = "";
  for (const line of text.split("\n")) {
    const heading = /^#+ (.+)$/.exec(line)?.[1];
    if (heading !== undefined) {
      places.add(`"${heading}"`);
      const numbered = /^(\w+ \d+): /.exec(heading)?.[1];
      if (numbered !== undefined) places.add(numbered.toLowerCase());
    }
    const cell = /^\| ([\w-]+) \|/.exec(line)?.[1];
    if (cell === undefined) continue;
    if (cell in items) column = cell;
    else places.add(`${column} ${cell.replace(/^0+/, "")}`);
  }
  return places;
}
