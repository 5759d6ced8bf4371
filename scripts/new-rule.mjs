// `npm run new-rule <folder>/<id>`: writes a rule that finds its own bad example, and its test, and regenerates the
// files made from rules. The test passes at once; change both from there.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ruleFiles } from "./rule-index.mjs";

const root = join(import.meta.dirname, "..");
const folders = readdirSync(join(root, "rules"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const [given = ""] = process.argv.slice(2);
const [, folder, id] = /^([a-z-]+)\/([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(given) ?? [];
if (folder === undefined || id === undefined)
  fail(`npm run new-rule <folder>/<id>, with an id in lower case and dashes: ${folders[0]}/core-dump`);
if (!folders.includes(folder)) fail(`rules/${folder} is no folder; there are ${folders.join(", ")}`);
const taken = ruleFiles(join(root, "rules")).find((file) => file.endsWith(`/${id}`));
if (taken !== undefined) fail(`rules/${taken}.ts has this id already`);

const name = id.replace(/-(.)/g, (_, letter) => letter.toUpperCase()).replace(/^(?=\d)/, "rule");
const files = [`rules/${folder}/${id}.ts`, `test/rules/${folder}/${id}.test.ts`];
const texts = [
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
  ["behind another command", "FROM alpine:3.20\\nRUN true && ${id}\\n", /^line 2 runs ${id}$/, /Leave it out/],
]);

isSilent(${name}, [["an argument of that name", "FROM alpine:3.20\\nRUN echo ${id}\\n"]]);
`,
];
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
