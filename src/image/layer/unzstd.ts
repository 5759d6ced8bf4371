/** Decodes zstd blobs. */
import { ZSTDDecoder } from "zstddec/stream";
import { UserError } from "../../errors.ts";
import type { Sink } from "./gunzip.ts";

/** Input is given in pieces of this size, so that a piece holds only so many (possibly empty) frames. */
const pieceSize = 2 ** 16;
/**
 * Calls without progress or output before the input counts as corrupt; the decoder ignores error codes and would loop
 * for ever.
 */
const maxEmpty = pieceSize;

/**
 * Decodes a zstd blob of any number of frames, including skippable ones, into `sink`. Throws `UserError` for a
 * truncated frame and for corrupt data.
 */
export async function unzstd(chunks: AsyncIterable<Buffer>, sink: Sink, name: string): Promise<void> {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const queue: Buffer[] = [];
  let ended = false;
  let empty = 0;
  const input = {
    *[Symbol.iterator]() {
      while (true) {
        const piece = queue.shift();
        if (piece === undefined) return;
        empty = 0;
        yield piece;
      }
    },
  };
  const output = decoder.decodeStreaming(input);
  const source = chunks[Symbol.asyncIterator]();
  try {
    while (true) {
      // one step of the decoder takes at most one piece, so one must be queued before each call
      while (queue.length === 0 && !ended) {
        const { done, value } = await source.next();
        if (done === true) ended = true;
        else
          for (let at = 0; at < value.length; at += pieceSize) queue.push(value.subarray(at, at + pieceSize));
      }
      const step = decode(output, name);
      if (step.done === true) return;
      if (step.value.length === 0) {
        if (++empty > maxEmpty) throw new UserError(`${name}: is damaged zstd data`);
      } else {
        empty = 0;
        await sink(Buffer.from(step.value.buffer, step.value.byteOffset, step.value.byteLength));
      }
    }
  } finally {
    await source.return?.();
  }
}

function decode(output: Generator<Uint8Array>, name: string): IteratorResult<Uint8Array> {
  try {
    return output.next();
  } catch (error) {
    throw new UserError(
      `${name}: ends in the middle of its zstd data, or is damaged (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}
