import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toolIndex } from "../../scripts/tool-index.mjs";
import { plainCommands } from "../../src/knowledge/commands.ts";
import { isPlainProgram, toolNamed, toolWith } from "../../src/knowledge/toolbox.ts";
import { tools } from "../../src/knowledge/tools/index.ts";
import { toolListsIn } from "./tool-lists.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "src/knowledge/tools");

describe("the records agree with their folder", () => {
  test("index.ts lists the files beside it (else run `npm run docs`)", () => {
    expect(readFileSync(join(folder, "index.ts"), "utf8")).toBe(toolIndex(folder));
  });

  test("every record has the id that its file is named after, and names its source", () => {
    const files = readdirSync(folder).filter((file) => file !== "index.ts");
    expect(tools.map(({ id }) => `${id}.ts`).toSorted()).toEqual(files.toSorted());
    for (const { id, source } of tools) expect([id, source.trim()]).not.toEqual([id, ""]);
  });

  test("a program belongs to one tool only, and is no plain command as well", () => {
    const names = tools.flatMap((tool) => [...tool.names, ...(tool.helpers ?? [])]);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(names.filter((name) => plainCommands.has(name))).toEqual([]);
  });

  test("facts about a program are in the record that names it", () => {
    for (const { id, names, helpers = [], packages, options = [], usualWriters = [] } of tools) {
      const facts: readonly { readonly names?: readonly string[] }[] = [
        ...options,
        ...usualWriters,
        ...(packages === undefined ? [] : [packages, packages.asks ?? {}]),
      ];
      const own = facts.flatMap((each) => each.names ?? []);
      expect([id, own.filter((name) => ![...names, ...helpers].includes(name))]).toEqual([id, []]);
    }
  });

  test("every cache that a writer, a cleaner or a remedy is about is there", () => {
    for (const { id, caches = [], writers = [], usualWriters = [], cleaners = [], remedies = [] } of tools) {
      const indices = [
        ...[...writers, ...usualWriters].flatMap(({ fills }) => fills),
        ...cleaners.flatMap(({ empties }) => empties?.cache ?? []),
        ...remedies.flatMap(({ clears }) => clears),
      ];
      expect([id, indices.filter((index) => caches[index] === undefined)]).toEqual([id, []]);
    }
  });

  test("an option either takes a value or takes none", () => {
    for (const { id, options = [] } of tools)
      for (const { short, long, flags = [] } of options) {
        const valued = [...long, ...short.split("").map((letter) => `-${letter}`)];
        expect([id, flags.filter((flag) => valued.includes(flag))]).toEqual([id, []]);
        expect([id, [...long, ...flags].filter((name) => !/^--?[\w#][\w.-]*$/.test(name))]).toEqual([id, []]);
        expect([id, long.length + flags.length]).toEqual([id, new Set([...long, ...flags]).size]);
      }
  });
});

describe("a program is found by its name", () => {
  test.each([
    ["pip3", "pip"],
    ["pip3.12", "pip"],
    ["yarnpkg", "yarn"],
    ["./gradlew", undefined],
    ["apt-cache", undefined],
    ["ls", undefined],
    [undefined, undefined],
  ])("%s", (name, id) => {
    expect(toolNamed(name)?.id).toBe(id);
  });

  test("a helper of a tool is found on request", () => {
    expect(toolWith("apt-cache")?.id).toBe("apt");
    expect(toolWith("apt-get")?.id).toBe("apt");
    expect(toolWith("ls")).toBeUndefined();
  });

  test.each([
    ["mkdir", true],
    ["clang++-15", true],
    ["apt-get", false],
    // they run whatever the project says
    ["just", false],
    ["tox", false],
    ["node", false],
    ["setup-everything", false],
  ])("%s is a plain program: %s", (name, plain) => {
    expect(isPlainProgram(name)).toBe(plain);
  });
});

/** Lists that are no tables of tools, with the reason. */
const exempt: Readonly<Record<string, string>> = {
  "src/knowledge/build-packages.ts": "names of packages and of files in an image, not of commands",
  "src/knowledge/secrets/secret-files.ts": "folders of an image in which no secret is looked for",
};

describe("names of tools are in their records only", () => {
  const files = ["src", "rules"].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(root.length + 1)
          .replaceAll("\\", "/"),
      ),
  );
  const lists = files
    .filter((file) => !file.startsWith("src/knowledge/tools/"))
    .flatMap((file) =>
      toolListsIn(readFileSync(join(root, file), "utf8")).map((list) => ({ file, ...list })),
    );

  test("no other file of src or rules has a list, table or pattern of them", () => {
    expect(lists.filter(({ file }) => exempt[file] === undefined)).toEqual([]);
  });

  test("every exemption is needed", () => {
    expect(Object.keys(exempt).filter((file) => !lists.some((list) => list.file === file))).toEqual([]);
  });

  test.each([
    ["an array", `const a = ["npm", "yarn"];`],
    ["a set", `const a = new Set(["x", "npm", "yarn"]);`],
    ["a map", `const a = new Map([["npm", 1], ["yarn", 2]]);`],
    ["a table", `const a = [{ names: ["npm"] }, { names: ["yarn"] }];`],
    ["an object", `const a = { npm: 1, yarn: 2 };`],
    ["cases", `switch (x) { case "npm": case "yarn": }`],
    ["comparisons", `const a = x === "npm" || (b && x === "yarn");`],
    ["alternatives", "const a = /^(?:npm|yarn)$/;"],
    ["a letter that may be missing", "const a = /^(?:x|dnf5?)$/;"],
    ["words to split", `const a = "x npm yarn".split(" ");`],
    ["words in a template", "const a = setOf(`x npm\\nyarn`);"],
  ])("finds %s", (_, text) => {
    expect(toolListsIn(text)).toHaveLength(1);
  });

  test.each([
    ["one name", `const a = ["npm", "x"];`],
    ["documentation", `const a = { docs: { bad: ["npm", "yarn"] } };`],
    ["an advice", "const a = { advice: `npm yarn` };"],
    ["a sentence", `const a = "use npm or yarn instead of bun";`],
    ["extensions of files", String.raw`const a = /\.(?:tar(?:\.\w+)?|rpm|apk)$/;`],
    ["paths", String.raw`const a = /\.npm\/|\.cargo\/registry/;`],
  ])("leaves %s alone", (_, text) => {
    expect(toolListsIn(text)).toEqual([]);
  });
});
