import type { Command, ShellWord } from "../../shell/script.ts";
import { packageTools, type PackageTool } from "../../knowledge/package-tools.ts";
import { optionsOf, type Option } from "../steps/command-options.ts";

/** What a command tells a package manager of a distribution to do. */
export interface Operation {
  readonly tool: PackageTool;
  readonly command: Command;
  readonly verb: ShellWord;
  readonly name: string;
  readonly options: readonly Option[];
  /** The words behind the verb that are no options: packages. */
  readonly operands: readonly ShellWord[];
}

/** Undefined for other commands, and for a verb that is not literal. */
export function operationOf(command: Command): Operation | undefined {
  const tool = packageTools.find(({ names }) => names.includes(command.name ?? ""));
  if (tool === undefined) return undefined;
  const { options, rest } = optionsOf(command.args, tool.short, tool.long);
  const [verb, ...operands] = rest;
  if (verb?.value === undefined) return undefined;
  return { tool, command, verb, name: verb.value, options, operands };
}

/** A word that may be an option: `$APT_OPTIONS`. */
export function hasUnknownOptions({ args }: Command): boolean {
  return args.some(({ value, text }) => value === undefined && /OPT|FLAG|ARGS|YES/i.test(text));
}
