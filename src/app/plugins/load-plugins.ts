/**
 * Loads the rules of plugins. Only plugins that the user names are loaded, because their code runs with the user's
 * rights.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../../errors.ts";
import { rulesOf } from "../../lint/plugin-rules.ts";
import type { Rule } from "../../rule/contract.ts";
import { configSource } from "../configs/config-files.ts";
import type { RuleSelection } from "../options.ts";
import { importModule } from "./import-module.ts";

/**
 * Loads the rules of `plugins`, and of the plugins in the configuration file `config`; never of a discovered
 * configuration. Throws `UserError` for a plugin that does not exist, cannot be loaded, or exports other values than
 * rules.
 */
export async function loadPlugins(
  { plugins = [], config }: Pick<RuleSelection, "plugins" | "config">,
  cwd: string,
): Promise<readonly Rule[]> {
  const files = new Map<string, string>();
  for (const plugin of plugins) files.set(entryOf(plugin, cwd), plugin);
  if (typeof config === "string") {
    const { pluginsIn } = await import("../../lint/config/parse-config.ts");
    const folder = dirname(resolve(cwd, config));
    for (const plugin of pluginsIn(configSource(resolve(cwd, config), cwd)))
      files.set(entryOf(plugin, folder), plugin);
  }
  const rules: Rule[] = [];
  for (const [file, plugin] of files) rules.push(...rulesOf(await load(file, plugin), plugin));
  return rules;
}

async function load(file: string, plugin: string): Promise<unknown> {
  try {
    return await importModule(pathToFileURL(file).href);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`${plugin}: the plugin cannot be loaded: ${why.split("\n")[0]}`);
  }
}

/**
 * Returns the file of a plugin. A path is relative to `folder`; a package is searched for from there upwards, as
 * Node.js does.
 */
function entryOf(plugin: string, folder: string): string {
  if (/^\.{1,2}[\\/]/.test(plugin) || isAbsolute(plugin) || /\.[cm]?[jt]s$/.test(plugin)) {
    const file = resolve(folder, plugin);
    if (!isFile(file))
      throw new UserError(
        `${plugin}: ${existsSync(file) ? whyNoFile(file, plugin) : "there is no such plugin file"}`,
      );
    return file;
  }
  if (!/^(?:@[\w.-]+\/)?[\w.-]+$/.test(plugin))
    throw new UserError(`"${plugin}": a plugin is a file (./rules.js) or the name of a package`);
  for (let at = resolve(folder); ; at = dirname(at)) {
    const found = join(at, "node_modules", plugin);
    if (existsSync(join(found, "package.json"))) return entryOfPackage(found, plugin);
    if (dirname(at) === at) break;
  }
  throw new UserError(`${plugin}: there is no such package; a file is named with its path: ./${plugin}`);
}

/** Returns what to give instead of a folder. */
function whyNoFile(folder: string, plugin: string): string {
  const entry = ["index.js", "index.mjs", "index.cjs"].find((name) => isFile(join(folder, name)));
  const example = `${plugin.replace(/[\\/]+$/, "")}/${entry ?? "rules.js"}`;
  return `this is a folder; give the file that exports the rules (${example}) or the name of an installed package`;
}

function entryOfPackage(folder: string, plugin: string): string {
  const manifest = manifestIn(folder, plugin);
  const entry =
    targetOf(manifest.exports) ?? (typeof manifest.main === "string" ? manifest.main : "index.js");
  const file = join(folder, entry);
  if (!isFile(file)) throw new UserError(`${plugin}: the package has no entry ${entry}`);
  return file;
}

function manifestIn(folder: string, plugin: string): { readonly exports?: unknown; readonly main?: unknown } {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // not JSON
  }
  throw new UserError(`${plugin}: the package has no valid package.json`);
}

/** Returns the import target of "." in the `exports` of a package.json. */
function targetOf(exported: unknown): string | undefined {
  if (typeof exported === "string") return exported;
  if (typeof exported !== "object" || exported === null) return undefined;
  for (const [condition, target] of Object.entries(exported)) {
    if (![".", "node", "import", "default"].includes(condition)) continue;
    const found = targetOf(target);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
