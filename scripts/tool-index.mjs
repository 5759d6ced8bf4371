// Makes src/knowledge/tools/index.ts of the files beside it: one file a tool, whose name is the tool's id.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The text of index.ts in `folder`. A file that exports no record is an error that names it. */
export function toolIndex(folder) {
  const found = readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && file !== "index.ts")
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((file) => {
      const name = /^export const (\w+): Tool = \{$/m.exec(readFileSync(join(folder, file), "utf8"))?.[1];
      if (name === undefined)
        throw new Error(`src/knowledge/tools/${file} exports no record: export const …: Tool = { … }`);
      return { file, name };
    });
  return `/** The records of all tools. Written by \`npm run docs\` from the files beside it. */
import type { Tool } from "../tool.ts";
${found.map(({ file, name }) => `import { ${name} } from "./${file}";\n`).join("")}
export const tools: readonly Tool[] = [
${found.map(({ name }) => `  ${name},\n`).join("")}];
`;
}
