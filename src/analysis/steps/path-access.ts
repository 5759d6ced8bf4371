/** Decides whether an instruction may read or change a path, from known commands and their words. */
import type { CachingTool } from "../../knowledge/tool.ts";
import type { Step } from "../../build/build.ts";
import {
  accountCommands,
  commandsByWords,
  commandsWithoutFiles,
  systemCommands,
} from "../../knowledge/commands.ts";
import type { CacheFolder } from "../../knowledge/tool-caches.ts";
import { cachingToolNamed, cachingTools, toolNamed } from "../../knowledge/toolbox.ts";
import { baseName, isBelow, overlaps, resolve } from "../../paths.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import { usualFolders } from "../caches/cache-folders.ts";
import { matches } from "./command-patterns.ts";
import { copyTargets } from "./creations.ts";
import { isOpaque } from "./opaque.ts";
import { lineOf, verbOf } from "./option-words.ts";

/** `uses`: it names the path, a parent or a path below it. `maybe`: its effect is unknown. */
export type PathAccess = "no" | "maybe" | "uses";

/** Instructions that neither read nor write files of the image. */
const SETTINGS = new Set([
  "ENV",
  "ARG",
  "LABEL",
  "EXPOSE",
  "CMD",
  "ENTRYPOINT",
  "USER",
  "STOPSIGNAL",
  "HEALTHCHECK",
  "MAINTAINER",
  "SHELL",
  "ONBUILD",
]);

/** Folders of accounts, homes and mail. */
const OF_ACCOUNTS = ["/etc", "/home", "/var/mail", "/var/spool", "/var/log"];
/** Returns the access of one instruction to a path. */
export function pathAccessOf(step: Step, path: string): PathAccess {
  const { keyword, instruction, script, scope } = step;
  if (SETTINGS.has(keyword)) return "no";
  if (keyword === "WORKDIR" || keyword === "VOLUME") {
    const words = instruction.words.map((word) => word.value);
    const paths = words.map((word) => resolve(scope.workdir, word));
    if (paths.includes(undefined) || words.length === 0) return "maybe";
    const meets = keyword === "VOLUME" ? overlaps : (a: string, b: string) => a === b || isBelow(a, b);
    return paths.some((each) => each !== undefined && meets(each, path)) ? "uses" : "no";
  }
  if (step.keyword === "COPY" || step.keyword === "ADD") {
    const targets = copyTargets(step);
    if (targets === undefined) return "maybe";
    return targets.some((target) => overlaps(target, path)) ? "uses" : "no";
  }
  if (script === undefined) return "maybe";
  const touch =
    script.shell === "other" || !script.complete
      ? "maybe"
      : most(script.commands.map((command) => commandAccess(command, path)));
  const texts = [instruction.body, ...instruction.heredocs.map(({ content }) => content)];
  return touch === "maybe" && texts.some((text) => text.includes(path)) ? "uses" : touch;
}

/** Returns true unless the text shows that a step neither reads nor changes any of `paths`. */
export function mightAccess(step: Step, paths: readonly string[]): boolean {
  const { keyword, words } = step.instruction;
  // WORKDIR only creates a missing folder, and the path exists
  if (keyword === "WORKDIR" && paths.includes(resolve(step.scope.workdir, words[0]?.value) ?? ""))
    return false;
  return keyword !== "VOLUME" && paths.some((path) => pathAccessOf(step, path) !== "no");
}

export function commandMightAccess(command: Command, paths: readonly string[]): boolean {
  return paths.some((path) => commandAccess(command, path) !== "no");
}

/** Returns the access of one command to a path. */
export function commandAccess(command: Command, path: string): PathAccess {
  const { name, cwd, args } = command;
  const written = command.redirects.flatMap(({ target }) => target ?? []);
  const byRedirects = most(written.map((word) => wordTouch(word, command, path)));
  if (command.word === undefined) {
    const unknown = command.assignments.some(({ value }) => value === undefined);
    return most([byRedirects, unknown ? "maybe" : "no"]);
  }
  if (name !== undefined && commandsWithoutFiles.has(name)) return byRedirects;
  const system = name === undefined ? undefined : systemTouch(command, name, path);
  // their words without a slash are names of packages and accounts
  const words =
    system === undefined ? args : args.filter(({ value }) => value === undefined || value.includes("/"));
  const named = most([byRedirects, ...words.map((word) => wordTouch(word, command, path))]);
  if (named === "uses") return "uses";
  // names may also come from a pipe
  if (name === undefined || command.through.some((by) => by === "xargs" || by === "find")) return "maybe";
  if (system !== undefined) return most([system, named]);
  const tool = toolNamed(name);
  if (commandsByWords.has(name) || tool?.downloads !== undefined) return named;
  if (tool?.unpacking?.intoWorkingFolder === true)
    return cwd === undefined || overlaps(cwd, path) ? "maybe" : named;
  return managerTouch(command, path) ?? "maybe";
}

/**
 * Returns the access of a command that works on system folders, and elsewhere only if a word names a path; undefined
 * for other commands.
 */
function systemTouch(command: Command, name: string, path: string): PathAccess | undefined {
  if (accountCommands.has(name)) return OF_ACCOUNTS.some((folder) => overlaps(folder, path)) ? "maybe" : "no";
  const ofSystem = isOfTheSystem(path);
  if (systemCommands.has(name)) return ofSystem ? "maybe" : "no";
  const manager = cachingToolNamed(name);
  if (manager?.system !== true) return undefined;
  return ofSystem ? (managerTouch(command, path) ?? "maybe") : "no";
}

const SYSTEM_FOLDERS = ["/bin", "/etc", "/home", "/lib", "/root", "/run", "/sbin", "/tmp", "/usr", "/var"];

/** Returns true for system folders; distributions do not use /usr/local. */
function isOfTheSystem(path: string): boolean {
  return !isBelow(path, "/usr/local") && SYSTEM_FOLDERS.some((folder) => overlaps(folder, path));
}

/**
 * Returns the access of a package manager, which uses its own caches but no others. Packages of distributions do not
 * use files that a Dockerfile put into /tmp. Undefined for other commands.
 */
function managerTouch(command: Command, path: string): PathAccess | undefined {
  const manager = cachingToolNamed(command.name);
  if (manager === undefined) return undefined;
  const met = manager.caches.filter((cache) =>
    usualFolders(cache).some((folder) => meetsFolder(folder, path)),
  );
  if (met.length > 0)
    return met.some((cache) => !isIgnored(cache, command) || !isBelowOrAt(path, cache.folder))
      ? "uses"
      : "no";
  const isInAny = ({ caches }: CachingTool) =>
    caches.some((cache) => usualFolders(cache).some((folder) => isInFolder(folder, path)));
  if (cachingTools.some(isInAny)) return isOpaque(command) ? "maybe" : "no";
  return manager.system === true && isBelow(path, "/tmp") ? "no" : undefined;
}

/** Returns true if the command ignores this cache: `apt-get clean` removes downloads and reads no lists. */
export function isIgnored({ ignoredBy = [] }: CacheFolder, command: Command): boolean {
  const { name = "" } = command;
  const verb = verbOf(command)?.value;
  return ignoredBy.some(
    ({ names, verbs }) => names.includes(name) && (verbs === undefined || verbs.includes(verb ?? "")),
  );
}

/** Words and variables that keep a tool from fetching. */
const NO_FETCH = /offline|cache-?only|^-C$|no-index|no-refresh|no-network|disable-network|^--local$/;

/**
 * Returns true if the cache belongs to the command's tool and the tool fetches missing files again, with the same
 * result.
 */
export function refillsItself(command: Command, path: string): boolean {
  const own = cachingToolNamed(command.name)?.caches.filter((cache) =>
    usualFolders(cache).some((folder) => isInFolder(folder, path)),
  );
  if (isOffline(command) || command.args.some(({ value }) => value === undefined)) return false;
  return own?.some(({ refills }) => refills === true) === true;
}

/** Returns true if a word or variable of the command forbids it to fetch. */
export function isOffline(command: Command): boolean {
  const { args, assignments } = command;
  const words = [
    ...args.map(({ value, text }) => value ?? text),
    ...lineOf(command).options.map(({ name }) => name),
    ...assignments.map(({ name }) => name.toLowerCase().replaceAll("_", "-")),
  ];
  return words.some((word) => NO_FETCH.test(word));
}

/** Returns true if a command of the cache's tool replaces the cache: `apt-get update`. */
export function fetchesAnew(command: Command, path: string): boolean {
  const manager = cachingToolNamed(command.name);
  return (manager?.remedies ?? []).some(
    ({ wantedBy, clears }) =>
      wantedBy !== undefined &&
      clears.some((at) => manager?.caches[at]?.folder === path) &&
      matches(command, wantedBy.updates),
  );
}

/** Returns true if the commands may fetch: the network is on, and no variable forbids it. */
export function mayFetch({ instruction, scope }: Step): boolean {
  if (
    instruction.flags.some(({ name, value }) => name === "network" && value !== "default" && value !== "host")
  )
    return false;
  return [...scope.variables.keys()].every((name) => !NO_FETCH.test(name.toLowerCase().replaceAll("_", "-")));
}

/** Returns true if folder and path overlap; `~/.npm` is below any home. */
function meetsFolder(folder: string, path: string): boolean {
  if (!folder.startsWith("~/")) return overlaps(folder, path);
  const below = folder.slice(1);
  if (`${path}/`.includes(`${below}/`) || path === "/home") return true;
  // a parent folder in the home: /root/.m2 holds ~/.m2/repository
  const inHome = /^\/(?:root|home\/[^/]+)(\/.*)?$/.exec(path);
  return inHome !== null && `${below}/`.startsWith(`${inHome[1] ?? ""}/`);
}

function isInFolder(folder: string, path: string): boolean {
  if (!folder.startsWith("~/")) return isBelowOrAt(path, folder);
  return `${path}/`.includes(`${folder.slice(1)}/`);
}

function isBelowOrAt(path: string, folder: string): boolean {
  return path === folder || isBelow(path, folder);
}

/** `/`, `-C/`, `--directory=/`; but not the slash in `s:/:_:`. */
const ROOT_FOLDER = /^(?:-[A-Za-z]+|--[\w-]+=)?\/$/;

/** Returns the access by a word: `/x`, `-o/x`, `--file=/x`, `a:/x`, and the file name of a URL. */
function wordTouch(word: ShellWord, { name, cwd }: Command, path: string): PathAccess {
  const { value } = word;
  if (value === undefined) return word.text.includes(path) ? "uses" : "maybe";
  const isUrl = /^\w+:\/\//.test(value);
  const odd = value.search(/[*?[{]/);
  if (odd >= 0 && !isUrl) {
    const folder = resolve(cwd, value.slice(0, odd).replace(/[^/]*$/, "") || ".");
    return folder === undefined ? "maybe" : overlaps(folder, path) ? "uses" : "no";
  }
  const parts = value.split(/[=:,]/);
  const pieces = [value, ...parts, ...parts.map((part) => part.replace(/^-[A-Za-z]+/, ""))];
  if (isUrl) pieces.push(baseName(value.replace(/[?#].*/, "")) ?? "");
  let result: PathAccess = "no";
  for (const piece of new Set(pieces)) {
    if (piece === "" || piece === "/") continue;
    const resolved = resolve(cwd, piece);
    if (resolved === undefined) {
      if (mightBeIn(piece, path)) result = "maybe";
      continue;
    }
    const passesBy = name === "mkdir" || name === "cd" || name === "rmdir";
    if (passesBy ? resolved === path || isBelow(resolved, path) : overlaps(resolved, path)) return "uses";
  }
  if (ROOT_FOLDER.test(value) && name !== "cd" && name !== "mkdir") return "uses";
  return result;
}

/** Returns true if a relative name in an unknown folder may lead to the path, or the folder may be below it. */
function mightBeIn(piece: string, path: string): boolean {
  if (piece.startsWith("-")) return false;
  if (piece.startsWith("~") || piece.includes("..")) return true;
  const parts = piece.split("/").filter((part) => part !== "" && part !== ".");
  const own = new Set(path.split("/"));
  return parts.length === 0 || parts.some((part) => own.has(part)) || !NO_WORKDIR.test(path);
}

/** Folders that are never a working directory. */
const NO_WORKDIR = /^\/(?:tmp|var\/tmp|var\/cache|var\/lib)\//;

function most(touches: readonly PathAccess[]): PathAccess {
  if (touches.includes("uses")) return "uses";
  return touches.includes("maybe") ? "maybe" : "no";
}
