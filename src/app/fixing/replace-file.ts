/** Writes fixed files: replaces a file atomically, or creates a new one. */
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { pid } from "node:process";
import { UserError } from "../../errors.ts";
import { errorCode } from "../../records.ts";

/**
 * Replaces a file's content atomically. Mode and owner stay, and a symlink stays a symlink. Throws `UserError` when
 * the file no longer holds `before`. All steps are synchronous, so that a signal cannot interrupt them and leave the
 * temporary file behind.
 */
export function replaceFile(name: string, before: Buffer, after: Buffer): void {
  let temporary: string | undefined;
  try {
    const path = realpathSync(name);
    accessSync(path, constants.W_OK);
    const { mode, uid, gid } = statSync(path);
    const part = join(dirname(path), `.${basename(path)}.layerlint-${pid}.part`);
    writeFileSync(part, after, { flag: "wx", mode: 0o600 });
    temporary = part;
    keepOwner(part, uid, gid);
    chmodSync(part, mode & 0o7777);
    const now = readFileSync(path);
    if (now.equals(after)) {
      // named twice in one run, or another process wrote the same content
      return;
    }
    if (!now.equals(before)) {
      throw new UserError(
        `${name}: it changed while it was being fixed, so nothing was written; run it again`,
      );
    }
    renameSync(part, path);
    temporary = undefined;
  } catch (error) {
    throw error instanceof UserError ? error : writeError(name, error);
  } finally {
    if (temporary !== undefined) unlinkSync(temporary);
  }
}

/** Restores the owner. Only the superuser can change it; other users mostly own the files that they may replace. */
function keepOwner(path: string, uid: number, gid: number): void {
  try {
    chownSync(path, uid, gid);
  } catch {
    // the file then belongs to the user who ran the command, like one that an editor saved
  }
}

/** Creates a file. Throws `UserError` when it exists. */
export function createFile(name: string, text: string): void {
  try {
    writeFileSync(name, text, { flag: "wx" });
  } catch (error) {
    throw writeError(name, error);
  }
}

function writeError(name: string, error: unknown): UserError {
  const code = errorCode(error);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return new UserError(`${name}: no permission to write; check the permissions of the file and its folder`);
  if (code === "ENOSPC" || code === "EDQUOT")
    return new UserError(`${name}: no space left to write it; nothing was changed`);
  if (code === "EEXIST") return new UserError(`${name}: exists already`);
  if (code === "ENOENT") return new UserError(`${name}: no longer exists, so nothing was written`);
  return new UserError(`${name}: cannot be written (${code ?? String(error)})`);
}
