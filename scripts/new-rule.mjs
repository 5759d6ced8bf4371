// `npm run new-rule <folder>/<id>`: writes a rule that finds its own bad example, and its test, and regenerates the
// files made from rules. The test passes at once; change both from there. The folder decides what the rule looks at: the
// configuration of an image for image-config, else the commands of a RUN.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ruleFiles } from "./rule-index.mjs";

const root = join(import.meta.dirname, "..");
// a folder exists once it has a rule
const existing = readdirSync(join(root, "rules"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const folders = [...new Set([...existing, "image-config"])].toSorted((a, b) => (a < b ? -1 : 1));

const [given = ""] = process.argv.slice(2);
const [, folder, id] = /^([a-z-]+)\/([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(given) ?? [];
if (folder === undefined || id === undefined)
  fail("npm run new-rule <folder>/<id>, with an id in lower case and dashes: layers/core-dump");
if (!folders.includes(folder))
  fail(`"${folder}" is not a subject of rules; choose one of ${folders.join(", ")}`);
const taken = ruleFiles(join(root, "rules")).find((file) => file.endsWith(`/${id}`));
if (taken !== undefined) fail(`rules/${taken}.ts has this id already`);

const name = id.replace(/-(.)/g, (_, letter) => letter.toUpperCase()).replace(/^(?=\d)/, "rule");
const files = [`rules/${folder}/${id}.ts`, `test/rules/${folder}/${id}.test.ts`];
const texts = folder === "image-config" ? imageConfigTexts() : commandTexts();
for (const [i, file] of files.entries()) {
  if (existsSync(join(root, file))) fail(`${file} is there already`);
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), texts[i]);
}
run(join(root, "node_modules/oxfmt/bin/oxfmt"), ...files);
run(join(root, "scripts/docs.mjs"));
console.log(`${files.join("\n")}
Change both, then: npm run docs && npx vitest run test/rules/${folder}/${id}.test.ts test/rules/house.test.ts
What the commands print changes with the list of rules: npm run golden`);

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
}

function fail(why) {
  console.error(why);
  process.exit(2);
}

function commandTexts() {
  return [
    `import { commandRule } from "../../src/rule/command-rule.ts";

export const ${name} = commandRule({
  id: "${id}",
  aliases: [],
  category: "correctness",
  severity: "info",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "${id} in a RUN",
    what: "From the Dockerfile: a RUN that runs \`${id}\`.",
    why: "A build has no use for it.",
    bad: [{ title: "It runs", dockerfile: "FROM alpine:3.20\\nRUN ${id}\\n" }],
    good: [{ title: "Another command", dockerfile: "FROM alpine:3.20\\nRUN true\\n" }],
    fix: "None: only the author knows what it is for.",
  },
  commands: ["${id}"],
  find: (_, { instruction }) => ({
    message: \`line \${instruction.line} runs ${id}\`,
    advice: "Leave it out.",
  }),
});
`,
    `import { ${name} } from "../../../rules/${folder}/${id}.ts";
import { isSilent, onlySays } from "../../support/tables.ts";

onlySays(${name}, [
  ["after another command", "FROM alpine:3.20\\nRUN true && ${id}\\n", /^line 2 runs ${id}$/, /Leave it out/],
]);

isSilent(${name}, [["an argument of that name", "FROM alpine:3.20\\nRUN echo ${id}\\n"]]);
`,
  ];
}

/** A rule that finds a label of its own name. */
function imageConfigTexts() {
  return [
    `import { imageConfigRule } from "../../src/rule/image-config-rule.ts";

export const ${name} = imageConfigRule({
  id: "${id}",
  aliases: [],
  category: "correctness",
  severity: "info",
  preset: "strict",
  docs: {
    summary: "The image has the label ${id}",
    what: "From the image: the label \`${id}\` in its configuration.",
    why: "Nothing reads it.",
    bad: [
      {
        title: "It is set",
        dockerfile: "FROM scratch\\nCOPY app /app\\nLABEL ${id}=1\\n",
        layers: ["app(100)"],
        config: { labels: { "${id}": "1" } },
      },
    ],
    good: [
      {
        title: "Another label",
        dockerfile: "FROM scratch\\nCOPY app /app\\nLABEL version=1\\n",
        layers: ["app(100)"],
        config: { labels: { version: "1" } },
      },
    ],
    fix: "None: only the author knows what it is for.",
  },
  keyword: "LABEL",
  find: ({ labels }) =>
    labels["${id}"] === undefined
      ? undefined
      : { message: "the image has the label ${id}", advice: "Leave it out." },
});
`,
    `import { expect, test } from "vitest";
import { ${name} } from "../../../rules/${folder}/${id}.ts";
import { findingsOf } from "../../support/subject.ts";

test("the finding is at the LABEL", async () => {
  const dockerfile = "FROM scratch\\nCOPY app /app\\nLABEL ${id}=1\\n";
  const config = { labels: { "${id}": "1" } };
  const [finding] = await findingsOf(${name}, { dockerfile, layers: ["app(100)"], config });
  expect(finding?.message).toBe("the image has the label ${id}");
  expect(finding?.locations[0]?.instruction?.line).toBe(3);
});

test("another label of that value is silent", async () => {
  const config = { labels: { version: "${id}" } };
  expect(await findingsOf(${name}, { layers: ["app(100)"], config })).toEqual([]);
});
`,
  ];
}
