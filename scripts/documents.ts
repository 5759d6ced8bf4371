/** The inputs of docs.mjs. */
export { allRules } from "../rules/index.ts";
export { configSchema } from "../src/report/config-schema.ts";
export { rulePage, ruleTable } from "../src/report/rule-docs.ts";
