/** Finds commands that install packages by name, and commands that remove packages, possibly with a program. */
import type { Tool } from "../../knowledge/tool.ts";
import { toolNamed } from "../../knowledge/toolbox.ts";
import type { Command } from "../../shell/script.ts";
import { lineOf } from "../steps/option-words.ts";

/** Returns true if a command removes packages; with `of`, only for commands of that tool. */
export function removesPackages({ name, args }: Command, of?: Tool): boolean {
  const tool = toolNamed(name);
  const word = tool?.removal?.word;
  if (word === undefined || (of !== undefined && of !== tool)) return false;
  return args.some(({ value }) => value !== undefined && word.test(value));
}

export interface InstalledPackages {
  readonly tool: Tool;
  /** Package names without versions. */
  readonly packages: readonly string[];
}

/** Returns the packages that a distribution's package manager installs by name; undefined for other commands. */
export function installedBy(command: Command): InstalledPackages | undefined {
  const tool = toolNamed(command.name);
  const [verb, ...named] = lineOf(command).operands;
  if (tool?.packages?.install.includes(verb?.value ?? "") !== true) return undefined;
  const packages = named.flatMap(({ value }) =>
    value === undefined ? [] : [value.replace(/[=~<>:].*/, "")],
  );
  return { tool, packages };
}

/** Returns the command that removes packages at the end of the RUN in which `installing` installs them. */
export function removalOf(tool: Tool, installing: Command, packages: readonly string[]): string {
  const { removal } = tool;
  const { options } = lineOf(installing);
  const group = options.find(({ name }) => removal?.group?.test(name))?.value?.text;
  const named = group ?? packages.map((each) => (/\s/.test(each) ? `"${each}"` : each)).join(" ");
  return (removal?.command ?? "").replace("{packages}", named).replace("{tool}", installing.name ?? "");
}
