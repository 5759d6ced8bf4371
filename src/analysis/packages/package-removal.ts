/** Finds commands that install packages by name, and commands that remove packages, possibly with a program. */
import type { Tool } from "../../knowledge/tool.ts";
import { toolNamed } from "../../knowledge/toolbox.ts";
import type { Command } from "../../shell/script.ts";
import { toolOptionsOf } from "../steps/option-words.ts";

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
export function installedBy({ name, args }: Command): InstalledPackages | undefined {
  const tool = toolNamed(name);
  const [verb, ...packages] = args.flatMap(({ value }) =>
    value === undefined || value.startsWith("-") ? [] : [value.replace(/[=~<>:].*/, "")],
  );
  return tool?.packages?.install.includes(verb ?? "") === true ? { tool, packages } : undefined;
}

/** Returns the command that removes packages at the end of the RUN in which `installing` installs them. */
export function removalOf(tool: Tool, installing: Command, packages: readonly string[]): string {
  const { removal } = tool;
  const { options } = toolOptionsOf(installing.args, tool, installing.name ?? "");
  const group = options.find(({ name }) => removal?.group?.test(name))?.value?.text;
  const named = group ?? packages.map((each) => (/\s/.test(each) ? `"${each}"` : each)).join(" ");
  return (removal?.command ?? "").replace("{packages}", named).replace("{tool}", installing.name ?? "");
}
