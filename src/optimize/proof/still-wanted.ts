/** Finds a pruned name that the image needs: its configuration names it, or a symlink points to it. */
import { asBytePath, parentOf, toBytes, type BytePath } from "../../byte-path.ts";
import type { ImageConfig } from "../../image/image.ts";
import { cleanPath } from "../../paths.ts";
import type { Visible } from "./visible.ts";

/** Symlinks on the way to a file after which a chain is taken for a loop. */
const MOST_LINKS = 40;

/** Returns the first pruned name that must stay, and why; undefined if there is none. `visible` is of the input. */
export function stillWanted(
  config: Pick<ImageConfig, "cmd" | "entrypoint" | "raw" | "volumes" | "workingDir">,
  visible: Visible,
  pruned: readonly BytePath[],
): { readonly path: BytePath; readonly why: string } | undefined {
  if (pruned.length === 0) return undefined;
  const named = namesOf(config);
  for (const path of pruned) {
    for (let at = path; at !== ""; at = parentOf(at)) {
      const what = named.get(at);
      if (what !== undefined) return { path, why: `${what} of the image names it` };
    }
  }
  const gone = new Set(pruned);
  for (const [link, { entry }] of visible) {
    if (entry?.kind !== "symlink" || gone.has(link)) continue;
    const path = endOf(link, visible);
    if (path !== undefined && gone.has(path) && !haveHiddenFolder(link, path))
      return { path, why: `the symlink /${link} points to it` };
  }
  return undefined;
}

/** Absolute paths of the configuration, with the setting that names each. */
function namesOf(config: Parameters<typeof stillWanted>[0]): Map<BytePath, string> {
  const names = new Map<BytePath, string>();
  const settings = config.raw["config"] as { Healthcheck?: { Test?: unknown } } | null | undefined;
  const test = settings?.Healthcheck?.Test;
  const all: readonly (readonly [string, readonly unknown[]])[] = [
    ["WorkingDir", [config.workingDir]],
    ["Volumes", config.volumes],
    ["Entrypoint", config.entrypoint ?? []],
    ["Cmd", config.cmd ?? []],
    ["Healthcheck", Array.isArray(test) ? test : []],
  ];
  for (const [what, words] of all)
    for (const word of words)
      for (const [path] of String(word).matchAll(/(?<![^\s'"=:;,()&|<>`])\/[^\s'"=:;,()&|<>`]+/g)) {
        const name = toBytes(cleanPath(path).replace(/^\/+/, ""));
        if (name !== "" && !names.has(name)) names.set(name, what);
      }
  return names;
}

/** True if both lie in one hidden folder, such as `~/.npm`: a cache that points into itself. */
function haveHiddenFolder(link: BytePath, path: BytePath): boolean {
  for (let at = parentOf(path); at !== ""; at = parentOf(at))
    if (at.slice(at.lastIndexOf("/") + 1).startsWith(".") && link.startsWith(`${at}/`)) return true;
  return false;
}

/** Where a symlink leads in the end; undefined if nothing is there. */
function endOf(link: BytePath, visible: Visible): BytePath | undefined {
  const todo = link.split("/").toReversed();
  const done: string[] = [];
  let links = 0;
  while (todo.length > 0) {
    const part = todo.pop() ?? "";
    if (part === "" || part === ".") continue;
    if (part === "..") {
      done.pop();
      continue;
    }
    done.push(part);
    const provider = visible.get(asBytePath(done.join("/")));
    if (provider === undefined) return undefined;
    if (provider.entry?.kind !== "symlink") continue;
    if (++links > MOST_LINKS) return undefined;
    const target: string = provider.entry.link;
    if (target.startsWith("/")) done.length = 0;
    else done.pop();
    todo.push(...target.split("/").toReversed());
  }
  return asBytePath(done.join("/"));
}
