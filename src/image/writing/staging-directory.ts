/** Makes the output in a folder beside it; the finished image is proved, then renamed. */
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { link, readdir, realpath, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { UserError } from "../../errors.ts";
import { errorCode } from "../../records.ts";
import type { Shelf } from "./pieces.ts";

const mark = ".layerlint-";

/**
 * A folder beside the output, that holds the new image until it is proved. It is always removed, also on a signal. If
 * the process was killed, the next run that writes the same output removes it.
 */
export class StagingDirectory {
  readonly folder: string;
  readonly output: string;
  readonly #signal: AbortSignal | undefined;
  #files = 0;

  private constructor(output: string, folder: string, signal: AbortSignal | undefined) {
    this.output = output;
    this.folder = folder;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#removeNow);
  }

  /** Throws `UserError` when the output exists, is one of the inputs, or cannot be made. */
  static async create(
    output: string,
    inputs: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<StagingDirectory> {
    await checkOutput(output, inputs);
    const parent = dirname(resolve(output));
    const name = `.${shortened(basename(output))}${mark}`;
    await removeStale(resolve(parent), name);
    const folder = join(parent, `${name}${process.pid}-${serial++}`);
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      throw cannotWrite(output, error);
    }
    living.add(folder);
    return new StagingDirectory(output, folder, signal);
  }

  /** Returns an unused path in the folder. */
  path(what: string): string {
    return join(this.folder, `${what}-${this.#files++}`);
  }

  shelf(): Shelf & { close(): void } {
    const path = this.path("shelf");
    let file: number | undefined;
    let end = 0;
    const open = () => (file ??= openSync(path, "wx+"));
    return {
      put(chunk) {
        const fd = open();
        for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at, chunk.length - at, end + at);
        end += chunk.length;
      },
      take(at, length) {
        const bytes = Buffer.allocUnsafe(length);
        const fd = open();
        for (let done = 0; done < length;) done += readSync(fd, bytes, done, length - done, at + done);
        return bytes;
      },
      close() {
        if (file !== undefined) closeSync(file);
      },
    };
  }

  /** Renames `path` to the output. Throws `UserError` if another process created the output meanwhile. */
  async publish(path: string): Promise<void> {
    try {
      if ((await stat(path)).isDirectory()) return await rename(path, this.output);
      // an empty folder blocks the rename of a file, but not of a folder
      await rmdir(this.output).catch(ignore("ENOENT", "ENOTDIR"));
      // `rename` would replace an existing file, so `link` is tried first; file systems without links fall back to
      // `rename`
      await link(path, this.output).catch((error: unknown) => {
        if (errorCode(error) === "EEXIST") throw error;
        return rename(path, this.output);
      });
    } catch (error) {
      const code = errorCode(error);
      throw cannotWrite(this.output, code === "ENOTDIR" ? { code: "EEXIST" } : error);
    }
  }

  async remove(): Promise<void> {
    living.delete(this.folder);
    this.#signal?.removeEventListener("abort", this.#removeNow);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Removes the folder just before the process ends; a write in progress fails because its folder is gone. */
  readonly #removeNow = (): void => {
    try {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    }
  };
}

let serial = 0;
/** Folders of this process. */
const living = new Set<string>();

async function checkOutput(output: string, inputs: readonly string[]): Promise<void> {
  const real = await realpath(output).catch(() => undefined);
  if (real === undefined) {
    // a dangling link counts as existing
    const parent = await realpath(dirname(resolve(output))).catch(() => undefined);
    if (parent === undefined) throw new UserError(`${output}: its folder does not exist; make it first`);
    await refuseInside(output, join(parent, basename(output)), inputs);
    return;
  }
  for (const input of inputs) {
    const same = await realpath(input).catch(() => undefined);
    if (same === real)
      throw new UserError(`${output}: is the input itself; give another name for the output`);
  }
  await refuseInside(output, real, inputs);
  const info = await stat(real);
  if (info.isDirectory() && (await readdir(real)).length === 0) {
    // the output is renamed into place, which is impossible for a mount point
    if (info.dev !== (await stat(dirname(real))).dev)
      throw new UserError(`${output}: is a mount point; give the name of a file or folder in it`);
    return;
  }
  throw new UserError(
    `${output}: exists already${info.isDirectory() ? " and is not empty" : ""}; remove it, or give another name`,
  );
}

async function refuseInside(output: string, real: string, inputs: readonly string[]): Promise<void> {
  for (const input of inputs) {
    const folder = await realpath(input).catch(() => undefined);
    if (folder !== undefined && real.startsWith(folder + sep))
      throw new UserError(`${output}: lies inside the input ${input}; give a name outside of it`);
  }
}

/** Removes the folders of processes that have ended. */
async function removeStale(parent: string, name: string): Promise<void> {
  const found = await readdir(parent).catch(() => []);
  for (const each of found) {
    const pid = /^(\d+)-\d+$/.exec(each.startsWith(name) ? each.slice(name.length) : "")?.[1];
    if (pid === undefined || living.has(join(parent, each))) continue;
    // in a container every run may have the same process ID: a folder with our ID that this process did not make is
    // from an earlier run
    if (Number(pid) !== process.pid && isAlive(Number(pid))) continue;
    await rm(join(parent, each), { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

function ignore(...codes: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (!codes.includes(errorCode(error) ?? "")) throw error;
  };
}

/** Shortens a name so that prefix and suffix fit into the 255 bytes of a file name. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= 200) return name;
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

/** Turns an error of the file system into a `UserError`; returns any other error unchanged. */
export function cannotWrite(output: string, error: unknown): unknown {
  const code = errorCode(error);
  if (error instanceof UserError || code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  const why: Readonly<Record<string, string>> = {
    ENOSPC: "there is no space left for it; make room, or write elsewhere",
    EDQUOT: "your quota is used up; make room, or write elsewhere",
    EACCES: "no permission to write; check the permissions of its folder",
    EPERM: "no permission to write; check the permissions of its folder",
    EROFS: "lies on a read-only file system; write elsewhere",
    EFBIG: "is larger than this file system or your limit allows; write elsewhere",
    ENAMETOOLONG: "is too long a name; give a shorter one",
    ENOTDIR: "its parent is not a folder; write elsewhere",
    EMFILE: "cannot be written with so few open files; raise the limit (ulimit -n)",
    EEXIST: "exists already; remove it, or give another name",
    ENOTEMPTY: "exists already; remove it, or give another name",
  };
  return new UserError(`${output}: ${why[code] ?? `cannot be written (${code})`}`);
}
