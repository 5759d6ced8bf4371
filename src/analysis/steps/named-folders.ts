/** Decides whether a command names a folder: the folder itself, a path in it, or one above it that the command reads. */
import { commandsWithoutFiles, walkers } from "../../knowledge/commands.ts";
import type { Walker } from "../../knowledge/tool.ts";
import { toolNamed } from "../../knowledge/toolbox.ts";
import { cleanPath } from "../../paths.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import { lineOf } from "./option-words.ts";

/** Where a path lies, seen from a folder. `unknown`: the text does not show the path. */
type Place = "in" | "above" | "unknown" | "elsewhere";

/**
 * Returns true if a command may read or change files of one of the folders by a word, a redirect or its working folder.
 * A folder is absolute, or in any home (`~/.npm`). Unknown words count where the command reads whole folders.
 */
export function namesFolder(command: Command, folders: readonly string[]): boolean {
  const { name, word, redirects, cwd } = command;
  const targets = redirects.flatMap(({ target }) => target ?? []);
  const isHit = (each: ShellWord) => folders.some((folder) => placeOf(each, cwd, folder) === "in");
  if (targets.some(isHit)) return true;
  if (word === undefined) return false;
  if (name !== undefined && commandsWithoutFiles.has(name))
    return command.args.some((each) => each.glob && isHit(each));
  if (isForgiving(command)) return false;
  if (cwd !== undefined && folders.some((folder) => placeOfPath(cwd, folder) === "in")) return true;
  const { args } = command;
  if (args.some(isHit)) return true;
  const walker = walkerOf(command);
  if (walker === undefined) return false;
  const read = readBy(command, walker);
  const reaches = (each: ShellWord) =>
    folders.some((folder) => {
      const place = placeOf(each, cwd, folder);
      // a link to an unknown place reads nothing yet
      return place === "above" || (place === "unknown" && name !== "ln");
    });
  if (read.some(reaches)) return true;
  if (walker.here === undefined || read.filter(({ text }) => !text.startsWith("-")).length > walker.here)
    return false;
  return folders.some((folder) => placeOfPath(cwd ?? "/", folder) !== "elsewhere");
}

/** Returns true for a command that does the same if the files are missing: `rm -f`, `mkdir -p`. */
function isForgiving(command: Command): boolean {
  const { name } = command;
  const has = (flags: readonly string[]) =>
    lineOf(command).options.some((option) => flags.includes(option.name));
  if (name === "rm" || name === "rimraf") return name === "rimraf" || has(["-f", "--force"]);
  return name === "mkdir" && has(["-p", "--parents"]);
}

function walkerOf(command: Command): Walker | undefined {
  const { name, args } = command;
  const walker = name === undefined ? undefined : (walkers.get(name) ?? toolNamed(name)?.walks);
  if (walker === undefined) return undefined;
  const { flag, unless } = walker;
  if (
    unless !== undefined &&
    args.some(({ value }, i) => unless.test(value ?? "") && (i === 0 || value?.startsWith("-") === true))
  )
    return undefined;
  if (flag === undefined || args.some(({ value, text }) => flag.test(value ?? text))) return walker;
  return lineOf(command).options.some((option) => flag.test(option.name)) ? walker : undefined;
}

/** Returns the words that a command reads from: without the target of a copy, and of `find` the folders only. */
function readBy(command: Command, { last }: Walker): readonly ShellWord[] {
  const { name, args } = command;
  if (name === "find") {
    const end = args.findIndex(({ text }) => /^(?:-(?![HLPO])|[(!\\])/.test(text));
    return end < 0 ? args : args.slice(0, end);
  }
  // `cp -t /target /var`: the last word is a source
  const isTarget = (option: string) => option === "-t" || option === "--target-directory";
  if (last !== true || lineOf(command).options.some((option) => isTarget(option.name))) return args;
  const target = args.findLastIndex(({ text }) => !text.startsWith("-"));
  return args.filter((_, i) => i !== target);
}

/** Returns true for a path that is one of the folders, or in one. */
export function isIn(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => placeOfPath(path, folder) === "in");
}

/** Returns true if a source of COPY --from, or of a mount, may hold a part of the folders. */
export function namesSource(source: string, folders: readonly string[]): boolean {
  return folders.some((folder) => placeOfText(source, "/", folder) !== "elsewhere");
}

/** Returns true if the command of a container names a folder: `CMD tar -cz /var | upload`. */
export function startNames(text: string, cwd: string, folders: readonly string[]): boolean {
  if (folders.some((folder) => mentions(text, folder))) return true;
  const parts = text.split(/[\s"'[\],;&|()]+/);
  const words = parts.map((part): ShellWord => ({
    text: part,
    value: part.includes("$") ? undefined : part,
    glob: false,
    start: 0,
    end: 0,
  }));
  return words.some((word, i) => {
    const name = word.text.replace(/^.*\//, "");
    const args = words.slice(i + 1);
    const command = {
      name,
      word,
      args,
      redirects: [],
      assignments: [],
      through: [],
      certain: true,
      environment: undefined,
      cwd,
      start: 0,
      end: 0,
    };
    return (walkers.has(name) || toolNamed(name)?.walks !== undefined) && namesFolder(command, folders);
  });
}

function placeOf(word: ShellWord, cwd: string | undefined, folder: string): Place {
  const places = piecesOf(word).map((piece) => placeOfText(piece, cwd, folder));
  if (word.value === undefined && mentions(word.text, folder)) return "in";
  for (const place of ["in", "above", "unknown"] as const) if (places.includes(place)) return place;
  return "elsewhere";
}

/** Returns true if a text has the folder in it. */
export function mentions(text: string, folder: string): boolean {
  const path = folder.startsWith("~/") ? folder.slice(1) : folder;
  let at = text.indexOf(path);
  while (at >= 0) {
    if (!/^[\w.-]/.test(text.slice(at + path.length))) return true;
    at = text.indexOf(path, at + 1);
  }
  return false;
}

/** `-o/x`, `--file=/x`, `a:/x` name paths; an unknown word stands for itself. */
function piecesOf({ value, text }: ShellWord): readonly string[] {
  const given = value ?? text.replaceAll(/["']/g, "");
  if (/^\w+:\/\//.test(given)) return [];
  const parts = given.split(/[=:,]/);
  const all = given.startsWith("-")
    ? [...parts.slice(1), given.replace(/^-[A-Za-z]+/, "")]
    : [given, ...parts];
  return [...new Set(all)].filter((piece) => piece !== "" && !piece.startsWith("-"));
}

function placeOfText(piece: string, cwd: string | undefined, folder: string): Place {
  const given = piece.replace(/^(?:~(?=\/|$)|\$HOME\b|\$\{HOME\})/, "/root").replace(/^~/, "/home/");
  const odd = given.search(/[*?[{$`]/);
  const literal = odd < 0 ? given : given.slice(0, odd);
  const path = absolute(literal, cwd, folder);
  if (path === undefined) return odd === 0 ? unknownPlace(given) : "elsewhere";
  if (odd < 0) return placeOfPath(cleanPath(path), folder);
  // the rest is not known: what begins like the folder may lead there
  const prefix = odd === 0 ? `${path.replace(/\/$/, "")}/` : path;
  if (placeOfPath(cleanPath(prefix), folder) === "in" && prefix !== "/") return "in";
  if (odd === 0 && /^[$`]/.test(given)) return "unknown";
  const target = folder.startsWith("~/") ? [`/root${folder.slice(1)}`, "/home/"] : [folder];
  if (
    !target.some(
      (each) =>
        each.startsWith(prefix) ||
        (each === "/home/" && prefix.startsWith(each) && homeLeads(prefix, folder)),
    )
  )
    return "elsewhere";
  if (prefix === "/") return "above";
  const isNext = !folder.slice(prefix.length).includes("/");
  return isNext || given.slice(odd).includes("/") ? "in" : "above";
}

function unknownPlace(given: string): Place {
  return /^[$`]/.test(given) ? "unknown" : "above";
}

/** `/home/app/.ca*` may be the cache of that home. */
function homeLeads(prefix: string, folder: string): boolean {
  const rest = /^\/home\/[^/]*(\/.*)?$/.exec(prefix)?.[1] ?? "";
  return folder.slice(1).startsWith(rest);
}

/** Returns the absolute path of a word; in an unknown working folder, a path at the root if it may lead to the folder. */
function absolute(literal: string, cwd: string | undefined, folder: string): string | undefined {
  if (literal.startsWith("/")) return literal;
  if (cwd !== undefined) return `${cwd === "/" ? "" : cwd}/${literal}`;
  if (literal === "") return undefined;
  const [first = ""] = literal.split("/");
  if (/^\.{1,2}$/.test(first)) return "/";
  return folder.split("/").includes(first) ? `/${literal}` : undefined;
}

function placeOfPath(path: string, folder: string): Place {
  if (path === "/") return "above";
  if (!folder.startsWith("~/")) {
    if (path === folder || path.startsWith(`${folder}/`)) return "in";
    return folder.startsWith(`${path}/`) ? "above" : "elsewhere";
  }
  const below = folder.slice(1);
  if (`${path}/`.includes(`${below}/`)) return "in";
  if (/^\/(?:root|home|home\/[^/]+)$/.test(path)) return "above";
  const parts = below.split("/");
  for (let n = 2; n < parts.length; n++) if (path.endsWith(parts.slice(0, n).join("/"))) return "above";
  return "elsewhere";
}
