/** Settings of a run: the chosen rules, their severities and options, and the limits. */
import type { BuilderName } from "../build/builders.ts";
import { UserError } from "../errors.ts";
import type { OptionValues, Preset, Rule, Severity } from "../rule/contract.ts";
import { closest } from "./closest.ts";

/** A rule that runs, with its severity and the values of its options. */
export interface ChosenRule {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly options: OptionValues;
}

/** Which rules run, at which severity, and what makes a run fail. */
export interface Settings {
  /** The rules that run: overrides applied, `off` left out. */
  readonly rules: readonly ChosenRule[];
  /** All rules, because comments may name rules that do not run; default: the rules that run. */
  readonly known?: readonly Rule[] | undefined;
  /** The `accept` entries of the configuration. */
  readonly accepts?: readonly Accept[] | undefined;
  readonly failOn: FailLevel;
  readonly budget: WasteBudget | undefined;
  /** `--builder`. */
  readonly builder?: BuilderName | undefined;
}

/** An entry of `accept` in the configuration: findings about these files are accepted. */
export interface Accept {
  readonly rule: Rule;
  /** A glob as written. */
  readonly path: string;
  /** Matches a path inside the image, as text. */
  readonly matches: (path: string) => boolean;
  /** Only in this layer, counted from 0. */
  readonly layer: number | undefined;
  readonly reason: string;
  /** The last day on which the entry applies, as YYYY-MM-DD. */
  readonly until: string | undefined;
  readonly expired: boolean;
  readonly file: string;
  readonly line: number;
}

/** `--max-waste` and `--min-waste`, in bytes or as a share of the content above the base. */
export interface WasteBudget {
  readonly maxBytes: number | undefined;
  /** 0..1; applies only where the waste is at least `floorBytes`. */
  readonly maxShare: number | undefined;
  readonly floorBytes: number;
}

/** The lowest severity that fails a run. */
export const failLevels = ["error", "warning", "info", "never"] as const;
export type FailLevel = (typeof failLevels)[number];

/** The levels that a rule can be set to. */
export const ruleLevels = ["error", "warning", "info", "off"] as const;
export type RuleLevel = (typeof ruleLevels)[number];

const ranks = { info: 0, warning: 1, error: 2 } as const;

/** Returns true when `severity` is at least `level`. */
export function atLeast(severity: Severity, level: Severity | "never"): boolean {
  return level !== "never" && ranks[severity] >= ranks[level];
}

/** Returns the lower of two severities. */
export function lower(a: Severity, b: Severity): Severity {
  return ranks[a] <= ranks[b] ? a : b;
}

/** Finds a rule by id or alias, ignoring case. Throws `UserError` with the closest name. */
export function findRule(rules: readonly Rule[], name: string): Rule {
  const wanted = name.trim().toLowerCase();
  for (const rule of rules) {
    if (rule.id === wanted || rule.aliases.some((alias) => alias.toLowerCase() === wanted)) return rule;
  }
  const guess = closest(
    wanted,
    rules.flatMap((rule) => [rule.id, ...rule.aliases]),
  );
  throw new UserError(
    `unknown rule "${name}"${guess === undefined ? "" : ` (did you mean ${guess}?)`}; layerlint rules lists them all`,
  );
}

/** The settings of a rule in a configuration; an absent key keeps the default. */
export interface RuleSetting {
  readonly severity?: RuleLevel;
  readonly options?: OptionValues;
}

export interface RuleChoice {
  /** `default` when it is absent. */
  readonly preset?: Preset | undefined;
  /** Settings of the configuration. */
  readonly rules?: ReadonlyMap<Rule, RuleSetting> | undefined;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** `rule=level`, level one of error, warning, info, off. */
  readonly severity: readonly string[];
}

/**
 * Chooses the rules by preset, then configuration, then `--severity`, `--only` and `--skip`; the last setting of a
 * rule wins. A level, or `--only`, also enables a rule outside the preset. Throws `UserError` for an unknown rule or
 * level.
 */
export function chooseRules(all: readonly Rule[], choice: RuleChoice): Settings["rules"] {
  const only = new Set(choice.only.map((name) => findRule(all, name)));
  const skip = new Set(choice.skip.map((name) => findRule(all, name)));
  const levels = new Map<Rule, Severity | "off">();
  for (const pair of choice.severity) {
    const [name, level] = splitPair(pair);
    levels.set(findRule(all, name), level);
  }
  const chosen: ChosenRule[] = [];
  for (const rule of all) {
    if ((only.size > 0 && !only.has(rule)) || skip.has(rule)) continue;
    const setting = choice.rules?.get(rule);
    const named = levels.get(rule) ?? setting?.severity;
    const isOn = only.has(rule)
      ? levels.get(rule) !== "off"
      : named === undefined
        ? rule.preset !== "strict" || choice.preset === "strict"
        : named !== "off";
    if (!isOn) continue;
    const severity = named === undefined || named === "off" ? rule.severity : named;
    chosen.push({ rule, severity, options: { ...defaultOptions(rule), ...setting?.options } });
  }
  return chosen;
}

export function defaultOptions(rule: Rule): OptionValues {
  const entries = Object.entries(rule.options ?? {});
  return Object.fromEntries(entries.map(([name, option]) => [name, option.default]));
}

function splitPair(pair: string): [string, Severity | "off"] {
  const at = pair.lastIndexOf("=");
  const level = pair.slice(at + 1);
  if (at < 1 || !(level === "off" || isSeverity(level))) {
    throw new UserError(`--severity ${pair}: write rule=level, with level one of error, warning, info, off`);
  }
  return [pair.slice(0, at), level];
}

function isSeverity(text: string): text is Severity {
  return Object.hasOwn(ranks, text);
}
