/** The rules that layerlint brings, and those of plugins. */
import { allRules } from "../../rules/index.ts";
import { findRule } from "../lint/settings.ts";
import type { Rule } from "../rule/contract.ts";

export { allRules };
export { rulesWith } from "./configs/config-resolver.ts";

/** By its id, or by another linter's name for it. Throws `UserError` with the closest name. */
export function ruleNamed(name: string, rules: readonly Rule[]): Rule {
  return findRule(rules, name);
}

/** What `layerlint rules --format json` prints, as data. */
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
