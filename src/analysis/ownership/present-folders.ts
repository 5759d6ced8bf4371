/** Finds folders that certainly exist before a step. */
import type { Step } from "../../build/build.ts";
import { copied } from "../steps/creations.ts";
import { isBelow, resolve } from "../../paths.ts";
import type { FilesBelow } from "./files-below.ts";

/** Folders of every image with a shell and a package manager. */
const STANDARD = new Set(
  "/ /bin /dev /etc /home /lib /proc /root /sbin /sys /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/local/share /usr/sbin /usr/share /var /var/cache /var/lib /var/log /var/tmp".split(
    " ",
  ),
);

export function isThere(path: string, earlier: readonly Step[], layers: FilesBelow | undefined): boolean {
  if (STANDARD.has(path) || layers?.has(path) === true) return true;
  return earlier.some((step) => makesFolder(step, path));
}

function makesFolder(step: Step, path: string): boolean {
  const { instruction, scope, script } = step;
  if (instruction.keyword === "WORKDIR")
    return holds(path, resolve(scope.workdir, instruction.words[0]?.value));
  if (step.keyword === "COPY" || step.keyword === "ADD")
    return copied(step).some(
      (made) => (made.kind === "dir" && made.path === path) || isBelow(made.path, path),
    );
  return (script?.commands ?? []).some(
    ({ name, args, cwd, certain }) =>
      name === "mkdir" && certain && args.some((word) => !word.glob && holds(path, resolve(cwd, word.value))),
  );
}

function holds(path: string, made: string | undefined): boolean {
  return made !== undefined && (made === path || isBelow(made, path));
}
