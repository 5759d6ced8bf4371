/** A configuration as data, and the settings it has for one file. */
import type { BuilderName } from "../../build/builders.ts";
import { defined } from "../../defined.ts";
import type { Preset, Rule, Severity } from "../../rule/contract.ts";
import type { Accept, RuleSetting, Settings } from "../settings.ts";

/** The keys that both a configuration and its `overrides` may have. */
export const partKeys = ["preset", "rules", "fail-on"] as const;
export const configKeys = [
  ...partKeys,
  "max-waste",
  "min-waste",
  "builder",
  "ignore",
  "overrides",
  "accept",
  "plugins",
] as const;
export type ConfigKey = (typeof configKeys)[number];

/** The settings at the top of a configuration or in one of its `overrides`; an absent key changes nothing. */
export interface ConfigPart {
  readonly preset: Preset | undefined;
  readonly rules: ReadonlyMap<Rule, RuleSetting>;
  readonly failOn: Settings["failOn"] | undefined;
}

export interface Config extends ConfigPart {
  /** As messages name it. */
  readonly file: string;
  /** Returns true for an ignored path, relative to the configuration's folder and with slashes. */
  readonly ignores: (path: string) => boolean;
  readonly overrides: readonly (ConfigPart & { readonly matches: (path: string) => boolean })[];
  readonly maxWaste: { readonly bytes: number } | { readonly share: number } | undefined;
  readonly minWaste: number | undefined;
  readonly builder: BuilderName | undefined;
  readonly accepts: readonly Accept[];
}

/** Returns the configuration of one file, with `overrides` applied in order; later ones win. */
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
