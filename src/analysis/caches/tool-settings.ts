/** What flags, variables and scripts say about where a command's cache goes. */
import type { Step } from "../../build/build.ts";
import type { Command } from "../../shell/script.ts";
import { exporters } from "../../knowledge/commands.ts";
import type { CacheFolder } from "../../knowledge/tool-caches.ts";

/** A value that may be anything. */
const UNKNOWN = Symbol("unknown");

/** Undefined when nothing sets the variable: before the command, by `export` in the script, by ENV, or by ARG. */
export function valueOf(
  name: string,
  command: Command,
  { script, scope }: Step,
): string | typeof UNKNOWN | undefined {
  const own = command.assignments.findLast((assignment) => assignment.name === name);
  if (own !== undefined) return own.value ?? UNKNOWN;
  for (const each of script?.commands ?? []) {
    if (each.name === undefined || !exporters.has(each.name)) continue;
    for (const { text, value } of each.args) {
      // `export NAME` hands over what an assignment somewhere else gave it
      if (text === name) return UNKNOWN;
      if (text.startsWith(`${name}=`)) return value?.slice(name.length + 1) ?? UNKNOWN;
    }
  }
  if (scope.variables.has(name)) return scope.variables.get(name) ?? UNKNOWN;
  return undefined;
}

/** The same with `null` for a value that may be anything. */
export function textValueOf(name: string, command: Command, step: Step): string | null | undefined {
  const value = valueOf(name, command, step);
  return value === UNKNOWN ? null : value;
}

/** Set to something else than off; a value that is not known may be anything. */
export function isOn(name: string, command: Command, step: Step): boolean {
  const value = valueOf(name, command, step);
  return value === UNKNOWN || (value !== undefined && !/^(?:0|false|no|off|)$/i.test(value));
}

/** Set to anything, unless it is empty. */
export function isSet(name: string, command: Command, step: Step): boolean {
  const value = valueOf(name, command, step);
  return value !== undefined && value !== "";
}

/** The folders that the command may fill; the first names them. Undefined where a variable hides or discards it. */
export function foldersOf(
  cache: CacheFolder,
  command: Command,
  step: Step,
): readonly [string, ...string[]] | undefined {
  for (const { name, below } of cache.variables ?? []) {
    const value = valueOf(name, command, step);
    if (value === undefined || value === "") continue;
    if (value === UNKNOWN || !value.startsWith("/") || /^\/(?:dev|proc|sys)(?:\/|$)/.test(value))
      return undefined;
    return [`${value}/${below}`.replace(/\/+/g, "/").replace(/(.)\/$/, "$1")];
  }
  const folders: readonly [string, ...string[]] = [cache.folder, ...(cache.alsoAt ?? [])];
  if (!cache.folder.startsWith("~/")) return folders;
  const home = valueOf("HOME", command, step);
  if (home === undefined) return folders;
  if (home === UNKNOWN || !home.startsWith("/")) return undefined;
  return [inHome(cache.folder, home), ...(cache.alsoAt ?? []).map((folder) => inHome(folder, home))];
}

function inHome(folder: string, home: string): string {
  return folder.startsWith("~/") ? `${home.replace(/\/$/, "")}${folder.slice(1)}` : folder;
}
