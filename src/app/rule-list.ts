/** The rules that layerlint brings. */
import { allRules } from "../../rules/index.ts";
import { findRule } from "../lint/settings.ts";
import type { Rule } from "../rule/contract.ts";

export { allRules };

/** By its id, or by another linter's name for it. Throws `UserError` with the closest name. */
export function ruleNamed(name: string): Rule {
  return findRule(allRules, name);
}

/** What `layerlint rules --format json` prints, as data. */
export function ruleFacts() {
  return allRules.map(({ id, aliases, category, severity, preset, options, docs }) => ({
    id,
    aliases,
    category,
    severity,
    preset: preset ?? "default",
    summary: docs.summary,
    options: options ?? {},
  }));
}
