/** The build context on disk: the only file of this room that does I/O. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync, type Dirent } from "node:fs";
import { dirname, join } from "node:path";
import { makeContext } from "./build-context.ts";
import type { BuildContext } from "./context.ts";
import type { DiskEntry } from "./folder-tree.ts";

/** An ignore file is a few lines; what is larger is something else. */
const maxIgnoreFile = 2 ** 20;

/**
 * The folder `name`. `<Dockerfile>.dockerignore` beside the Dockerfile, where it is known, takes precedence over the
 * folder's `.dockerignore`.
 */
export function contextOf(name: string, dockerfile?: string): BuildContext {
  return makeContext({
    name,
    disk: {
      list: (folder) => attempt(() => readdirSync(join(name, folder), { withFileTypes: true }).map(entryOf)),
      size: (path) => attempt(() => lstatSync(join(name, path)).size),
      target: (path) => attempt(() => readlinkSync(join(name, path))),
    },
    ignoreFile: () =>
      (dockerfile === undefined ? undefined : readText(`${dockerfile}.dockerignore`)) ??
      readText(join(name, ".dockerignore")),
  });
}

/** `a/Dockerfile` → `a`. */
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

/** What cannot be read is unknown, which is an answer too. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
