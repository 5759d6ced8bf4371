// Writes what is made from the rule files: rules/README.md and schema/config.schema.json. `--check` only says whether they
// are up to date. Runs on what `npm run build` has compiled.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allRules } from "../dist/rules/index.js";
import { configSchema } from "../dist/src/report/config-schema.js";
import { ruleMarkdown } from "../dist/src/report/rule-docs.js";

const pages = {
  "rules/README.md": ruleMarkdown(allRules),
  "schema/config.schema.json": `${JSON.stringify(configSchema(allRules), undefined, 2)}\n`,
};
for (const [name, text] of Object.entries(pages)) {
  const file = join(import.meta.dirname, "..", name);
  if (!process.argv.includes("--check")) {
    writeFileSync(file, text);
    continue;
  }
  let found = "";
  try {
    found = readFileSync(file, "utf8");
  } catch {
    // a missing page is as wrong as an old one
  }
  if (found !== text) {
    console.error(`${name} is out of date: run \`npm run docs\``);
    process.exitCode = 1;
  }
}
