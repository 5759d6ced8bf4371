/** A range of an open file, and a function that reads it. */
import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { UserError } from "../../errors.ts";

/** A range of an open file. */
export interface FileRange {
  readonly handle: Pick<FileHandle, "fd">;
  /** Offset of the first byte in the file. */
  readonly offset: number;
  readonly size: number;
  /** For messages. */
  readonly name: string;
}

/** Reads exactly `length` bytes at `at` of the source. */
export function readFully(source: FileRange, into: Buffer, at: number, length: number): void {
  for (let done = 0; done < length;) {
    const got = readSync(source.handle.fd, into, done, length - done, source.offset + at + done);
    if (got === 0)
      throw new UserError(
        `${source.name}: ends early; the file is truncated or was changed while it was read`,
      );
    done += got;
  }
}
