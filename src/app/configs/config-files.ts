/** Finds and reads configurations: the nearest one above each linted file. */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { UserError } from "../../errors.ts";
import type { Config } from "../../lint/config/config.ts";
import type { ConfigSource } from "../../lint/config/parse-config.ts";
import { errorCode } from "../../records.ts";
import { readRegularFile } from "../../regular-file.ts";
import type { Rule } from "../../rule/contract.ts";
import type { RuleSelection } from "../options.ts";

/** A configuration, and the folder that its globs are relative to. */
export interface FoundConfig {
  readonly config: Config;
  readonly folder: string;
}

export const configNames = [".layerlint.yaml", ".layerlint.yml"] as const;
const packageKey = "layerlint";
/** Largest configuration or package.json that is read, in bytes. */
const maxConfig = 2 ** 22;

export class ConfigFiles {
  readonly #cwd: string;
  readonly #rules: readonly Rule[];
  readonly #given: RuleSelection["config"];
  readonly #byFolder = new Map<string, Promise<FoundConfig | undefined>>();
  #loaded: Promise<FoundConfig> | undefined;

  /** `given` is the one file to use for all targets, or `false` for none; `rules` are the known rules. */
  constructor(given: RuleSelection["config"], cwd: string, rules: readonly Rule[]) {
    this.#cwd = cwd;
    this.#rules = rules;
    this.#given = given;
  }

  /** Finds the configuration for a Dockerfile; without one (an image, standard input), for the working folder. */
  async find(dockerfile: string | undefined): Promise<FoundConfig | undefined> {
    if (this.#given === false) return undefined;
    if (this.#given !== undefined)
      return (this.#loaded ??= this.#load(resolve(this.#cwd, this.#given), this.#cwd));
    return this.#above(dockerfile === undefined ? this.#cwd : dirname(resolve(this.#cwd, dockerfile)));
  }

  /**
   * Searches upwards from a folder. The search ends at the root of a repository, because configurations above it do
   * not concern its files.
   */
  #above(folder: string): Promise<FoundConfig | undefined> {
    let found = this.#byFolder.get(folder);
    if (found === undefined) {
      found = this.#in(folder);
      this.#byFolder.set(folder, found);
    }
    return found;
  }

  async #in(folder: string): Promise<FoundConfig | undefined> {
    const names: string[] = configNames.filter((name) => existsSync(join(folder, name)));
    if (hasKey(join(folder, "package.json"))) names.push("package.json");
    const [name, other] = names;
    if (name !== undefined && other !== undefined) {
      throw new UserError(
        `${this.#shown(join(folder, name))}: ${other} in the same folder also has a configuration; keep one of them`,
      );
    }
    if (name !== undefined) {
      const file = join(folder, name);
      if (!isInRepository(file, folder))
        throw new UserError(
          `${this.#shown(file)}: is a symlink to a file outside of the repository; name that file with --config instead`,
        );
      return this.#load(file, folder);
    }
    const above = dirname(folder);
    return existsSync(join(folder, ".git")) || above === folder ? undefined : this.#above(above);
  }

  async #load(file: string, folder: string): Promise<FoundConfig> {
    const source = configSource(file, this.#cwd);
    // YAML and globs are loaded only when there is a configuration
    const { parseConfig } = await import("../../lint/config/parse-config.ts");
    const named = this.#given !== undefined;
    return { config: parseConfig({ ...source, named }, this.#rules), folder };
  }

  #shown(file: string): string {
    return shownAs(file, this.#cwd);
  }
}

/**
 * Whether a configuration that was found is a file of the repository around `folder`, or of the folder where there is no
 * repository: the text of any other file could end up in messages.
 */
function isInRepository(file: string, folder: string): boolean {
  let root = folder;
  while (!existsSync(join(root, ".git"))) {
    const above = dirname(root);
    if (above === root) {
      root = folder;
      break;
    }
    root = above;
  }
  try {
    const path = relative(realpathSync(root), realpathSync(file));
    return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  } catch {
    // reading it says what is wrong
    return true;
  }
}

/** Reads the text of a configuration. Throws `UserError` when it cannot be read. */
export function configSource(file: string, cwd: string): ConfigSource {
  const shown = shownAs(file, cwd);
  try {
    return {
      file: shown,
      text: readRegularFile(file, maxConfig, shown).toString("utf8"),
      key: basename(file) === "package.json" ? packageKey : undefined,
      today: new Date().toISOString().slice(0, 10),
    };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${shown}: the configuration cannot be read (${errorCode(error)})`);
  }
}

function shownAs(file: string, cwd: string): string {
  const path = relative(cwd, file) || ".";
  return path.startsWith("..") || isAbsolute(path) ? file : path;
}

/** Returns the path of a file relative to a configuration's folder. */
export function pathFor({ folder }: FoundConfig, cwd: string, dockerfile: string): string {
  return relative(folder, resolve(cwd, dockerfile)).split(sep).join("/");
}

function hasKey(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    const text = readRegularFile(file, maxConfig).toString("utf8");
    if (!text.includes(`"${packageKey}"`)) return false;
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && Object.hasOwn(value, packageKey);
  } catch (error) {
    if (error instanceof UserError) throw error;
    // an unreadable package.json holds no configuration
    return false;
  }
}
