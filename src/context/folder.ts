/** The build context on disk: the only file of this room that does I/O. */
import { lstatSync, readdirSync, readlinkSync, statSync, type Dirent } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { readRegularFile, whyNotRegular } from "../regular-file.ts";
import { makeContext } from "./build-context.ts";
import type { BuildContext } from "./context.ts";
import type { DiskEntry } from "./folder-tree.ts";

/** Largest ignore file that is read, in bytes. */
const maxIgnoreFile = 2 ** 20;

/**
 * Opens the folder `name` as build context. `<Dockerfile>.dockerignore` beside the Dockerfile, if that is given,
 * takes precedence over the folder's `.dockerignore`. Throws `UserError` if one of them is no regular file, or too large.
 */
export function contextOf(name: string, dockerfile?: string): BuildContext {
  const ignoreFiles = [
    ...(dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`]),
    join(name, ".dockerignore"),
  ];
  for (const file of ignoreFiles) checkIgnoreFile(file);
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
    ignoreFile: () => {
      for (const file of ignoreFiles) {
        const text = attempt(() => readRegularFile(file, maxIgnoreFile).toString("utf8"));
        if (text !== undefined) return { name: file, text };
      }
      return undefined;
    },
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

/** The file itself is read when a rule asks for it. */
function checkIgnoreFile(name: string): void {
  const info = attempt(() => statSync(name, { throwIfNoEntry: false }));
  const why = info && whyNotRegular(info, maxIgnoreFile);
  if (why !== undefined) throw new UserError(`${name}: ${why}`);
}

/** Returns undefined for what cannot be read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
