/** Finds commands that install a project's dependencies, and the manifests they read. */
import type { DevelopmentFacts, RequirementFacts, Tool } from "../../knowledge/tool.ts";
import { isNamed } from "../../knowledge/tool.ts";
import { toolNamed } from "../../knowledge/toolbox.ts";
import { tools } from "../../knowledge/tools/index.ts";
import type { Command } from "../../shell/script.ts";
import { fullWords, hasOption, lineOf, toolLine } from "../steps/option-words.ts";

/** Returns the manifests that the command installs from, the most important first; undefined for other commands. */
export function manifestsOf(command: Command): readonly string[] | undefined {
  const project = toolNamed(command.name)?.project;
  if (project !== undefined) {
    const { operands: given, sure } = lineOf(command);
    const operands = given.map(({ value }) => value);
    for (const verb of [...project.verbs, ...(project.downloads ?? [])]) {
      const words = verb === "" ? [] : verb.split(" ");
      const isVerb = words.every((word, at) => operands[at] === word);
      if (
        isVerb &&
        sure >= Math.max(1, words.length) &&
        (operands.length === words.length || project.withOperands === true)
      )
        return project.manifests;
    }
  }
  const found = requirementsOf(command);
  if (found === undefined) return undefined;
  const line = toolLine(command.args, found.tool, found.tool.names[0] ?? "");
  return found.facts.options.some((option) => hasOption(line, option)) ? found.facts.manifests : undefined;
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
  const { operands, sure } = lineOf(command);
  const [verb, ...others] = operands;
  if (sure < 1 || !project.verbs.includes(verb === undefined ? "" : (verb.value ?? "\0"))) return undefined;
  if (fullWords(command).some((each) => each !== undefined && development.options.test(each)))
    return undefined;
  // with a package name, the command installs only that package
  return others.length > 0 ? undefined : { tool, development };
}

/** Returns true if the command creates this folder of the project, so that copying it is useless. */
export function makesFolder(command: Command, folder: string): boolean {
  const makes = toolNamed(command.name)?.project?.makes;
  if (makes?.folder !== folder) return false;
  const { operands, sure } = lineOf(command);
  if (sure < 1) return false;
  const [verb] = operands;
  return verb === undefined ? makes.verbs.includes("") : makes.verbs.includes(verb.value ?? "\0");
}
