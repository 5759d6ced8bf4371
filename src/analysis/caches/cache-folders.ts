/** The cache that a path belongs to, by the folders of the records alone: variables may move each. */
import { asBytePath, folderUpTo } from "../../byte-path.ts";
import type { BytePath } from "../../image/image.ts";
import type { CacheFolder } from "../../knowledge/tool-caches.ts";
import { cachingTools } from "../../knowledge/toolbox.ts";

const caches = cachingTools.flatMap((tool) => tool.caches);

/** `/var/lib/apt/lists/*`: all that is in the cache of a tool. */
export function isCacheGlob(path: string): boolean {
  const folder = path.endsWith("/*") ? path.slice(0, -2) : undefined;
  return folder !== undefined && caches.some((cache) => usualFolders(cache).includes(folder));
}

/** What other linters call it when such a cache is left; undefined where anything but a cache with a name is among the paths. */
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

/** The folder of a cache that a path is or lies in, as far as a mount would cover it. */
export function cacheFolderOf(path: BytePath, isFolder: boolean): BytePath | undefined {
  const whole = isFolder ? asBytePath(`${path}/`) : path;
  const general = GENERAL.exec(whole)?.[0];
  if (general !== undefined) return asBytePath(general);
  for (const cache of caches) {
    // some are too near to what else is there to be mounted over
    if (cache.mounts?.length === 0) continue;
    for (const folder of usualFolders(cache)) {
      const end = endOf(whole, folder);
      if (end !== undefined) return folderUpTo(path, end);
    }
  }
  return undefined;
}

/** Where caches are kept, whosever. */
const GENERAL = /^(?:var\/cache|(?:.*?\/)??\.cache)(?:\/[^/]+(?=\/))?(?=\/)/;

/** Where the folder ends in a path of an image that leads into it; `~` is any folder. */
function endOf(path: string, folder: string): number | undefined {
  if (!folder.startsWith("~/")) return `/${path}`.startsWith(`${folder}/`) ? folder.length - 1 : undefined;
  const at = `/${path}`.indexOf(`${folder.slice(1)}/`);
  return at < 0 ? undefined : at + folder.length - 2;
}

/** The folders where a cache is unless a variable moves it, the likeliest first; `~` is the home of any user. */
export function usualFolders({ folder, alsoAt = [], byProgram = {} }: CacheFolder): readonly string[] {
  return [folder, ...alsoAt, ...Object.values(byProgram).flat()];
}
