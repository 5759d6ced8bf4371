/** Files that every package operation writes as a whole; only one instruction instead of two avoids the second copy. */
import type { BytePath } from "../../image/image.ts";
import { tools } from "../../knowledge/tools/index.ts";

const databases = tools.flatMap(({ database = [] }) => database);

/** The package database or log that a path belongs to, or undefined. */
export function databaseOf(path: BytePath): string | undefined {
  return databases.find(({ paths }) => paths.test(path))?.what;
}
