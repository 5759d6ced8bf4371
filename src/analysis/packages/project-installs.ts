/** Finds commands that install a project's dependencies, and the manifests they read. */
import type { Command } from "../../shell/script.ts";
import type { DevelopmentFacts, RequirementFacts, Tool } from "../../knowledge/tool.ts";
import { isNamed } from "../../knowledge/tool.ts";
import { toolNamed } from "../../knowledge/toolbox.ts";
import { tools } from "../../knowledge/tools/index.ts";
import { isOption } from "../steps/command-options.ts";

/** Returns the manifests that the command installs from, the most important first; undefined for other commands. */
export function manifestsOf(command: Command): readonly string[] | undefined {
  const project = toolNamed(command.name)?.project;
  if (project !== undefined) {
    const operands = command.args.flatMap(({ value }) => (value?.startsWith("-") === true ? [] : [value]));
    for (const verb of [...project.verbs, ...(project.downloads ?? [])]) {
      const words = verb === "" ? [] : verb.split(" ");
      const isVerb = words.every((word, at) => operands[at] === word);
      if (isVerb && (operands.length === words.length || project.withOperands === true))
        return project.manifests;
    }
  }
  const found = requirementsOf(command);
  return found !== undefined &&
    command.args.some(({ value }) =>
      found.facts.options.some((option) => isOption(value, option, found.tool)),
    )
    ? found.facts.manifests
    : undefined;
}

/** Reads an installation that may name requirement files: `pip install …`, `python -m pip install …`. */
function requirementsOf({
  name,
  args,
}: Command): { readonly tool: Tool; readonly facts: RequirementFacts } | undefined {
  if (name === undefined) return undefined;
  const words = args.map(({ value }) => value);
  if (!words.includes("install")) return undefined;
  for (const tool of tools) {
    const facts = tool.requirements;
    if (
      facts !== undefined &&
      isNamed(name, facts.names) &&
      (isNamed(name, tool.names) || words.includes(tool.id))
    )
      return { tool, facts };
  }
  return undefined;
}

/** Returns the word of an installation whose name marks it as for development only: `requirements-dev.txt`. */
export function developmentRequirementOf(command: Command): Command["args"][number] | undefined {
  const development = requirementsOf(command)?.facts.development;
  return development && command.args.find(({ value }) => value !== undefined && development.test(value));
}

export interface ProjectInstall {
  readonly tool: Tool;
  readonly development: DevelopmentFacts;
}

/**
 * Returns the tool that installs all dependencies of a project, including development packages; undefined for other
 * commands, and if an option leaves development packages out.
 */
export function developmentInstallOf(command: Command): ProjectInstall | undefined {
  const tool = toolNamed(command.name);
  const project = tool?.project;
  const development = project?.development;
  if (tool === undefined || project === undefined || development === undefined) return undefined;
  const [verb, ...others] = command.args.filter(({ text }) => !text.startsWith("-"));
  if (!project.verbs.includes(verb?.value ?? "")) return undefined;
  if (command.args.some(({ value }) => value !== undefined && development.options.test(value)))
    return undefined;
  // with a package name, the command installs only that package
  return others.some((word) => !isOptionValue(word, command)) ? undefined : { tool, development };
}

/** Options that take the next word: `-d /srv`, `--prefix /app`. */
const VALUED =
  /^(?:-[CdjFw]|--(?:prefix|cwd|dir|working-dir|directory|project|jobs|retry|gemfile|path|registry|loglevel|cache|cache-folder|network-timeout|filter|workspace|with|extra|extras|group|python))$/;

function isOptionValue(word: Command["args"][number], { args }: Command): boolean {
  return VALUED.test(args[args.indexOf(word) - 1]?.text ?? "");
}

/** Returns true if the command creates this folder of the project, so that copying it is useless. */
export function makesFolder({ name, args }: Command, folder: string): boolean {
  const makes = toolNamed(name)?.project?.makes;
  if (makes?.folder !== folder) return false;
  const verb = args.find(({ value }) => value?.startsWith("-") !== true);
  return verb === undefined ? makes.verbs.includes("") : makes.verbs.includes(verb.value ?? "\0");
}
