/**
 * Decides whether a command compiles: compilers and `make` certainly do, an installer only if a package has no
 * binary.
 */
import { toolNamed } from "../../knowledge/toolbox.ts";
import type { Command } from "../../shell/script.ts";
import { lineOf, toolLine } from "../steps/option-words.ts";

export function buildOf(command: Command): "certain" | "maybe" | undefined {
  const { name, args } = command;
  const { interprets } = toolNamed(name) ?? {};
  const module =
    interprets?.module === undefined ? -1 : args.findIndex(({ value }) => value === interprets.module);
  const given = module < 0 ? undefined : args[module + 1]?.value;
  const { operands } =
    given === undefined ? lineOf(command) : toolLine(args.slice(module + 2), toolNamed(given), given);
  const words = operands.map(({ value }) => value);
  return buildWith(name, given === undefined ? words : [given, ...words]);
}

function buildWith(
  name: string | undefined,
  [verb, ...packages]: readonly (string | undefined)[],
): "certain" | "maybe" | undefined {
  const facts = toolNamed(name)?.building;
  if (facts === undefined) return undefined;
  if (verb !== undefined && facts.runs?.includes(verb) === true) return buildWith(verb, packages);
  if (facts.verbs !== undefined && (verb === undefined || !facts.verbs.includes(verb))) return undefined;
  const { never } = facts;
  const isNever =
    never !== undefined &&
    packages.length > 0 &&
    packages.every((each) => each !== undefined && never.test(each));
  return isNever ? undefined : facts.how;
}
