/**
 * Reads only regular files. A checkout can hold named pipes, and symlinks to devices: opening one could wait for ever, and
 * reading one might never end.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { UserError } from "./errors.ts";
import { formatBytes } from "./format.ts";

/**
 * Reads a regular file of at most `most` bytes; follows symlinks. Throws `UserError` for anything else, and errors of
 * Node.js (`ENOENT`, `EACCES`, `EISDIR`). `shown` is the name in messages.
 */
export function readRegularFile(path: string, most: number, shown = path): Buffer {
  // a named pipe without a writer would block
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const info = fstatSync(file);
    if (info.isDirectory()) throw Object.assign(new Error("is a folder"), { code: "EISDIR" });
    const why = whyNotRegular(info, most);
    if (why !== undefined) throw new UserError(`${shown}: ${why}`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Returns why a file is not to be read; undefined for a regular file of at most `most` bytes, and for a folder. */
export function whyNotRegular(info: Stats, most = Infinity): string | undefined {
  if (info.isDirectory()) return undefined;
  if (info.isFile())
    return info.size <= most
      ? undefined
      : `is too large (${formatBytes(info.size)}); at most ${formatBytes(most)} are read`;
  const kind = info.isFIFO() ? "a named pipe" : info.isSocket() ? "a socket" : "a device";
  return `is ${kind}, not a regular file`;
}

/** Whether a name stands for an open file of the calling process: `<(docker save app)`, `/dev/stdin`. */
export function isOpenFile(name: string): boolean {
  return /^\/(?:dev\/(?:stdin|fd\/\d+)|proc\/(?:self|\d+)\/fd\/\d+)$/.test(name);
}
