/** The build context on disk: the only file of this room that does I/O. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync, type Dirent } from "node:fs";
import { dirname, join } from "node:path";
import { makeContext } from "./build-context.ts";
import type { BuildContext } from "./context.ts";
import type { DiskEntry } from "./folder-tree.ts";

/** Largest ignore file that is read, in bytes. */
const maxIgnoreFile = 2 ** 20;

/**
 * Opens the folder `name` as build context. `<Dockerfile>.dockerignore` beside the Dockerfile, if that is given,
 * takes precedence over the folder's `.dockerignore`.
 */
export function contextOf(name: string, dockerfile?: string): BuildContext {
  return makeContext({
    name,
    disk: {
      list: (folder) => attempt(() => readdirSync(join(name, folder), { withFileTypes: true }).map(entryOf)),
      stat: (path) =>
        attempt(() => {
          const { size, mode } = lstatSync(join(name, path));
          return { size, mode: mode & 0o7777 };
        }),
      target: (path) => attempt(() => readlinkSync(join(name, path))),
    },
    ignoreFile: () =>
      (dockerfile === undefined ? undefined : readText(`${dockerfile}.dockerignore`)) ??
      readText(join(name, ".dockerignore")),
  });
}

/** Returns the folder of a file: `a/Dockerfile` → `a`. */
export function folderOf(dockerfile: string): string {
  return dirname(dockerfile);
}

function entryOf(entry: Dirent): DiskEntry {
  const kind = entry.isFile()
    ? "file"
    : entry.isDirectory()
      ? "folder"
      : entry.isSymbolicLink()
        ? "link"
        : "other";
  return { name: entry.name, kind };
}

function readText(name: string): { name: string; text: string } | undefined {
  return attempt(() => {
    const info = statSync(name);
    return info.isFile() && info.size <= maxIgnoreFile
      ? { name, text: readFileSync(name, "utf8") }
      : undefined;
  });
}

/** Returns undefined for what cannot be read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
