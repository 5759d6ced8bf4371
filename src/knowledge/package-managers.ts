/** Every package manager, one record each; a new manager is one record and a test. */
import { languageManagers } from "./package-managers/languages.ts";
import { nodeManagers } from "./package-managers/node.ts";
import { pythonManagers } from "./package-managers/python.ts";
import type { PackageManager } from "./package-managers/record.ts";
import { systemManagers } from "./package-managers/system.ts";

export type {
  CacheWriter,
  CacheFolder,
  CommandPattern,
  PackageManager,
  Remedy,
  WordPattern,
} from "./package-managers/record.ts";

export const packageManagers: readonly PackageManager[] = [
  ...systemManagers,
  ...pythonManagers,
  ...nodeManagers,
  ...languageManagers,
];

/** `/var/lib/apt/lists/*`: all that is in the cache of a package manager. */
export function isCleanupGlob(path: string): boolean {
  const folder = path.endsWith("/*") ? path.slice(0, -2) : undefined;
  return packageManagers.some(({ caches }) =>
    caches.some((cache) => cache.folder === folder || cache.alsoAt?.includes(folder ?? "") === true),
  );
}
