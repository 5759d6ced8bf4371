/** The advice of a tool about its caches, for the folders and the user of one command. */
import { usualFolders } from "../../analysis/caches/cache-folders.ts";
import { homeOf } from "../../analysis/caches/filled-caches.ts";
import { isRoot } from "../../analysis/caches/running-user.ts";
import { foldersOf } from "../../analysis/caches/tool-settings.ts";
import type { Step } from "../../build/build.ts";
import type { CachingTool } from "../../knowledge/tool.ts";
import type { Command } from "../../shell/script.ts";

/**
 * Returns the advice with the mount targets of this command: records name those of root without variables. A user who
 * is not root needs `uid`, because the folder of a mount belongs to root.
 */
export function cacheAdvice(manager: CachingTool, command: Command, step: Step): string {
  return manager.advice.replace(/(?<=,target=)\/\S*[^\s.,]/g, (target) => {
    const moved = movedTo(target, manager, command, step) ?? target;
    const { user } = step.scope;
    if (manager.system === true || user === undefined || isRoot(user)) return moved;
    const [name = ""] = user.split(":");
    const home = homeOf(command, step) ?? (/^[a-z_][\w-]*$/.test(name) ? `/home/${name}` : "…");
    return `${moved.replace(/^\/root(?=\/)/, home)},uid=${/^\d+$/.test(name) ? name : "…"}`;
  });
}

/** Returns the folder to which a variable moves the cache of a usual mount target. */
function movedTo(target: string, { caches }: CachingTool, command: Command, step: Step): string | undefined {
  const usual = target.replace(/^\/root(?=\/)/, "~");
  for (const cache of caches) {
    const folders = usualFolders(cache);
    if (![...folders, ...(cache.mounts ?? [])].some((each) => `${each}/`.startsWith(`${usual}/`))) continue;
    const [actual] = foldersOf(cache, command, step) ?? [];
    if (actual !== undefined && !folders.includes(actual)) return actual;
  }
  return undefined;
}
