/** The command line and the configuration of a file → the settings of its audit. The command line wins. */
import { allRules } from "../../../rules/index.ts";
import { configFor } from "../../lint/config/config.ts";
import { chooseRules, type Settings } from "../../lint/settings.ts";
import { parseSize, parseSizeOrShare } from "../../lint/sizes.ts";
import { UserError } from "../../errors.ts";
import { Configs, pathFor, type FoundConfig } from "./config-files.ts";
import { splitList, type GateArguments, type TargetArguments } from "../../cli/options.ts";
import type { Target } from "../targets/targets.ts";

const defaultFloor = 1_000_000;

export class ConfigResolver {
  readonly #args: TargetArguments & GateArguments;
  readonly #cwd: string;
  readonly #configs: Configs;
  readonly #known = new Map<string, Settings>();

  constructor(args: TargetArguments & GateArguments, cwd: string) {
    this.#args = args;
    this.#cwd = cwd;
    this.#configs = new Configs(args, cwd);
    // a mistake on the command line is one, whatever the targets are
    this.#settings(undefined, undefined);
  }

  /** The name of the configuration that says to leave this file alone. */
  async ignoredBy(target: Target): Promise<string | undefined> {
    const path = onDisk(target);
    const found = path === undefined ? undefined : await this.#configs.find(path);
    if (found === undefined || path === undefined) return undefined;
    return found.config.ignores(pathFor(found, this.#cwd, path)) ? found.config.file : undefined;
  }

  /** For targets that are audited together: the Dockerfile's configuration speaks for its image, too. */
  async settings(group: readonly Target[]): Promise<Settings> {
    const path = group.map(onDisk).find((name) => name !== undefined);
    const found = await this.#configs.find(path);
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
      const args = this.#args;
      const part = config === undefined ? undefined : configFor(config, path);
      settings = {
        rules: chooseRules(allRules, {
          preset: args.preset ?? part?.preset,
          rules: part?.rules,
          only: splitList(args.only),
          skip: splitList(args.skip),
          severity: splitList(args.severity),
        }),
        known: allRules,
        accepts: config?.accepts,
        failOn: args.failOn ?? part?.failOn ?? "warning",
        budget: budgetOf(args, config),
      };
      this.#known.set(key, settings);
    }
    return settings;
  }
}

function onDisk(target: Target): string | undefined {
  return target.kind === "dockerfile" && target.onDisk ? target.name : undefined;
}

function budgetOf(args: GateArguments, config: FoundConfig["config"] | undefined): Settings["budget"] {
  const given = args.minWaste === undefined ? undefined : parseSize(args.minWaste, "--min-waste");
  const floorBytes = given ?? config?.minWaste ?? defaultFloor;
  if (args.maxWaste?.trim() === "")
    throw new UserError("--max-waste: write a size such as 10MB or a percentage such as 5%");
  const limit =
    args.maxWaste === undefined ? config?.maxWaste : parseSizeOrShare(args.maxWaste, "--max-waste");
  if (limit === undefined) return undefined;
  return "bytes" in limit
    ? { maxBytes: limit.bytes, maxShare: undefined, floorBytes }
    : { maxBytes: undefined, maxShare: limit.share, floorBytes };
}
