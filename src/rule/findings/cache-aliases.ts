/** What other linters call it when a cache is deleted too late: for them it was left. */
import type { BytePath } from "../../image/image.ts";

const ALIASES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^var\/lib\/apt\/lists(?:\/|$)/, ["DL3009"]],
  [/^var\/cache\/apk(?:\/|$)/, ["DL3019"]],
  [/^var\/cache\/yum(?:\/|$)/, ["DL3032", "DL3040"]],
  [/^var\/cache\/(?:dnf|libdnf5)(?:\/|$)/, ["DL3032", "DL3040"]],
  [/^var\/cache\/zypp(?:\/|$)/, ["DL3036"]],
  [/(?:^|\/)\.cache\/pip(?:\/|$)/, ["DL3042"]],
  [/(?:^|\/)\.cache\/yarn(?:\/|$)/, ["DL3060"]],
];

/** Undefined where anything but such a cache is among the paths. */
export function cacheAliases(paths: readonly BytePath[]): readonly string[] | undefined {
  const all = new Set<string>();
  for (const path of paths) {
    const found = ALIASES.find(([folder]) => folder.test(path));
    if (found === undefined) return undefined;
    for (const alias of found[1]) all.add(alias);
  }
  return all.size === 0 ? undefined : [...all];
}
