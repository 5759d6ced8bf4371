/** Decides whether a COPY can resolve the names of users and groups; it takes an unknown name as root. */
import type { Step } from "../../build/build.ts";
import { accountMakers, accountOptions } from "../../knowledge/commands.ts";
import { overlaps } from "../../paths.ts";
import type { Command } from "../../shell/script.ts";
import { isOfSystem } from "../packages/operation.ts";
import { copyTargets } from "../steps/creations.ts";
import { isOpaque } from "../steps/opaque.ts";
import { lineOf } from "../steps/option-words.ts";
import type { FilesBelow } from "./files-below.ts";

/** Returns the first name of `user:group` that is not known to exist before the COPY; undefined when all are. */
export function unknownName(
  value: string,
  earlier: readonly Step[],
  layers: FilesBelow | undefined,
): string | undefined {
  const [user = "", group = ""] = value.split(":");
  if (!isKnown("user", user, earlier, layers)) return user;
  return isKnown("group", group, earlier, layers) ? undefined : group;
}

function isKnown(
  what: "user" | "group",
  name: string,
  earlier: readonly Step[],
  layers: FilesBelow | undefined,
): boolean {
  if (name === "" || name === "root" || /^\d+$/.test(name)) return true;
  return layers?.knows(what, name) ?? earlier.some((step) => makes(what, name, step));
}

/**
 * Returns true if a step between the COPY and the change may create the user or group. At the COPY the name would be
 * unknown, which some builders refuse and others take as root.
 */
export function isMadeLater(
  value: string,
  earlier: readonly Step[],
  between: readonly Step[],
  layers: FilesBelow | undefined,
): boolean {
  const [user = "", group = ""] = value.split(":");
  if (unknownName(value, earlier, layers) === undefined) return false;
  const isAbsent = (what: "user" | "group", name: string) =>
    !isKnown(what, name, earlier, layers) && layers?.knows(what, name) === false;
  return isAbsent("user", user) || isAbsent("group", group) || between.some(mayMakeNames);
}

/** Files that hold names of users and groups. */
const NAMES = ["/etc/passwd", "/etc/group"];
function mayMakeNames(step: Step): boolean {
  const { script } = step;
  if (step.keyword === "COPY" || step.keyword === "ADD")
    return (copyTargets(step) ?? NAMES).some((path) => NAMES.some((file) => overlaps(path, file)));
  if (script === undefined) return false;
  if (script.shell !== "posix" || !script.complete) return true;
  return script.commands.some((command) => mayMake(command));
}

function mayMake(command: Command): boolean {
  const { name = "", args, redirects } = command;
  if (accountMakers.test(name) || isOfSystem(command) || isOpaque(command)) return true;
  const words = [...args, ...redirects.flatMap(({ target }) => target ?? [])];
  return words.some(({ value, text }) => NAMES.includes(value ?? text));
}

function makes(what: "user" | "group", name: string, { script }: Step): boolean {
  return (script?.commands ?? []).some((command) => {
    const { name: program = "" } = command;
    if (!command.certain || !accountOptions.has(program)) return false;
    const { options, operands: rest } = lineOf(command);
    const isGroup = program.includes("group") || options.some((option) => option.name === "--group");
    // `adduser app www-data` adds a user to a group; both exist by then
    const named =
      isGroup || command.name === "useradd"
        ? rest.at(-1)?.value === name
        : rest.some((word) => word.value === name);
    if (!named || isGroup) return named && what === "group";
    // a user gets a group of its own name unless it is given another one
    return (
      what === "user" ||
      !options.some((option) => /^-(?:[gGN]|-gid|-ingroup|-no-user-group)$/.test(option.name))
    );
  });
}
