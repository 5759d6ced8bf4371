import type { Command } from "../../src/engine/contract.ts";
import { subcommand, type Creation } from "./creations.ts";
import { optionsOf } from "./options.ts";
import { isBelow, overlaps, resolve } from "./paths.ts";

/** A path that a command takes away. */
export interface Removal {
  readonly path: string;
  readonly recursive: boolean;
  /** `DIR/*`: what is in the directory, save names that start with a dot. */
  readonly contentsOnly: boolean;
  /** `clean all` of this package manager instead of a path. */
  readonly manager?: string;
  readonly verb: "deletes" | "moves";
}

const RPM_TOOLS = new Set(["dnf", "yum", "microdnf"]);

/** What a command removes when it succeeds, as far as its words are literal. */
export function removed(command: Command): Removal[] {
  if (command.through.includes("xargs") || command.through.includes("find")) return [];
  if (command.name === "rm") return rm(command);
  if (command.name === "mv") return mv(command);
  if (command.name !== undefined && RPM_TOOLS.has(command.name) && cleansAll(command)) {
    const manager = command.name;
    return [{ path: "/var/cache", recursive: true, contentsOnly: true, manager, verb: "deletes" }];
  }
  return [];
}

function cleansAll(command: Command): boolean {
  const words = command.args.map((word) => word.value).filter((value) => value?.startsWith("-") !== true);
  return words[0] === "clean" && words[1] === "all";
}

function rm({ args, cwd }: Command): Removal[] {
  const { options, rest } = optionsOf(args, "", []);
  const recursive = options.some(({ name }) => name === "-r" || name === "-R" || name === "--recursive");
  return rest.flatMap((word): Removal[] => {
    const contentsOnly = word.glob && /[^*?[]\/\*$/.test(word.value ?? "");
    if (word.glob && !contentsOnly) return [];
    const text = contentsOnly ? word.value?.slice(0, -2) : word.value;
    if (text !== undefined && /[*?[]/.test(text) && word.glob) return [];
    const path = resolve(cwd, text);
    return path === undefined || path === "/" ? [] : [{ path, recursive, contentsOnly, verb: "deletes" }];
  });
}

function mv({ args, cwd }: Command): Removal[] {
  const { options, rest } = optionsOf(args, "tS", ["--target-directory", "--suffix"]);
  const [source, target] = rest;
  if (options.some(({ name }) => !["-f", "-v", "--force", "--verbose"].includes(name))) return [];
  if (rest.length !== 2 || source === undefined || target === undefined || source.glob) return [];
  const path = resolve(cwd, source.value);
  return path === undefined || path === "/"
    ? []
    : [{ path, recursive: true, contentsOnly: false, verb: "moves" }];
}

/** The removal certainly takes what the creation made, given that both succeeded. */
export function takes(removal: Removal, creation: Creation): boolean {
  if (removal.manager !== undefined || creation.manager !== undefined) {
    return removal.manager === creation.manager;
  }
  if (!removal.contentsOnly && removal.path === creation.path) {
    // Without -r a directory would have made rm, and with it the RUN, fail.
    return removal.recursive || creation.kind !== "dir";
  }
  // Whatever directories are in it, rm had to take the files, or fail.
  if (removal.contentsOnly && removal.path === creation.path) return creation.kind === "dir";
  if (!isBelow(creation.path, removal.path)) return false;
  const [first = "", ...deeper] = creation.path.slice(removal.path.length + 1).split("/");
  if (removal.contentsOnly && first.startsWith(".")) return false;
  return removal.recursive || (removal.contentsOnly && deeper.length === 0 && creation.kind === "file");
}

/** The command might take the path away: it removes something that is not literal, or something that touches it. */
export function mightTake(command: Command, creation: Creation): boolean {
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
      return cleans(command, creation);
  }
}

/** `dnf clean packages`, `apt-get dist-clean`: a package manager that empties its own cache. */
function cleans(command: Command, creation: Creation): boolean {
  const name = subcommand(command);
  if (creation.manager !== undefined) return command.name === creation.manager && name === "clean";
  const apt = command.name === "apt" || command.name === "apt-get";
  return apt && (name === "dist-clean" || name === "distclean") && overlaps(creation.path, "/var/lib/apt");
}

function touches(
  value: string | undefined,
  glob: boolean,
  cwd: string | undefined,
  creation: Creation,
): boolean {
  if (value === undefined) return true;
  if (value.startsWith("-")) return false;
  const literal = glob ? value.replace(/\/?[^/]*[*?[].*$/, "") : value;
  if (literal === "" && glob) return true;
  const path = resolve(cwd, literal);
  return path === undefined || overlaps(path, creation.path);
}
