/** What may be gone when a command is put at the end of a RUN: the tool that it runs, or the folder it would run in. */
import type { Command } from "../shell/script.ts";
import { removesPackages } from "../analysis/packages/removal.ts";
import { optionsOf } from "../analysis/steps/command-options.ts";
import { isBelow, overlaps, resolve } from "../paths.ts";

/** Programs stand in none of these. */
const HARMLESS = [
  "/tmp",
  "/var/tmp",
  "/var/lib/apt",
  "/var/cache",
  "/var/log",
  "/root/.cache",
  "/root/.npm",
  "/usr/share/doc",
  "/usr/share/man",
  "/usr/share/info",
  "/usr/share/locale",
];
/** What lies below these may be part of a program. */
const PROGRAMS = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt", "/etc"];

/** Words of a find that takes away what it finds. */
const DELETES = /^(?:-delete|rm|rmdir|unlink|shred|mv)$/;

/**
 * The first of the commands behind the last use of a tool that may take it away; undefined where none does. What is not
 * known of a path counts as if it did. Package managers of the system take others away as a rule, and themselves where
 * they are named.
 */
export function findToolRemoval(
  commands: readonly Command[],
  tool: string,
  isSystem: boolean,
): Command | undefined {
  const end = commands.at(-1)?.cwd;
  return commands.find((command) => {
    const { name, args } = command;
    if (name === undefined) return false;
    const words = args.map(({ value }) => value);
    if (removesPackages(command))
      return !isSystem || words.some((word) => word === undefined || word.split(/[-=:]/)[0] === tool);
    if (!/^(?:rm|mv|rmdir|unlink|shred|find)$/.test(name)) return false;
    const going =
      name === "mv" ? movedBy(args) : name === "find" ? rootsOf(args) : optionsOf(args, "", []).rest;
    if (name === "find" && !words.some((word) => DELETES.test(word ?? ""))) return false;
    // what comes out of a pipe is not known; a find without a root begins in the working directory
    if (command.through.includes("xargs") || (name === "find" && going.length === 0)) return true;
    return going.some(({ value, glob }) => value === undefined || mayHold(value, glob, command.cwd, end));
  });
}

/** All operands but the last, which is where they go, unless an option says that. */
function movedBy(args: Command["args"]): Command["args"] {
  const { options, rest } = optionsOf(args, "tS", ["--target-directory", "--suffix"], {
    "--target-directory": "--t",
    "--suffix": "--su",
  });
  return options.some(({ name }) => name === "-t" || name === "--target-directory")
    ? rest
    : rest.slice(0, -1);
}

/** Where a find begins: what stands before its expression, and behind options like `-L`. */
function rootsOf(args: Command["args"]): Command["args"] {
  const from = args.findIndex(({ text }) => !/^-(?:[HLP]|O\d)$/.test(text));
  const roots = args.slice(from);
  const end = roots.findIndex(({ text }) => /^[-(!\\]/.test(text));
  return end < 0 ? roots : roots.slice(0, end);
}

function mayHold(given: string, glob: boolean, cwd: string | undefined, end: string | undefined): boolean {
  // whose home it is does not matter: tools are kept in the same folders of each
  const value = given.replace(/^~(?=\/|$)/, "/root").replace(/^~/, "/home/");
  // a wildcard in the last part: what it is in stays
  const literal = glob ? value.replace(/\/?[^/]*[*?[{].*/, "") : value;
  const isRelative = !value.startsWith("/");
  const path = literal === "" ? (isRelative ? cwd : "/") : resolve(cwd, literal);
  if (path === undefined) return !isRelative || /(?:^|\/)\.\.?(?:\/|$)/.test(literal);
  for (const folder of [cwd, end])
    if (folder !== undefined && (folder === path ? !glob : isBelow(folder, path))) return true;
  if (HARMLESS.some((folder) => path === folder || isBelow(path, folder))) return false;
  if (path === "/" || PROGRAMS.some((folder) => overlaps(path, folder))) return true;
  // a program of one's own, which some keep at home
  return (
    /^\/(?:root|home\/[^/]+)(?:\/\.[^/]+)?$/.test(path) || /\/(?:bin|sbin)(?:\/|$)|\/\.nvm(?:\/|$)/.test(path)
  );
}
