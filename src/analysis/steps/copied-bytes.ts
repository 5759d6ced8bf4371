/** Tells how large the files of a COPY are, where the build context shows it or their names do. */
import type { Step } from "../../build/build.ts";
import type { BuildContext, ContextFile } from "../../context/context.ts";
import { isHandWritten, isKeyFile, isPrivate } from "../../knowledge/small-files.ts";
import { baseName } from "../../paths.ts";
import { copiedFiles, type Creation } from "./creations.ts";

/**
 * Returns the content bytes of what a COPY or ADD creates at a path: of the one file where a source certainly becomes
 * that file, else of all its sources, which is an upper bound. Undefined where the context does not show every file.
 */
export function copiedBytes(
  step: Step,
  { path }: Creation,
  context: BuildContext | undefined,
): number | undefined {
  const taken = takenBy(step, path, context);
  return taken?.reduce((sum, { size }) => sum + size, 0);
}

/** Returns the files in the build context that a COPY or ADD makes a path of; undefined where some are unknown. */
function takenBy(
  step: Step,
  path: string,
  context: BuildContext | undefined,
): readonly ContextFile[] | undefined {
  const { sources, keyword } = step;
  if ((keyword !== "COPY" && keyword !== "ADD") || sources === undefined || context === undefined)
    return undefined;
  // a download has the size of whatever the URL returns
  if (step.instruction.words.slice(0, -1).some(({ value }) => /^\w+:\/\/|^git@/.test(value)))
    return undefined;
  const only = copiedFiles(step)?.find(({ target }) => target === path)?.source;
  const taken = context.taken(only === undefined ? sources : { ...sources, paths: [only] });
  if (!taken.complete || taken.missing.length > 0 || taken.files.length === 0) return undefined;
  return taken.files;
}

/** Returns true for a file that people write by hand, by its name: a script or a configuration, a few kB. */
export function isSmallByName({ path, kind }: Creation): boolean {
  const name = baseName(path);
  return kind !== "dir" && name !== undefined && isHandWritten.test(name);
}

/** Returns true for keys and credentials, by name: that they stay readable matters, whatever their size. */
export function holdsSecret(step: Step, { path }: Creation, context: BuildContext | undefined): boolean {
  if (isPrivate.test(baseName(path) ?? "")) return true;
  return takenBy(step, path, context)?.some((file) => isKeyFile.test(baseName(file.path) ?? "")) === true;
}
