/** SHELL, USER, WORKDIR, ENV and ARG in force at each instruction, as BuildKit computes them. */
import type { Scope } from "../engine/contract.ts";
import { cleanPath } from "./clean-path.ts";
import type { Dockerfile, Instruction, Pair, Stage } from "./dockerfile.ts";
import { expand } from "./expand.ts";
import { platformArgs } from "./stages.ts";

type Values = ReadonlyMap<string, string | undefined>;

const defaultShell = ["/bin/sh", "-c"];

/** Defaults of the ARGs before the first FROM; a `--build-arg` may override them. */
export function globalArgs(file: Dockerfile): Values {
  const values = new Map<string, string | undefined>(platformArgs.map((name) => [name, undefined]));
  for (const instruction of file.instructions) {
    if (instruction.stage !== undefined) break;
    if (instruction.keyword !== "ARG") continue;
    for (const { name, rawValue } of instruction.pairs) {
      values.set(name, rawValue === undefined ? undefined : expand(rawValue, values, file.escape, "unset"));
    }
  }
  return values;
}

/** At the first instruction of a stage that is FROM an image. */
export function baseScope(stage: Stage): Scope {
  const scratch = stage.expandedImage?.toLowerCase() === "scratch";
  return {
    shell: defaultShell,
    user: scratch ? "root" : undefined,
    workdir: scratch ? "/" : undefined,
    env: new Map(),
    args: new Map(),
  };
}

/** The scope after an instruction. Maps are shared until something changes them. */
export function after(scope: Scope, instruction: Instruction, global: Values, escape: string): Scope {
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
      return { ...scope, workdir: moved(scope.workdir, expandIn(scope, instruction.body, escape)) };
    default:
      return scope;
  }
}

/** A word with the variables of the scope filled in; undefined when one is not known (the base image may set it). */
export function expandIn(scope: Scope, word: string, escape: string): string | undefined {
  return expand(word, variables(scope), escape);
}

/** ENV wins over ARG. */
export function variables(scope: Scope): Values {
  return scope.args.size === 0 ? scope.env : new Map([...scope.args, ...scope.env]);
}

function withEnv(scope: Scope, pairs: readonly Pair[], escape: string): Scope {
  const env = new Map(scope.env);
  const args = new Map(scope.args);
  for (const { name, rawValue } of pairs) {
    const value = rawValue === undefined ? undefined : expandIn(scope, rawValue, escape);
    env.set(name, value);
    if (args.has(name)) args.set(name, value);
  }
  return { ...scope, env, args };
}

/** `ARG X` takes the default of a global `ARG X`. */
function withArgs(scope: Scope, pairs: readonly Pair[], global: Values, escape: string): Scope {
  const args = new Map(scope.args);
  for (const { name, rawValue } of pairs) {
    const given = rawValue === undefined ? global.get(name) : expandIn({ ...scope, args }, rawValue, escape);
    args.set(name, scope.env.has(name) ? scope.env.get(name) : given);
  }
  return { ...scope, args };
}

function moved(workdir: string | undefined, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (path.startsWith("/")) return cleanPath(path);
  return workdir === undefined ? undefined : cleanPath(`${workdir}/${path}`);
}
