/** Reads the operation of a distribution's package manager from a command. */
import type { PackageFacts, Tool } from "../../knowledge/tool.ts";
import { toolNamed, toolWith } from "../../knowledge/toolbox.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import type { Option } from "../../shell/option-reader.ts";
import { lineOf } from "../steps/option-words.ts";

export interface Operation {
  readonly tool: Tool;
  readonly packages: PackageFacts;
  readonly command: Command;
  readonly verb: ShellWord;
  readonly name: string;
  readonly options: readonly Option[];
  /** The words after the verb that are not options: packages. */
  readonly operands: readonly ShellWord[];
}

/** Reads the operation; undefined for other commands, and for a verb that is not literal. */
export function operationOf(command: Command): Operation | undefined {
  const { name = "" } = command;
  const tool = toolNamed(name);
  const packages = tool?.packages;
  if (tool === undefined || packages === undefined || !(packages.names ?? tool.names).includes(name))
    return undefined;
  const { options, operands: words } = lineOf(command);
  const [verb, ...operands] = words;
  if (verb?.value === undefined) return undefined;
  return { tool, packages, command, verb, name: verb.value, options, operands };
}

/** Returns true if the operation fetches the package index. */
export function isRefresh({ packages, name }: Operation): boolean {
  return packages.refresh.includes(name);
}

/** Returns true if the operation installs packages or upgrades all. */
export function isInstallation({ packages, name }: Operation): boolean {
  return [packages.install, packages.alsoInstall, packages.upgrade].some((verbs) => verbs.includes(name));
}

/** Returns true if the operation upgrades all packages. */
export function isUpgradeOfAll({ packages, name, operands }: Operation): boolean {
  return packages.upgrade.includes(name) && operands.length === 0;
}

/** Returns true if the operation only deletes downloads. */
export function deletesDownloads({ packages, name }: Operation): boolean {
  return packages.clean.includes(name);
}

/** Returns the question that the operation asks; undefined if it asks none, or if its options answer it. */
export function questionOf({ tool, packages, command, name, options }: Operation): PackageFacts["asks"] {
  const { asks } = packages;
  if (asks === undefined || !asks.verbs.includes(name)) return undefined;
  if (!(asks.names ?? tool.names).includes(command.name ?? "")) return undefined;
  return options.some((option) => asks.options.includes(option.name)) ? undefined : asks;
}

/** Returns true for a command of a distribution's package manager. */
export function isOfSystem({ name }: Command): boolean {
  return toolNamed(name)?.system === true;
}

/** Returns true for the same, and for helpers of it: `apt-mark`, `dpkg-divert`. */
export function isWithSystem({ name }: Command): boolean {
  return toolWith(name)?.system === true;
}

/** Returns true if an unknown word may be an option: `$APT_OPTIONS`. */
export function hasUnknownOptions({ args }: Command): boolean {
  return args.some(({ value, text }) => value === undefined && /OPT|FLAG|ARGS|YES/i.test(text));
}
