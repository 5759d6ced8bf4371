// Writes rules/README.md from the documentation in the rule files; `--check` only says whether it is up to date.
// Runs on what `npm run build` has compiled.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allRules } from "../dist/rules/index.js";
import { ruleMarkdown } from "../dist/src/report/rule-docs.js";

const file = join(import.meta.dirname, "..", "rules", "README.md");
const text = ruleMarkdown(allRules);
if (process.argv.includes("--check")) {
  let found = "";
  try {
    found = readFileSync(file, "utf8");
  } catch {
    // a missing page is as wrong as an old one
  }
  if (found !== text) {
    console.error("rules/README.md is out of date: run `npm run docs`");
    process.exit(1);
  }
} else {
  writeFileSync(file, text);
}
