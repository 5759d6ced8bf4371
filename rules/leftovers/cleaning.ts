/** What may empty a cache: generous, since a prediction that is wrong costs more than one that is missing. */
import type { Command, ShellWord } from "../../src/engine/contract.ts";
import type { CacheFolder, PackageManager } from "../knowledge/package-managers.ts";

const removers = new Set(["rm", "unlink", "find", "mv", "shred", "rsync"]);

/** The manager's own cleaner, or a command that removes files and names the folder, one above it or one below it. */
export function mayClean(command: Command, manager: PackageManager, cache: CacheFolder): boolean {
  const { name, args } = command;
  if (name === undefined) return false;
  const words = args.map(({ value }) => value);
  if (
    manager.cleaners.some(
      (cleaner) => cleaner.names.includes(name) && cleaner.words.every((word) => words.includes(word)),
    )
  ) {
    return true;
  }
  // `find / -exec rm {} +` counts by the words of the find
  return removers.has(name) && args.some((word) => mayReach(word, command, cache));
}

function mayReach(word: ShellWord, { cwd }: Command, { folder }: CacheFolder): boolean {
  const { text, value = text } = word;
  if (value.startsWith("-") && !value.includes("/")) return false;
  if (/[$`]/.test(value) && !/[/.]/.test(value)) return true;
  const below = folder.replace(/^~/, "");
  const last = below.split("/").filter((part) => part !== "");
  const path =
    value.startsWith("/") || value.startsWith("~") || value.startsWith("$") ? value : `${cwd ?? ""}/${value}`;
  const plain = path.replace(/\/?\*+$/, "").replace(/\/+$/, "");
  if (folder.startsWith("~/")) {
    // `/root/.cache`, `~/.cache/pip/*`, `$HOME/.npm`, `/home/*/.cache`
    const firstPart = last[0]!;
    return plain.split("/").includes(firstPart) || /^(?:\/root|~|\$HOME|\$\{HOME\})$/.test(plain);
  }
  if (/[*?[{]/.test(plain)) return samePrefix(plain, folder);
  return plain === "" || folder === plain || folder.startsWith(`${plain}/`) || plain.startsWith(`${folder}/`);
}

/** `/var/{lib,cache}/apt`: as far as it is literal, it leads to the folder. */
function samePrefix(pattern: string, folder: string): boolean {
  const literal = pattern.slice(0, pattern.search(/[*?[{]/));
  return folder.startsWith(literal) || literal.startsWith(folder);
}

const shells = new Set(["sh", "bash", "ash", "dash", "zsh", "ksh", ".", "source", "make", "just", "task"]);

/** A script that nobody here has read, or a name that is not known: it may clean up. */
export function runsUnknown(command: Command): boolean {
  const { name, args } = command;
  if (name === undefined) return true;
  if (shells.has(name)) return args.some(({ value }) => value === undefined || !value.startsWith("-"));
  return /\.(?:sh|bash|py|pl)$/.test(name) || /clean/i.test(name);
}
