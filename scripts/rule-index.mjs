// Makes rules/index.ts of the files in the folders of rules/: one file a rule, whose name is the rule's id.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** `folder/id` of each rule file below `rules`, in the order of the ids. */
export function ruleFiles(rules) {
  const folders = readdirSync(rules, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = folders.flatMap(({ name }) =>
    readdirSync(join(rules, name))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${name}/${file.slice(0, -3)}`),
  );
  return files.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** The text of rules/index.ts. A file that exports no rule is an error that names it. */
export function ruleIndex(rules) {
  const found = ruleFiles(rules).map((file) => {
    const name = /^export const (\w+) = \w*[rR]ule\(/m.exec(
      readFileSync(join(rules, `${file}.ts`), "utf8"),
    )?.[1];
    if (name === undefined)
      throw new Error(`rules/${file}.ts exports no rule: export const … = defineRule({ … })`);
    return { file, name };
  });
  return `/** Every rule, listed literally: nothing registers itself. Written by \`npm run docs\` from the files below rules/. */
import type { Rule } from "../src/rule/contract.ts";
${found.map(({ file, name }) => `import { ${name} } from "./${file}.ts";\n`).join("")}
export const allRules: readonly Rule[] = [
${found.map(({ name }) => `  ${name},\n`).join("")}];
`;
}

function idOf(file) {
  return file.slice(file.indexOf("/") + 1);
}
