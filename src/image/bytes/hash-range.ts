/** The digest of a range of a file, read in pieces. */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { asDigest, type Digest, type DigestAlgorithm } from "../digest.ts";
import { readFully, type FileRange } from "./file-range.ts";

const readBytes = 2 ** 20;
const breathBytes = 2 ** 25;

/** Returns the digest of a range of a file. */
export async function digestOf(
  source: FileRange,
  algorithm: DigestAlgorithm,
  signal?: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<Digest> {
  const hash = createHash(algorithm);
  for await (const chunk of reusedChunksOf(source, signal)) {
    hash.update(chunk);
    onBytes?.(chunk.length);
  }
  return asDigest(`${algorithm}:${hash.digest("hex")}`);
}

/**
 * Yields the bytes of a range in order. All pieces share one buffer, which saves gigabytes of garbage, so the caller
 * must not use a piece after it asks for the next. Reads are synchronous as in `walkTar`; after every 32 MB the event
 * loop gets a turn.
 */
export async function* reusedChunksOf(
  source: FileRange,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(readBytes, source.size));
  let sinceBreath = 0;
  for (let at = 0; at < source.size;) {
    const length = Math.min(buffer.length, source.size - at);
    readFully(source, buffer, at, length);
    at += length;
    yield buffer.subarray(0, length);
    sinceBreath += length;
    if (sinceBreath < breathBytes) continue;
    await setImmediate();
    signal?.throwIfAborted();
    sinceBreath = 0;
  }
}
