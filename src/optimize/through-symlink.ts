/** Whether a plan of a subset of the entries may miss something that lies below a symlink. */
import { rootPath, parentOf } from "../byte-path.ts";
import type { BytePath, Layer } from "../image/image.ts";

/**
 * Whether some entry may lie below a symlink: a layer has a symlink at one of the entry's folders, and the entry's own
 * layer has no directory entry for that folder before it. Runtimes that follow symlinks then put the entry elsewhere (plan/unpacked.ts), so a plan
 * needs all entries. This is not the opposite of `isPlain`: without any symlink, a layer that does not describe its folders
 * can be read in two ways as well, for example by its whiteouts; but there the subset of the entries shows it.
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
      // the layer has replaced its own directory with something else
      else if (described.delete(path)) {
        sound.clear();
        sound.add(rootPath);
        last = rootPath;
      }
      return kind !== "hardlink" || isSound(parentOf(link));
    });
  });
}
