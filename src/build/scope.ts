/** Computes the SHELL, USER, WORKDIR, ENV and ARG in force at each instruction, as BuildKit does. */
import type { Dockerfile, Instruction, Pair, Stage } from "../dockerfile/dockerfile.ts";
import { expand, type Variables } from "../dockerfile/expand.ts";
import { declareGlobals, platformArgs } from "../dockerfile/stages.ts";
import { cleanPath } from "../paths.ts";
import type { Inherited, Scope } from "./build.ts";
import { Values } from "./variable-values.ts";
import { isWindows } from "./windows.ts";

/** A scope from which the next one is made. */
export interface BuildScope extends Scope {
  readonly env: Values;
  readonly args: Values;
  readonly variables: Values;
}

const defaultShell = ["/bin/sh", "-c"];
const windowsShell = ["cmd", "/S", "/C"];

/** Returns the defaults of the ARGs before the first FROM; a `--build-arg` may override them. */
export function globalArgs(file: Dockerfile): Variables {
  const values = new Map<string, string | undefined>(platformArgs.map((name) => [name, undefined]));
  for (const instruction of file.instructions) {
    if (instruction.stage !== undefined) break;
    declareGlobals(values, instruction, file.escape);
  }
  return values;
}

/** Returns the scope at the first instruction of a stage that is FROM an image. */
export function baseScope(stage: Stage, file: Dockerfile): BuildScope {
  const scratch = stage.expandedImage?.toLowerCase() === "scratch";
  return {
    shell: isWindows(stage, file) ? windowsShell : defaultShell,
    user: scratch ? "root" : undefined,
    workdir: scratch ? "/" : undefined,
    env: Values.none,
    args: Values.none,
    variables: Values.none,
  };
}

/** Returns the scope at the first instruction of a stage whose base is known. */
export function withInherited(scope: BuildScope, { shell, user, workdir, env }: Inherited): BuildScope {
  return {
    ...scope,
    shell: shell ?? scope.shell,
    user: user ?? scope.user,
    workdir: workdir ?? scope.workdir,
    env: scope.env.with(env),
    variables: scope.variables.with(env),
  };
}

/** Returns the scope after an instruction. Scopes share maps until one changes. */
export function after(
  scope: BuildScope,
  instruction: Instruction,
  global: Variables,
  escape: string,
): BuildScope {
  switch (instruction.keyword) {
    case "ENV":
      return withEnv(scope, instruction.pairs, escape);
    case "ARG":
      return withArgs(scope, instruction.pairs, global, escape);
    case "SHELL":
      return instruction.exec === undefined ? scope : { ...scope, shell: instruction.exec };
    case "USER":
      return { ...scope, user: expandIn(scope, instruction.body, escape) };
    case "WORKDIR":
      return { ...scope, workdir: workdirAfter(scope, instruction, escape) };
    default:
      return scope;
  }
}

/** Expands the variables of a word; undefined when one is unknown (the base image may set it). */
export function expandIn(scope: Scope, word: string, escape: string): string | undefined {
  return expand(word, scope.variables, escape);
}

/** Applies an ENV. All its values are expanded in the scope before it. */
function withEnv(scope: BuildScope, pairs: readonly Pair[], escape: string): BuildScope {
  const found = pairs.map(({ name, rawValue }): [string, string | undefined] => [
    (name.includes("$") ? expandIn(scope, name, escape) : undefined) ?? name,
    rawValue === undefined ? undefined : expandIn(scope, rawValue, escape),
  ]);
  const declared = found.filter(([name]) => scope.args.has(name));
  return {
    ...scope,
    env: scope.env.with(found),
    args: declared.length === 0 ? scope.args : scope.args.with(declared),
    variables: scope.variables.with(found),
  };
}

/**
 * Applies an ARG. `ARG X` takes the value of a global `ARG X`; each default may use the ARGs before it. Builders
 * disagree about an ENV of the same name: the documentation and the classic builder keep the ENV, BuildKit takes the
 * later instruction.
 */
function withArgs(scope: BuildScope, pairs: readonly Pair[], global: Variables, escape: string): BuildScope {
  let result = scope;
  for (const { name, rawValue } of pairs) {
    const given = rawValue === undefined ? global.get(name) : expandIn(result, rawValue, escape);
    const isGiven = rawValue !== undefined || global.has(name);
    const kept = scope.env.get(name);
    const value = !scope.env.has(name) ? given : !isGiven || kept === given ? kept : undefined;
    const pair = [[name, value]] as const;
    result = { ...result, args: result.args.with(pair), variables: result.variables.with(pair) };
  }
  return result;
}

/** Returns the directory after a WORKDIR; undefined when unknown. */
export function workdirAfter(scope: Scope, { body }: Instruction, escape: string): string | undefined {
  const { workdir } = scope;
  const path = expandIn(scope, body, escape);
  // Windows paths are not resolved
  if (path === undefined || /^(?:[A-Za-z]:|\\)/.test(path)) return undefined;
  if (path.startsWith("/")) return cleanPath(path);
  return workdir === undefined ? undefined : cleanPath(`${workdir}/${path}`);
}
