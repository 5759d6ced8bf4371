/**
 * Finds the cache that a path belongs to by the default folders of the records, ignoring variables that move caches.
 */
import { asBytePath, folderUpTo } from "../../byte-path.ts";
import type { BytePath } from "../../image/image.ts";
import type { CacheFolder } from "../../knowledge/tool-caches.ts";
import { cachingTools } from "../../knowledge/toolbox.ts";

const caches = cachingTools.flatMap((tool) => tool.caches);

/** Returns true for a glob that covers a tool's cache: `/var/lib/apt/lists/*`. */
export function isCacheGlob(path: string): boolean {
  const folder = path.endsWith("/*") ? path.slice(0, -2) : undefined;
  return folder !== undefined && caches.some((cache) => usualFolders(cache).includes(folder));
}

/** Returns the rule ids of other linters for these leftover caches; undefined if a path belongs to no such cache. */
export function cacheAliases(paths: readonly BytePath[]): readonly string[] | undefined {
  const all = new Set<string>();
  for (const path of paths) {
    const { aliases } =
      caches.find(
        (cache) =>
          cache.aliases !== undefined &&
          usualFolders(cache).some((folder) => endOf(`${path}/`, folder) !== undefined),
      ) ?? {};
    if (aliases === undefined) return undefined;
    for (const alias of aliases) all.add(alias);
  }
  return all.size === 0 ? undefined : [...all];
}

/** Returns the cache folder at or above a path, if a mount would cover it. */
export function cacheFolderOf(path: BytePath, isFolder: boolean): BytePath | undefined {
  const whole = isFolder ? asBytePath(`${path}/`) : path;
  const general = GENERAL.exec(whole)?.[0];
  if (general !== undefined) return asBytePath(general);
  for (const cache of caches) {
    // some caches share their folder with other files and cannot be mounted over
    if (cache.mounts?.length === 0) continue;
    for (const folder of usualFolders(cache)) {
      const end = endOf(whole, folder);
      if (end !== undefined) return folderUpTo(path, end);
    }
  }
  return undefined;
}

/** General folders of caches of any tool. */
const GENERAL = /^(?:var\/cache|(?:.*?\/)??\.cache)(?:\/[^/]+(?=\/))?(?=\/)/;

/** Returns the index at which the folder ends in an image path; `~` matches any folder. */
function endOf(path: string, folder: string): number | undefined {
  if (!folder.startsWith("~/")) return `/${path}`.startsWith(`${folder}/`) ? folder.length - 1 : undefined;
  const at = `/${path}`.indexOf(`${folder.slice(1)}/`);
  return at < 0 ? undefined : at + folder.length - 2;
}

/** Returns the default folders of a cache, the likeliest first; `~` is the home of any user. */
export function usualFolders(cache: CacheFolder): readonly string[] {
  let folders = known.get(cache);
  if (folders === undefined) {
    const { folder, alsoAt = [], byProgram = {} } = cache;
    folders = [folder, ...alsoAt, ...Object.values(byProgram).flat()];
    known.set(cache, folders);
  }
  return folders;
}

const known = new WeakMap<CacheFolder, readonly string[]>();
