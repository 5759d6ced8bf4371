/** Finding and reading configurations: the nearest one above each linted file. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { allRules } from "../../rules/index.ts";
import type { Config } from "../lint/config/config.ts";
import { UserError } from "../errors.ts";

/** A configuration, and the folder from which its globs count. */
export interface FoundConfig {
  readonly config: Config;
  readonly folder: string;
}

export const configNames = [".layerlint.yaml", ".layerlint.yml"] as const;
const packageKey = "layerlint";

export interface ConfigChoice {
  /** `--config`. */
  readonly config: string | undefined;
  readonly noConfig: boolean;
}

export class Configs {
  readonly #cwd: string;
  readonly #none: boolean;
  readonly #given: string | undefined;
  readonly #byFolder = new Map<string, Promise<FoundConfig | undefined>>();
  #loaded: Promise<FoundConfig> | undefined;

  constructor({ config, noConfig }: ConfigChoice, cwd: string) {
    if (config !== undefined && noConfig) throw new UserError("--config and --no-config exclude each other");
    this.#cwd = cwd;
    this.#none = noConfig;
    this.#given = config;
  }

  /** For a Dockerfile, or without one (an image, standard input) for the working folder. */
  async find(dockerfile: string | undefined): Promise<FoundConfig | undefined> {
    if (this.#none) return undefined;
    if (this.#given !== undefined)
      return (this.#loaded ??= this.#load(resolve(this.#cwd, this.#given), this.#cwd));
    return this.#above(dockerfile === undefined ? this.#cwd : dirname(resolve(this.#cwd, dockerfile)));
  }

  /** The search ends at the root of a repository: what stands above it is not about its files. */
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
    if (name !== undefined) return this.#load(join(folder, name), folder);
    const above = dirname(folder);
    return existsSync(join(folder, ".git")) || above === folder ? undefined : this.#above(above);
  }

  async #load(file: string, folder: string): Promise<FoundConfig> {
    const shown = this.#shown(file);
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (error) {
      throw new UserError(
        `${shown}: the configuration cannot be read (${(error as NodeJS.ErrnoException).code})`,
      );
    }
    const key = basename(file) === "package.json" ? packageKey : undefined;
    const today = new Date().toISOString().slice(0, 10);
    // YAML and globs are loaded when there is a configuration
    const { parseConfig } = await import("../lint/config/parse-config.ts");
    return { config: parseConfig({ file: shown, text, key, today }, allRules), folder };
  }

  #shown(file: string): string {
    const path = relative(this.#cwd, file);
    return path.startsWith("..") || isAbsolute(path) ? file : path;
  }
}

/** The path of a file as the globs of a configuration see it. */
export function pathFor({ folder }: FoundConfig, cwd: string, dockerfile: string): string {
  return relative(folder, resolve(cwd, dockerfile)).split(sep).join("/");
}

function hasKey(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    const text = readFileSync(file, "utf8");
    if (!text.includes(`"${packageKey}"`)) return false;
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && Object.hasOwn(value, packageKey);
  } catch {
    // whatever this is, it holds no configuration of ours
    return false;
  }
}
