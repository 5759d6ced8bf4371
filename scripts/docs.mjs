// Writes what is made from other files: rules/index.ts, src/knowledge/tools/index.ts, rules/README.md, schema/config.schema.json, and the borders in
// .oxlintrc.json. `--check` only says whether they are up to date. Needs no build: the rules are bundled in memory.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { withBorders } from "./borders.mjs";
import { ruleIndex } from "./rule-index.mjs";
import { toolIndex } from "./tool-index.mjs";

const root = join(import.meta.dirname, "..");
const isCheck = process.argv.includes("--check");

write("rules/index.ts", ruleIndex(join(root, "rules")));
write("src/knowledge/tools/index.ts", toolIndex(join(root, "src/knowledge/tools")));
write(".oxlintrc.json", withBorders(read(".oxlintrc.json") ?? "{}"));
const { allRules, ruleMarkdown, configSchema } = await fromSource(`
  export { allRules } from "./rules/index.ts";
  export { ruleMarkdown } from "./src/report/rule-docs.ts";
  export { configSchema } from "./src/report/config-schema.ts";
`);
write("rules/README.md", ruleMarkdown(allRules));
write("schema/config.schema.json", `${JSON.stringify(configSchema(allRules), undefined, 2)}\n`);

/** A module of the sources as they are now. */
async function fromSource(contents) {
  const folder = join(root, "node_modules/.cache/layerlint");
  const outfile = join(folder, `docs-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  try {
    await build({
      stdin: { contents, resolveDir: root, loader: "ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      logLevel: "error",
      outfile,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

function write(name, text) {
  if (read(name) === text) return;
  if (!isCheck) return writeFileSync(join(root, name), text);
  console.error(`${name} is out of date: run \`npm run docs\``);
  process.exitCode = 1;
}

function read(name) {
  try {
    return readFileSync(join(root, name), "utf8");
  } catch {
    // a missing file is as wrong as an old one
    return undefined;
  }
}
