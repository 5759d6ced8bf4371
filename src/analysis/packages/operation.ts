/** What a command tells a package manager of a distribution to do. */
import type { Command, ShellWord } from "../../shell/script.ts";
import type { PackageFacts, Tool } from "../../knowledge/tool.ts";
import { toolNamed, toolWith } from "../../knowledge/toolbox.ts";
import { toolOptionsOf, type Option } from "../steps/command-options.ts";

export interface Operation {
  readonly tool: Tool;
  readonly packages: PackageFacts;
  readonly command: Command;
  readonly verb: ShellWord;
  readonly name: string;
  readonly options: readonly Option[];
  /** The words behind the verb that are no options: packages. */
  readonly operands: readonly ShellWord[];
}

/** Undefined for other commands, and for a verb that is not literal. */
export function operationOf(command: Command): Operation | undefined {
  const { name = "" } = command;
  const tool = toolNamed(name);
  const packages = tool?.packages;
  if (tool === undefined || packages === undefined || !(packages.names ?? tool.names).includes(name))
    return undefined;
  const { options, rest } = toolOptionsOf(command.args, tool, name);
  const [verb, ...operands] = rest;
  if (verb?.value === undefined) return undefined;
  return { tool, packages, command, verb, name: verb.value, options, operands };
}

/** It fetches the index of packages. */
export function isRefresh({ packages, name }: Operation): boolean {
  return packages.refresh.includes(name);
}

/** It installs something, or brings everything up to date. */
export function isInstallation({ packages, name }: Operation): boolean {
  return [packages.install, packages.alsoInstall, packages.upgrade].some((verbs) => verbs.includes(name));
}

/** It brings everything up to date. */
export function isUpgradeOfAll({ packages, name, operands }: Operation): boolean {
  return packages.upgrade.includes(name) && operands.length === 0;
}

/** It only deletes what was downloaded. */
export function deletesDownloads({ packages, name }: Operation): boolean {
  return packages.clean.includes(name);
}

/** What it asks before it does this; undefined where it does not ask, or its options answer. */
export function questionOf({ tool, packages, command, name, options }: Operation): PackageFacts["asks"] {
  const { asks } = packages;
  if (asks === undefined || !asks.verbs.includes(name)) return undefined;
  if (!(asks.names ?? tool.names).includes(command.name ?? "")) return undefined;
  return options.some((option) => asks.options.includes(option.name)) ? undefined : asks;
}

/** It belongs to a package manager of a distribution, whatever it is told. */
export function isOfSystem({ name }: Command): boolean {
  return toolNamed(name)?.system === true;
}

/** The same, or it comes with one: `apt-mark`, `dpkg-divert`. */
export function isWithSystem({ name }: Command): boolean {
  return toolWith(name)?.system === true;
}

/** A word that may be an option: `$APT_OPTIONS`. */
export function hasUnknownOptions({ args }: Command): boolean {
  return args.some(({ value, text }) => value === undefined && /OPT|FLAG|ARGS|YES/i.test(text));
}
