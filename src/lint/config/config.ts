/** A configuration as data, and what it says about one file. */
import { defined } from "../../defined.ts";
import type { Preset, Rule, Severity } from "../../rule/contract.ts";
import type { Accept, RuleSetting, Settings } from "../settings.ts";

/** The keys of a configuration that `overrides` have as well. */
export const partKeys = ["preset", "rules", "fail-on"] as const;
export const configKeys = [
  ...partKeys,
  "max-waste",
  "min-waste",
  "ignore",
  "overrides",
  "accept",
  "plugins",
] as const;
export type ConfigKey = (typeof configKeys)[number];

/** What may stand at the top of a configuration and in its `overrides`; absent is left as it is. */
export interface ConfigPart {
  readonly preset: Preset | undefined;
  readonly rules: ReadonlyMap<Rule, RuleSetting>;
  readonly failOn: Settings["failOn"] | undefined;
}

export interface Config extends ConfigPart {
  /** As messages name it. */
  readonly file: string;
  /** `path` counts from the configuration's folder, with slashes. */
  readonly ignores: (path: string) => boolean;
  readonly overrides: readonly (ConfigPart & { readonly matches: (path: string) => boolean })[];
  readonly maxWaste: { readonly bytes: number } | { readonly share: number } | undefined;
  readonly minWaste: number | undefined;
  readonly accepts: readonly Accept[];
}

/** The configuration of one file: its `overrides` applied in their order, the later ones win. */
export function configFor(config: Config, path: string | undefined): ConfigPart {
  let part: ConfigPart = config;
  for (const override of config.overrides) {
    if (path === undefined || !override.matches(path)) continue;
    part = {
      preset: override.preset ?? part.preset,
      failOn: override.failOn ?? part.failOn,
      rules: mergeRules(part.rules, override.rules),
    };
  }
  return part;
}

function mergeRules(below: ConfigPart["rules"], above: ConfigPart["rules"]): ReadonlyMap<Rule, RuleSetting> {
  const merged = new Map(below);
  for (const [rule, setting] of above) {
    const severity: Severity | "off" | undefined = setting.severity ?? below.get(rule)?.severity;
    merged.set(rule, {
      ...defined({ severity }),
      options: { ...below.get(rule)?.options, ...setting.options },
    });
  }
  return merged;
}
