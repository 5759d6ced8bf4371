/** Finds the files and folders that a command removes or moves away. */
import type { Step } from "../../build/build.ts";
import { plainSyntax } from "../../knowledge/commands.ts";
import { isBelow, overlaps, resolve } from "../../paths.ts";
import { optionsOf } from "../../shell/option-reader.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import { mayClean } from "../caches/cache-cleaning.ts";
import { emptiedCaches, homeOf, valueAtHome } from "../caches/filled-caches.ts";
import type { Creation } from "./creations.ts";

/** A path that a command removes. */
export interface Removal {
  readonly path: string;
  readonly recursive: boolean;
  /** `DIR/*`: the files in the directory, except names that start with a dot. */
  readonly contentsOnly: boolean;
  /** Emptied by a command of this package manager instead of by its path. */
  readonly manager?: string;
  readonly verb: "deletes" | "moves";
  /** The word that names the path, if any. */
  readonly word?: ShellWord;
}

export interface FoundRemoval {
  readonly command: Command;
  readonly removal: Removal;
}

/** Returns what a command removes when it succeeds, by its literal words. */
export function removed(command: Command, step: Step): Removal[] {
  if (command.through.includes("xargs") || command.through.includes("find")) return [];
  if (command.name === "rm") return rm(command, step);
  if (command.name === "mv") return mv(command);
  return emptiedCaches(command, step).map(({ path, manager }) => ({
    path,
    recursive: true,
    contentsOnly: true,
    manager: manager.id,
    verb: "deletes",
  }));
}

function rm(command: Command, step: Step): Removal[] {
  const { args, cwd } = command;
  const { options, rest } = optionsOf(args, plainSyntax("rm"));
  const recursive = options.some(({ name }) => name === "-r" || name === "-R" || name === "--recursive");
  const home = homeOf(command, step);
  return rest.flatMap((word): Removal[] => {
    const value = valueAtHome(word, home);
    const contentsOnly = word.glob && /[^*?[]\/\*$/.test(value ?? "");
    if (word.glob && !contentsOnly) return [];
    const text = contentsOnly ? value?.slice(0, -2) : value;
    if (text !== undefined && /[*?[]/.test(text) && word.glob) return [];
    const path = resolve(cwd, text);
    return path === undefined || path === "/"
      ? []
      : [{ path, recursive, contentsOnly, verb: "deletes", word }];
  });
}

function mv({ args, cwd }: Command): Removal[] {
  const { options, rest } = optionsOf(args, plainSyntax("mv"));
  const [source] = rest;
  if (options.some(({ name }) => !["-f", "-v", "--force", "--verbose"].includes(name))) return [];
  if (rest.length !== 2 || source === undefined || source.glob) return [];
  const path = resolve(cwd, source.value);
  return path === undefined || path === "/"
    ? []
    : [{ path, recursive: true, contentsOnly: false, verb: "moves", word: source }];
}

/** Returns true if the removal certainly removes the created files, given that both succeeded. */
export function takes(removal: Removal, creation: Creation): boolean {
  if (removal.manager !== undefined)
    return removal.manager === creation.filled?.manager.id && removal.path === creation.path;
  if (!removal.contentsOnly && removal.path === creation.path) {
    // Without -r, rm fails on a directory, and so does the RUN.
    return removal.recursive || creation.kind !== "dir";
  }
  // rm removed the files in the directory, or failed on a subdirectory.
  if (removal.path === creation.path) return creation.kind === "dir";
  if (!isBelow(creation.path, removal.path)) return false;
  const [first = "", ...deeper] = creation.path.slice(removal.path.length + 1).split("/");
  if (removal.contentsOnly && first.startsWith(".")) return false;
  return removal.recursive || (removal.contentsOnly && deeper.length === 0 && creation.kind === "file");
}

/** Returns true if the command may remove the path: it removes a non-literal path, or one that overlaps it. */
export function mightTake(command: Command, creation: Creation): boolean {
  if (mayEmpty(command, creation)) return true;
  const indirect = command.through.includes("xargs") || command.through.includes("find");
  switch (command.name) {
    case "trap":
    case undefined:
      return true;
    case "rm":
    case "mv":
    case "unlink":
    case "rmdir":
      return indirect || command.args.some((word) => touches(word.value, word.glob, command.cwd, creation));
    case "find":
      return command.args.some((word) => word.value === "-delete" || word.value === undefined);
    default:
      return false;
  }
}

/** Returns true for a package manager, or a wide `rm`, that may have emptied the cache. */
function mayEmpty(command: Command, { filled, path }: Creation): boolean {
  return filled !== undefined && mayClean(command, filled.manager, filled.cache, [filled.cache.folder, path]);
}

function touches(
  value: string | undefined,
  glob: boolean,
  cwd: string | undefined,
  creation: Creation,
): boolean {
  if (value === undefined) return true;
  if (value.startsWith("-")) return false;
  const literal = glob ? value.replace(/\/?[^/]*[*?[].*/, "") : value;
  const path = resolve(cwd, literal);
  return path === undefined || overlaps(path, creation.path);
}
