/**
 * Finds commands that may empty a cache. Counts doubtful ones too, since a wrong prediction is worse than a missing
 * one.
 */
import { removers, userRemovers } from "../../knowledge/commands.ts";
import type { CacheFolder } from "../../knowledge/tool-caches.ts";
import { isNamed, type CachingTool } from "../../knowledge/tool.ts";
import { toolNamed } from "../../knowledge/toolbox.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import { isShell } from "../../shell/shells.ts";

/**
 * Returns true for the manager's own cleaner, and for a command that removes files and names a cache folder, a parent
 * of it or a path in it.
 */
export function mayClean(
  command: Command,
  manager: CachingTool,
  cache: CacheFolder,
  folders: readonly string[],
): boolean {
  const { name, args } = command;
  if (name === undefined) return false;
  const words = args.map(({ value }) => value);
  if (
    manager.cleaners.some(
      ({ names, words: all, unless }) =>
        isNamed(name, names ?? manager.names) &&
        all.every((word) => words.includes(word)) &&
        (unless === undefined || !words.includes(unless)),
    )
  ) {
    return !cleansElsewhere(command);
  }
  if (!removers.has(name)) return false;
  if (userRemovers.has(name)) return folders[0]?.startsWith("~/") === true;
  // the names come from a pipe: `… | xargs rm`
  if (command.through.includes("xargs")) return true;
  // for `find / -exec rm {} +` the words of the find count
  return args.some(
    (word) =>
      cache.cleanedBy?.test(word.value ?? word.text) === true ||
      folders.some((folder) => mayReach(word, command, folder)),
  );
}

/**
 * `dnf --installroot=/mnt clean all`, `npm cache clean --cache /x`: the command cleans another cache than the usual
 * one.
 */
export function cleansElsewhere({ args }: Command): boolean {
  return args.some(({ value }) =>
    /^--(?:(?:install|sys)?root|cache|cache-?dir|cache-folder)(?:=|$)/.test(value ?? ""),
  );
}

function mayReach(word: ShellWord, { cwd }: Command, folder: string): boolean {
  const { text } = word;
  const value = word.value ?? text.replace(/^["']|["']$/g, "");
  if (value.startsWith("-")) return false;
  const inHome = folder.startsWith("~/");
  // compare the literal prefix: `/var/{lib,cache}/apt`, `/root/$x`, `"$(which x)"`
  const odd = value.search(/[*?[{$`]/);
  let literal = odd < 0 ? value : value.slice(0, odd);
  if (odd === 0 || value.startsWith("~")) return !inHome || isHomeWord(value, folder);
  if (!literal.startsWith("/")) {
    if (cwd === undefined) return mayLeadThere(literal, folder);
    literal = `${cwd === "/" ? "" : cwd}/${literal}`;
  }
  if (inHome) return reachesHome(literal, odd >= 0, folder);
  const path = odd < 0 ? literal.replace(/(.)\/+$/, "$1") : literal;
  if (odd >= 0) return `${folder}/`.startsWith(literal) || path.startsWith(`${folder}/`);
  return path === "/" || folder === path || folder.startsWith(`${path}/`) || path.startsWith(`${folder}/`);
}

/**
 * Returns true if a relative path in an unknown folder may lead to the cache: through a name on the way there, or
 * through a dot. No base image starts in a cache.
 */
function mayLeadThere(path: string, folder: string): boolean {
  const [first = ""] = path.split("/");
  const onTheWay = folder.startsWith("~/") ? [...folder.split("/"), "root", "home"] : folder.split("/");
  return first === "" || first.startsWith(".") || onTheWay.some((part) => part.startsWith(first));
}

/**
 * Returns true if a word may name the cache in a home: `~/.cache/*`, `$HOME/.npm`, `${X}`, but no other folder of the
 * home.
 */
function isHomeWord(value: string, folder: string): boolean {
  const rest = /^(?:~[^/]*|\$HOME|\$\{HOME\})\/?(.*)$/.exec(value)?.[1];
  if (rest === undefined) return true;
  const literal = rest.replace(/[*?[{$`].*/, "");
  return folder.slice(2).startsWith(literal) || literal.startsWith(`${folder.slice(2)}/`);
}

/** Returns true for a literal path into any home: `/root`, `/home/app/.cache`, `/srv/home/.npm/_cacache`. */
function reachesHome(path: string, isPrefix: boolean, folder: string): boolean {
  const parts = path.split("/").filter((part) => part !== "");
  if (parts.length === 0) return true;
  if (parts[0] === "root" && parts.length === 1) return true;
  if (parts[0] === "home" && parts.length <= 2) return true;
  const first = folder.slice(2).split("/")[0] ?? "";
  return (
    parts.includes(first) || (isPrefix && first.startsWith(parts.at(-1) ?? first) && !path.endsWith("/"))
  );
}

/**
 * Returns true for a script that is not in the Dockerfile, or an unknown name; both may clean up. `text` is the
 * Dockerfile's.
 */
export function runsUnknown(command: Command, text: string): boolean {
  const { name, args } = command;
  if (name === undefined) return true;
  if (runsWords(name)) return args.some(({ value }) => value === undefined || !value.startsWith("-"));
  if (/\.(?:sh|bash|py|pl|rb)$/.test(name) || /clean|purge|slim|strip|install[-_]packages/i.test(name))
    return true;
  return isScript(name, text.slice(command.start, command.end));
}

/** Returns true for a shell, or a tool that runs code of the project. */
function runsWords(name: string): boolean {
  return isShell(name) || /^(?:\.|source|eval)$/.test(name) || toolNamed(name)?.opaque !== undefined;
}

/** Returns true for a command word with a slash outside the folders of programs: `./setup`, `/build/install`. */
function isScript(name: string, source: string): boolean {
  const at = source.search(new RegExp(`/${name.replace(/[^\w]/g, "\\$&")}(?![^\\s;&|)])`));
  if (at < 0) return false;
  const folder = /\S*$/.exec(source.slice(0, at))?.[0] ?? "";
  return !/(?:^|\/)s?bin$/.test(folder) && name !== "configure";
}
