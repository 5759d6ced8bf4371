/** What docs.mjs makes documents of. */
export { allRules } from "../rules/index.ts";
export { configSchema } from "../src/report/config-schema.ts";
export { rulePage, ruleTable } from "../src/report/rule-docs.ts";
