/** Tells the folders of a project from those of its user: `~/test/app/Dockerfile` is no test. */
import { dirname, isAbsolute, join, relative } from "node:path";

/**
 * Returns the path of a Dockerfile inside its project: below the working folder, or as it was named. Of a file elsewhere
 * that is named by its whole path, only the last name is the project's for certain.
 */
export function placeOf(name: string, cwd: string): string {
  const below = belowFolder(name, cwd);
  if (below !== undefined) return below;
  const parts = name.split(/[\\/]/);
  return isAbsolute(name) ? (parts.at(-1) ?? name) : parts.filter((part) => part !== "..").join("/");
}

/** Returns the folders above that of a Dockerfile, the nearest first, up to the working folder; none elsewhere. */
export function foldersAbove(name: string, cwd: string): string[] {
  const depth = (belowFolder(name, cwd) ?? "").split(/[\\/]/).length - 1;
  const folder = dirname(name);
  return Array.from({ length: depth }, (_, i) => join(folder, ...Array<string>(i + 1).fill("..")));
}

function belowFolder(name: string, folder: string): string | undefined {
  const path = relative(folder, join(isAbsolute(name) ? "" : folder, name));
  return path.startsWith("..") || isAbsolute(path) ? undefined : path;
}
