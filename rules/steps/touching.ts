/** Whether a step between two others might read or write what they are about. */
import type { Command, ShellWord, Step } from "../../src/engine/contract.ts";
import { isBelow, overlaps, resolve } from "./paths.ts";

/** Commands that look at nothing but their operands. */
const BY_OPERANDS = new Set(
  "[ cat chgrp chmod chown cp install ln ls mkdir mv readlink rm rmdir stat test touch".split(" "),
);
/** Commands that work on the system's own folders, and never look into other ones unless a word names them. */
const OF_THE_SYSTEM = new Set(
  "addgroup adduser apk apt apt-get deluser dnf dpkg-reconfigure groupadd groupmod ldconfig locale-gen microdnf update-ca-certificates useradd userdel usermod yum".split(
    " ",
  ),
);
const SILENT = new Set(": cd echo export false printf set sleep true umask unset".split(" "));
const SYSTEM_FOLDERS = ["/bin", "/etc", "/home", "/lib", "/root", "/run", "/sbin", "/tmp", "/usr", "/var"];
const HARMLESS = new Set(
  "ARG CMD ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL MAINTAINER ONBUILD SHELL STOPSIGNAL USER VOLUME".split(
    " ",
  ),
);

/** True unless the text shows that it leaves all of `paths` alone, and does not look at them. */
export function mightTouch(step: Step, paths: readonly string[]): boolean {
  const { instruction, scope, script } = step;
  if (HARMLESS.has(instruction.keyword)) return false;
  if (instruction.keyword === "WORKDIR") {
    // it makes the folder where it is missing, which the path itself is not
    const path = resolve(scope.workdir, instruction.words[0]?.value);
    return path === undefined || paths.some((each) => isBelow(path, each));
  }
  if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
    const target = resolve(scope.workdir, instruction.words.at(-1)?.value);
    return target === undefined || paths.some((path) => overlaps(path, target));
  }
  if (script?.shell !== "posix" || !script.complete) return true;
  return script.commands.some((command) => commandMightTouch(command, paths));
}

export function commandMightTouch(command: Command, paths: readonly string[]): boolean {
  const { name, args, redirects, assignments, through } = command;
  if (through.includes("xargs") || through.includes("find")) return true;
  const words = redirects.flatMap(({ target }) => target ?? []);
  if (words.some((word) => names(word, command, paths))) return true;
  if (command.word === undefined) return assignments.some(({ value }) => value === undefined);
  if (name === undefined) return true;
  if (SILENT.has(name)) return false;
  if (OF_THE_SYSTEM.has(name)) {
    if (paths.some(isOfTheSystem)) return true;
    // other words are names of packages and users
    return args.some((word) => word.value?.includes("/") !== false && names(word, command, paths));
  }
  if (!BY_OPERANDS.has(name)) return true;
  return args.some((word) => names(word, command, paths));
}

/** Distributions leave /usr/local to others. */
function isOfTheSystem(path: string): boolean {
  return !isBelow(path, "/usr/local") && SYSTEM_FOLDERS.some((folder) => overlaps(folder, path));
}

/** A word that is, holds or leads to one of the paths. */
function names({ value, glob }: ShellWord, { cwd }: Command, paths: readonly string[]): boolean {
  if (value === undefined) return true;
  const option = /^-[^=]*(?:=(.*))?$/s.exec(value);
  const text = option === null ? value : option[1];
  if (text === undefined || text === "") return false;
  const literal = glob ? text.replace(/[^/]*[*?[].*$/s, "") || "." : text;
  const path = resolve(cwd, literal);
  return path === undefined || paths.some((each) => overlaps(each, path));
}
