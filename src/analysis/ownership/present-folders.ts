/** Finds folders that certainly exist before a step. */
import type { Step } from "../../build/build.ts";
import { cachingToolNamed } from "../../knowledge/toolbox.ts";
import { isBelow, resolve } from "../../paths.ts";
import { copied } from "../steps/creations.ts";
import type { FilesBelow } from "./files-below.ts";

/** Folders of every image with a shell: BusyBox has no others. */
const STANDARD = new Set(
  "/ /bin /dev /etc /home /proc /root /sys /tmp /usr /usr/bin /usr/sbin /var".split(" "),
);

/** Further folders of every distribution with a package manager. */
const OF_DISTRIBUTIONS = new Set(
  "/lib /sbin /usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/local/share /usr/share /var/cache /var/lib /var/log /var/tmp".split(
    " ",
  ),
);

/**
 * Returns true if a folder exists: by the layers, where they are known, or else by the earlier steps and the image that the
 * first of them is built on.
 */
export function isThere(
  path: string,
  earlier: readonly Step[],
  base: string | undefined,
  layers: FilesBelow | undefined,
): boolean {
  const known = layers?.has(path);
  if (known !== undefined) return known;
  if (STANDARD.has(path) || (OF_DISTRIBUTIONS.has(path) && isDistribution(base, earlier))) return true;
  return earlier.some((step) => makesFolder(step, path));
}

/** Returns true for Docker's official images, all but BusyBox, and where a step runs the package manager of a distribution. */
function isDistribution(base: string | undefined, steps: readonly Step[]): boolean {
  const name = base?.toLowerCase().replace(/^(?:docker\.io\/)?(?:library\/)?/, "");
  if (name !== undefined && /^(?!(?:busybox|scratch)(?:$|[:@]))[^/]+$/.test(name)) return true;
  return steps.some(
    ({ script }) =>
      script?.commands.some(
        ({ name: program, certain }) => certain && cachingToolNamed(program)?.system === true,
      ) === true,
  );
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
