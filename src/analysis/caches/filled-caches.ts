/** Finds caches of package managers that a command certainly fills or empties. */
import type { Step } from "../../build/build.ts";
import { userChangers } from "../../knowledge/commands.ts";
import type { CacheFolder, UsualWriter } from "../../knowledge/tool-caches.ts";
import { type CachingTool } from "../../knowledge/tool.ts";
import { cachingToolNamed, cleanersOf, toolsFilledBy } from "../../knowledge/toolbox.ts";
import { itemAt } from "../../must.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import { hasOption, lineOf, verbOf } from "../steps/option-words.ts";
import { cleansElsewhere } from "./cache-cleaning.ts";
import { alwaysFillsCache, isMounted } from "./cache-writers.ts";
import { isRoot } from "./running-user.ts";
import { changeOf, foldersOf } from "./tool-settings.ts";

export interface WrittenCache {
  readonly manager: CachingTool;
  readonly cache: CacheFolder;
  /** Absolute. */
  readonly path: string;
}

/** Returns the caches that a command fills, certain enough that a later deletion removes its files. */
export function writtenCaches(command: Command, step: Step): WrittenCache[] {
  const usual = usuallyWritten(command, step);
  if (usual.length > 0) return usual;
  return toolsFilledBy(command.name ?? "").flatMap((manager) =>
    manager.caches.flatMap((cache, at): WrittenCache[] => {
      const path = alwaysFillsCache(command, manager, step, at) ? folderOf(cache, command, step) : undefined;
      return path === undefined || isMounted(step, cache.folder) ? [] : [{ manager, cache, path }];
    }),
  );
}

/** Returns the caches that a command usually fills, at every possible place. */
function usuallyWritten(command: Command, step: Step): WrittenCache[] {
  const manager = cachingToolNamed(command.name);
  if (manager === undefined) return [];
  return (manager.usualWriters ?? [])
    .filter((writer) => isUsual(command, writer))
    .flatMap(({ fills }) =>
      fills.flatMap((at) => placesOf(manager, itemAt(manager.caches, at), command, step)),
    );
}

function isUsual(command: Command, { names, verbs, operation }: UsualWriter): boolean {
  const { name = "", args } = command;
  if (names?.includes(name) === false) return false;
  const verb = verbOf(command);
  if (verb !== undefined && verb.value === undefined) return false;
  if (verb === undefined && lineOf(command).operands.length > 0) return false;
  if (operation !== undefined) return args.some(({ value }) => operation.test(value ?? ""));
  return verbs?.includes(verb?.value ?? "") ?? true;
}

function placesOf(manager: CachingTool, cache: CacheFolder, command: Command, step: Step): WrittenCache[] {
  // a variable moves the cache; `writtenCaches` handles that
  if (manager.caches.some(({ variables = [] }) => variables.some(({ name }) => isKnown(name, command, step))))
    return [];
  const home = homeOf(command, step);
  return [cache.folder, ...(cache.alsoAt ?? [])].flatMap((folder): WrittenCache[] => {
    const path = inHome(folder, home);
    return path === undefined || isMounted(step, folder) ? [] : [{ manager, cache, path }];
  });
}

function isKnown(name: string, command: Command, { scope }: Step): boolean {
  return (
    scope.env.has(name) || scope.args.has(name) || command.assignments.some((each) => each.name === name)
  );
}

/** Returns the caches that a manager's own command empties completely: `dnf clean all`, `npm cache clean --force`. */
export function emptiedCaches(command: Command, step: Step): WrittenCache[] {
  const cleaners = cleanersOf(command.name ?? "");
  if (cleansElsewhere(command)) return [];
  const words = command.args.map(({ value }) => value);
  if (words.includes(undefined)) return [];
  for (const { tool, cleaner } of cleaners) {
    const { empties } = cleaner;
    if (empties === undefined || !cleaner.words.every((word) => words.includes(word))) continue;
    const line = lineOf(command);
    const isGiven = (each: string) => words.includes(each) || hasOption(line, each);
    if (empties.with?.some(isGiven) === false) continue;
    const cache = tool.caches[empties.cache];
    if (cache === undefined) continue;
    const path = folderOf(cache, command, step);
    return path === undefined ? [] : [{ manager: tool, cache, path }];
  }
  return [];
}

/** Returns the cache folder of the program; dnf, yum and related programs have one each. */
function folderOf(cache: CacheFolder, command: Command, step: Step): string | undefined {
  const folder = cache.byProgram?.[command.name ?? ""]?.[0] ?? foldersOf(cache, command, step)?.[0];
  return folder === undefined ? undefined : inHome(folder, homeOf(command, step));
}

function inHome(folder: string, home: string | undefined): string | undefined {
  if (!folder.startsWith("~/")) return folder;
  return home === undefined ? undefined : `${home}${folder.slice(1)}`;
}

/**
 * Returns the home of the user, by default root's: few base images set another user, and that user cannot remove
 * `/root`.
 */
export function homeOf(command: Command, { scope }: Step): string | undefined {
  if (command.through.some((wrapper) => userChangers.has(wrapper))) return undefined;
  if (command.assignments.some(({ name }) => name === "HOME") || scope.args.has("HOME")) return undefined;
  const change = changeOf("HOME", command);
  if (change !== undefined) return change.value?.replace(/\/+$/, "");
  if (scope.env.has("HOME")) return scope.env.get("HOME")?.replace(/\/+$/, "");
  return scope.user === undefined || isRoot(scope.user) ? "/root" : undefined;
}

/** Returns the word's value with the home expanded in `~/x`, `$HOME/x` and `"${HOME}/x"`. */
export function valueAtHome(word: ShellWord, home: string | undefined): string | undefined {
  const rest = /^(?:~|"?\$(?:HOME|\{HOME\}))(\/[^\s"'$`\\]*)"?$/.exec(word.text)?.[1];
  if (rest === undefined) return word.value;
  return home === undefined ? undefined : `${home}${rest}`;
}
