/**
 * Decides whether a command compiles: compilers and `make` certainly do, an installer only if a package has no
 * binary.
 */
import type { Command } from "../../shell/script.ts";
import { toolNamed } from "../../knowledge/toolbox.ts";

export function buildOf({ name, args }: Command): "certain" | "maybe" | undefined {
  const module = args.findIndex(({ value }) => value === "-m");
  const operands = args
    .slice(module + 1)
    .map(({ value }) => value)
    .filter((value) => value?.startsWith("-") !== true);
  return buildWith(name, operands);
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
