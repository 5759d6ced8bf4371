/** Merges the options of a run and the configuration of a file into settings. The options win. */
import { allRules } from "../../../rules/index.ts";
import { UserError } from "../../errors.ts";
import { configFor } from "../../lint/config/config.ts";
import { chooseRules, type Settings } from "../../lint/settings.ts";
import { parseSize, parseSizeOrShare } from "../../lint/sizes.ts";
import type { Rule } from "../../rule/contract.ts";
import {
  builderNames,
  failLevels,
  presets,
  type GateOptions,
  type RuleSelection,
  type TargetOptions,
} from "../options.ts";
import type { Target } from "../targets/targets.ts";
import { ConfigFiles, pathFor, type FoundConfig } from "./config-files.ts";

/** The options that a configuration may give as well. */
type SettingsOptions = RuleSelection & GateOptions & Pick<TargetOptions, "builder">;

const defaultFloor = 1_000_000;

/** Finds the settings of targets. */
export interface SettingsResolver {
  /** Returns the name of the configuration that ignores a target. */
  ignoredBy(target: Target): Promise<string | undefined>;
  /** Returns the settings of a group of targets. */
  settings(group: readonly Target[]): Promise<Settings>;
}

export class ConfigResolver implements SettingsResolver {
  readonly #options: SettingsOptions;
  readonly #cwd: string;
  readonly #rules: readonly Rule[];
  readonly #files: ConfigFiles;
  readonly #known = new Map<string, Settings>();

  /** Loads the plugins that the options name. Their rules, and `own` rules, run with those of layerlint. */
  static async create(
    options: SettingsOptions,
    cwd: string,
    own: readonly Rule[] = [],
  ): Promise<ConfigResolver> {
    return new ConfigResolver(options, cwd, await rulesWith(options, cwd, own));
  }

  private constructor(options: SettingsOptions, cwd: string, rules: readonly Rule[]) {
    this.#options = options;
    this.#cwd = cwd;
    this.#rules = rules;
    this.#files = new ConfigFiles(options.config, cwd, this.#rules);
    checkChoice("preset", options.preset, presets);
    checkChoice("failOn", options.failOn, failLevels);
    checkChoice("builder", options.builder, builderNames);
    // validate the options even if no target needs them
    this.#settings(undefined, undefined);
  }

  /** Returns the name of the configuration that ignores a target; undefined when none does. */
  async ignoredBy(target: Target): Promise<string | undefined> {
    const path = pathOf(target);
    const found = path === undefined ? undefined : await this.#files.find(path);
    if (found === undefined || path === undefined) return undefined;
    return found.config.ignores(pathFor(found, this.#cwd, path)) ? found.config.file : undefined;
  }

  /** Returns the settings of a group; the configuration of a Dockerfile applies to its image too. */
  async settings(group: readonly Target[]): Promise<Settings> {
    const path = group.map(pathOf).find((name) => name !== undefined);
    const found = await this.#files.find(path);
    return this.#settings(
      found,
      path === undefined || found === undefined ? undefined : pathFor(found, this.#cwd, path),
    );
  }

  #settings(found: FoundConfig | undefined, path: string | undefined): Settings {
    const config = found?.config;
    const applied = path === undefined ? [] : (config?.overrides ?? []).map(({ matches }) => matches(path));
    const key = JSON.stringify([config?.file, applied]);
    let settings = this.#known.get(key);
    if (settings === undefined) {
      const options = this.#options;
      const part = config === undefined ? undefined : configFor(config, path);
      settings = {
        rules: chooseRules(this.#rules, {
          preset: options.preset ?? part?.preset,
          rules: part?.rules,
          only: options.only ?? [],
          skip: options.skip ?? [],
          severity: levelsOf(options.severity),
        }),
        known: this.#rules,
        accepts: config?.accepts,
        failOn: options.failOn ?? part?.failOn ?? "warning",
        budget: budgetOf(options, config),
        builder: options.builder ?? config?.builder,
      };
      this.#known.set(key, settings);
    }
    return settings;
  }
}

function pathOf(target: Target): string | undefined {
  return target.kind === "dockerfile" ? target.path : undefined;
}

/** Returns all rules: those of layerlint, of the plugins that the options name, and `own` rules. */
export async function rulesWith(
  { plugins, config }: Pick<RuleSelection, "plugins" | "config">,
  cwd: string,
  own: readonly Rule[] = [],
): Promise<readonly Rule[]> {
  // most runs have no plugins, and start faster without the loader
  const mayHave = (plugins ?? []).length > 0 || typeof config === "string";
  const loaded = mayHave
    ? await (await import("../plugins/load-plugins.ts")).loadPlugins({ plugins, config }, cwd)
    : [];
  // the option stands for the plugin, which the message of a crash names
  const named = own.map((rule) => ({ plugin: 'the option "rules"', ...rule }));
  return loaded.length + own.length === 0 ? allRules : withOwn([...loaded, ...named]);
}

/** Adds own rules. Throws `UserError` for an id or alias that another rule has. */
function withOwn(own: readonly Rule[]): readonly Rule[] {
  const namesOf = ({ id, aliases }: Rule) => [id, ...aliases].map((name) => name.toLowerCase());
  const taken = new Set(allRules.flatMap(namesOf));
  for (const rule of own) {
    const names = namesOf(rule);
    const twice = names.find((name) => taken.has(name));
    if (twice !== undefined)
      throw new UserError(
        `${rule.plugin === undefined ? "" : `${rule.plugin}: `}the rule ${rule.id}: "${twice}" is the name of another rule; choose another one`,
      );
    for (const name of names) taken.add(name);
  }
  return [...allRules, ...own];
}

/** The command checks its options itself; in the library, a misspelled level would never fail a run. */
function checkChoice(name: string, value: string | undefined, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value))
    throw new UserError(`${name} must be one of ${choices.join(", ")}, not "${value}"`);
}

function levelsOf(severity: RuleSelection["severity"] = []): readonly string[] {
  return isList(severity) ? severity : Object.entries(severity).map(([rule, level]) => `${rule}=${level}`);
}

function isList(value: NonNullable<RuleSelection["severity"]>): value is readonly string[] {
  return Array.isArray(value);
}

function budgetOf(
  { minWaste, maxWaste }: GateOptions,
  config: FoundConfig["config"] | undefined,
): Settings["budget"] {
  const given = minWaste === undefined ? undefined : parseSize(minWaste, "--min-waste");
  const floorBytes = given ?? config?.minWaste ?? defaultFloor;
  if (maxWaste?.trim() === "")
    throw new UserError("--max-waste: write a size such as 10MB or a percentage such as 5%");
  const limit = maxWaste === undefined ? config?.maxWaste : parseSizeOrShare(maxWaste, "--max-waste");
  if (limit === undefined) return undefined;
  return "bytes" in limit
    ? { maxBytes: limit.bytes, maxShare: undefined, floorBytes }
    : { maxBytes: undefined, maxShare: limit.share, floorBytes };
}
