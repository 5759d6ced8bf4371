// Writes the generated files: rules/index.ts, src/knowledge/tools/index.ts, rules/README.md, docs/rules,
// schema/config.schema.json, and the borders in .oxlintrc.json. `--check` only reports whether they are up to date.
// Needs no build: the rules are bundled in memory.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withBorders } from "./borders.mjs";
import { fromSource } from "./from-source.mjs";
import { ruleIndex } from "./rule-index.mjs";
import { toolIndex } from "./tool-index.mjs";

const root = join(import.meta.dirname, "..");
const isCheck = process.argv.includes("--check");

write("rules/index.ts", ruleIndex(join(root, "rules")));
write("src/knowledge/tools/index.ts", toolIndex(join(root, "src/knowledge/tools")));
write(".oxlintrc.json", withBorders(read(".oxlintrc.json") ?? "{}"));
const { allRules, rulePage, ruleTable, configSchema } = await fromSource(
  `export * from "./scripts/documents.ts"`,
);
write(
  "rules/README.md",
  ruleTable(allRules, ({ id }) => `../docs/rules/${id}.md`),
);
const pages = allRules.map((rule) => [`${rule.id}.md`, rulePage(rule)]);
mkdirSync(join(root, "docs/rules"), { recursive: true });
for (const [name, text] of pages) write(`docs/rules/${name}`, text);
for (const name of readdirSync(join(root, "docs/rules")))
  if (!pages.some(([page]) => page === name)) remove(`docs/rules/${name}`);
write("schema/config.schema.json", `${JSON.stringify(configSchema(allRules), undefined, 2)}\n`);

function write(name, text) {
  if (read(name) === text) return;
  if (!isCheck) return writeFileSync(join(root, name), text);
  complain(`${name} is out of date`);
}

/** Removes the page of a deleted rule. */
function remove(name) {
  if (!isCheck) return rmSync(join(root, name));
  complain(`${name} belongs to no rule`);
}

function complain(what) {
  console.error(`${what}: run \`npm run docs\``);
  process.exitCode = 1;
}

function read(name) {
  try {
    return readFileSync(join(root, name), "utf8");
  } catch {
    // a missing file counts as outdated
    return undefined;
  }
}
