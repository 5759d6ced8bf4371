/** Spools an input that can be read once into an unnamed file. */
import { rm, open, type FileHandle } from "node:fs/promises";
import { UserError } from "../../errors.ts";
import { errorCode } from "../../records.ts";
import type { ReadLayerOptions } from "../blob.ts";
import { decompressed } from "./stream-store.ts";

/**
 * Writes a streamed archive, uncompressed, to a file and unlinks the file before returning. The system frees it when
 * the handle closes, even if the process is killed.
 */
export async function spool(
  name: string,
  input: AsyncIterable<Uint8Array>,
  path: string,
  options: ReadLayerOptions,
): Promise<FileHandle> {
  const handle = await open(path, "wx+");
  try {
    await rm(path);
    const counted = async function* () {
      for await (const chunk of input) {
        options.signal?.throwIfAborted();
        options.onBytes?.(chunk.length);
        yield chunk;
      }
    };
    for await (const chunk of decompressed(counted(), name, options.budget)) {
      for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
    }
    return handle;
  } catch (error) {
    await handle.close();
    const code = errorCode(error);
    if (code === "ENOSPC" || code === "EDQUOT")
      throw new UserError(
        `${name}: there is no space to spool it while it is rewritten (${path}); make room there`,
      );
    throw error;
  }
}
