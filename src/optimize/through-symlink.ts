import { parentOf, rootPath } from "../byte-path.ts";
import type { BytePath, Layer } from "../image/image.ts";

/**
 * Whether something may lie below a symlink: some layer has it as a symlink, and the layer with the entry does not say
 * first that there is a directory now. Only then do runtimes that follow symlinks see anything else than the names of
 * layers say (plan/unpacked.ts).
 */
export function throughSymlink(layers: readonly Pick<Layer, "entries">[]): boolean {
  const links = new Set<BytePath>();
  // a hardlink may be another name of a symlink
  for (const { entries } of layers)
    for (const { kind, path } of entries) if (kind === "symlink" || kind === "hardlink") links.add(path);
  if (links.size === 0) return false;
  return layers.some(({ entries }) => {
    const sound = new Set([rootPath]);
    const described = new Set<BytePath>();
    const isSound = (folder: BytePath): boolean => {
      if (sound.has(folder)) return true;
      if ((links.has(folder) && !described.has(folder)) || !isSound(parentOf(folder))) return false;
      sound.add(folder);
      return true;
    };
    let last = rootPath;
    return !entries.every(({ kind, path, link }) => {
      if (path.lastIndexOf("/") !== last.length || !path.startsWith(last)) {
        last = parentOf(path);
        if (!isSound(last)) return false;
      }
      if (kind === "dir") described.add(path);
      // the layer itself has something else there now
      else if (described.delete(path)) {
        sound.clear();
        sound.add(rootPath);
        last = rootPath;
      }
      return kind !== "hardlink" || isSound(parentOf(link));
    });
  });
}
