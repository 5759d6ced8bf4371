/** Whether a COPY can resolve the names of users and groups: it takes a name that it does not know for root. */
import type { Step } from "../../src/engine/contract.ts";
import { optionsOf } from "../steps/options.ts";
import type { Below } from "./below.ts";

/** The first name of `user:group` that nothing shows to exist before the COPY; undefined when all do. */
export function unknownName(
  value: string,
  earlier: readonly Step[],
  layers: Below | undefined,
): string | undefined {
  const [user = "", group = ""] = value.split(":");
  if (!isKnown("user", user, earlier, layers)) return user;
  return isKnown("group", group, earlier, layers) ? undefined : group;
}

function isKnown(
  what: "user" | "group",
  name: string,
  earlier: readonly Step[],
  layers: Below | undefined,
): boolean {
  if (name === "" || name === "root" || /^\d+$/.test(name)) return true;
  return layers?.knows(what, name) ?? earlier.some((step) => makes(what, name, step));
}

/** The short options that take a value. */
const LETTERS: Readonly<Record<string, string>> = {
  useradd: "bcdefgGkKpsuZR",
  groupadd: "gKpR",
  adduser: "hgsGuk",
  addgroup: "g",
};

function makes(what: "user" | "group", name: string, { script }: Step): boolean {
  return (script?.commands ?? []).some((command) => {
    if (!command.certain || !/^(?:user|group)add$|^add(?:user|group)$/.test(command.name ?? "")) return false;
    const { options, rest } = optionsOf(command.args, LETTERS[command.name!]!, [
      "--gid",
      "--groups",
      "--uid",
      "--shell",
      "--comment",
      "--home-dir",
      "--home",
      "--base-dir",
      "--gecos",
      "--ingroup",
      "--password",
      "--skel",
      "--key",
    ]);
    const isGroup = command.name!.includes("group") || options.some((option) => option.name === "--group");
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
