/** Finds where flags, variables and scripts put a command's cache. */
import type { Step } from "../../build/build.ts";
import { exporters } from "../../knowledge/commands.ts";
import type { CacheFolder } from "../../knowledge/tool-caches.ts";
import type { Command, EnvironmentChange } from "../../shell/script.ts";

/** An unknown value. */
const UNKNOWN = Symbol("unknown");

/**
 * Returns the value of a variable that is in the environment of the command: set by the script, by ENV or by ARG;
 * undefined when it is not set.
 */
export function valueOf(
  name: string,
  command: Command,
  { script, scope }: Step,
): string | typeof UNKNOWN | undefined {
  const own = command.assignments.findLast((assignment) => assignment.name === name);
  if (own !== undefined) return own.value ?? UNKNOWN;
  const change = changeOf(name, command);
  if (change !== undefined) return change.value ?? UNKNOWN;
  for (const each of script?.commands ?? []) {
    if (each.name === undefined || !exporters.has(each.name)) continue;
    for (const { text, value } of each.args) {
      // `export NAME` exports a value assigned elsewhere
      if (text === name) return UNKNOWN;
      if (text.startsWith(`${name}=`)) return value?.slice(name.length + 1) ?? UNKNOWN;
    }
  }
  if (scope.variables.has(name)) return scope.variables.get(name) ?? UNKNOWN;
  return undefined;
}

/** Returns the last change of a variable by the script before the command. */
export function changeOf(name: string, { environment }: Command): EnvironmentChange | undefined {
  let change = environment;
  while (change !== undefined && change.name !== name) change = change.before;
  return change;
}

/** Returns the value as `valueOf` does, with `null` for an unknown value. */
export function textValueOf(name: string, command: Command, step: Step): string | null | undefined {
  const value = valueOf(name, command, step);
  return value === UNKNOWN ? null : value;
}

/** Returns true for a variable set to anything but off; an unknown value counts as set. */
export function isOn(name: string, command: Command, step: Step): boolean {
  const value = valueOf(name, command, step);
  return value === UNKNOWN || (value !== undefined && !/^(?:0|false|no|off|)$/i.test(value));
}

/** Returns true for a variable with a non-empty value. */
export function isSet(name: string, command: Command, step: Step): boolean {
  const value = valueOf(name, command, step);
  return value !== undefined && value !== "";
}

/**
 * Returns the folders that the command may fill, the most likely first; undefined when a variable has an unknown
 * value or disables the cache.
 */
export function foldersOf(
  cache: CacheFolder,
  command: Command,
  step: Step,
): readonly [string, ...string[]] | undefined {
  for (const { name, below, isList } of cache.variables ?? []) {
    const given = valueOf(name, command, step);
    const value = isList === true && typeof given === "string" ? given.replace(/:.*/s, "") : given;
    if (value === undefined || value === "") continue;
    if (value === UNKNOWN || !value.startsWith("/") || /^\/(?:dev|proc|sys)(?:\/|$)/.test(value))
      return undefined;
    return [`${value}/${below}`.replace(/\/+/g, "/").replace(/(.)\/$/, "$1")];
  }
  const all = [cache.folder, ...(cache.alsoAt ?? [])];
  const [first = cache.folder, ...own] = cache.byProgram?.[command.name ?? ""] ?? [];
  const others = [...own, ...all].filter((folder, i, list) => folder !== first && list.indexOf(folder) === i);
  const folders: readonly [string, ...string[]] = [first, ...others];
  if (!cache.folder.startsWith("~/")) return folders;
  const home = valueOf("HOME", command, step);
  if (home === undefined) return folders;
  if (home === UNKNOWN || !home.startsWith("/")) return undefined;
  return [inHome(cache.folder, home), ...(cache.alsoAt ?? []).map((folder) => inHome(folder, home))];
}

function inHome(folder: string, home: string): string {
  return folder.startsWith("~/") ? `${home.replace(/\/$/, "")}${folder.slice(1)}` : folder;
}
