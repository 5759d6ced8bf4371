/**
 * Finds files that every package operation rewrites completely; only merging two instructions avoids the second copy.
 */
import type { BytePath } from "../../image/image.ts";
import { tools } from "../../knowledge/tools/index.ts";

const databases = tools.flatMap(({ database = [] }) => database);

/** Returns the name of the package database or log that a path belongs to; undefined for other paths. */
export function databaseOf(path: BytePath): string | undefined {
  return databases.find(({ paths }) => paths.test(path))?.what;
}

/** Returns true for the list of installed packages of a package manager. */
export function listsPackages(path: BytePath): boolean {
  return databases.some(({ list }) => list?.test(path) === true);
}
