/** Lists the rules of layerlint and of plugins. */
import { allRules } from "../../rules/index.ts";
import { findRule } from "../lint/settings.ts";
import type { Rule } from "../rule/contract.ts";

export { allRules };
export { rulesWith } from "./configs/config-resolver.ts";

/** Finds a rule by its id, or by another linter's name for it. Throws `UserError` with the closest name. */
export function ruleNamed(name: string, rules: readonly Rule[]): Rule {
  return findRule(rules, name);
}

/** Returns the data that `layerlint rules --format json` prints. */
export function ruleFacts(rules: readonly Rule[]) {
  return rules.map(({ id, aliases, category, severity, preset, options, docs }) => ({
    id,
    aliases,
    category,
    severity,
    preset: preset ?? "default",
    summary: docs.summary,
    options: options ?? {},
  }));
}
