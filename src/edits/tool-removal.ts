/** Finds commands that may remove the tool, or the working directory, of a command appended to a RUN. */
import { removesPackages } from "../analysis/packages/package-removal.ts";
import { plainSyntax } from "../knowledge/commands.ts";
import { isBelow, overlaps, resolve } from "../paths.ts";
import { optionsOf } from "../shell/option-reader.ts";
import type { Command } from "../shell/script.ts";

/** Folders without programs. */
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
/** Folders whose files may belong to a program. */
const PROGRAMS = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt", "/etc"];

/** Words of a find that deletes files. */
const DELETES = /^(?:-delete|rm|rmdir|unlink|shred|mv)$/;

/**
 * Returns the first command after the last use of a tool that may remove it; undefined when none does. Unknown paths
 * count as removing it. A system package manager may remove other tools, and removes itself only when named.
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
      name === "mv"
        ? movedBy(args)
        : name === "find"
          ? rootsOf(args)
          : optionsOf(args, plainSyntax(name)).rest;
    if (name === "find" && !words.some((word) => DELETES.test(word ?? ""))) return false;
    // names from a pipe are unknown; a find without a root begins in the working directory
    if (command.through.includes("xargs") || (name === "find" && going.length === 0)) return true;
    return going.some(({ value, glob }) => value === undefined || mayHold(value, glob, command.cwd, end));
  });
}

/** Returns the moved files: all operands but the last, the target, unless an option names the target. */
function movedBy(args: Command["args"]): Command["args"] {
  const { options, rest } = optionsOf(args, plainSyntax("mv"));
  return options.some(({ name }) => name === "-t" || name === "--target-directory")
    ? rest
    : rest.slice(0, -1);
}

/** Returns the roots of a find: the words before its expression, after options like `-L`. */
function rootsOf(args: Command["args"]): Command["args"] {
  const from = args.findIndex(({ text }) => !/^-(?:[HLP]|O\d)$/.test(text));
  const roots = args.slice(from);
  // a find that deletes has an expression
  return roots.slice(
    0,
    roots.findIndex(({ text }) => /^[-(!\\]/.test(text)),
  );
}

function mayHold(given: string, glob: boolean, cwd: string | undefined, end: string | undefined): boolean {
  // any home will do: tools are in the same folders of each
  const value = given.replace(/^~(?=\/|$)/, "/root").replace(/^~/, "/home/");
  // a wildcard in the last part keeps the folder itself
  const literal = glob ? value.replace(/\/?[^/]*[*?[{].*/, "") : value;
  const isRelative = !value.startsWith("/");
  const path = literal === "" ? (isRelative ? cwd : "/") : resolve(cwd, literal);
  if (path === undefined) return /(?:^|\/)\.\.?(?:\/|$)/.test(literal);
  for (const folder of [cwd, end])
    if (folder !== undefined && (folder === path ? !glob : isBelow(folder, path))) return true;
  if (HARMLESS.some((folder) => path === folder || isBelow(path, folder))) return false;
  if (PROGRAMS.some((folder) => overlaps(path, folder))) return true;
  // a user's own program in the home
  return (
    /^\/(?:root|home\/[^/]+)(?:\/\.[^/]+)?$/.test(path) || /\/(?:bin|sbin)(?:\/|$)|\/\.nvm(?:\/|$)/.test(path)
  );
}
