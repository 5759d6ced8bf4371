/** Inflates gzip blobs. */
import { createGunzip } from "node:zlib";
import { UserError } from "../../errors.ts";

/** Takes a chunk. If it returns a promise, the next chunk waits until that is resolved. */
export type Sink = (chunk: Buffer) => void | Promise<void>;

const chunkSize = 2 ** 20;

/**
 * Inflates a gzip blob of one or several members into `sink`. Zero padding after the last member is allowed; other
 * trailing data and a truncated member are a `UserError`. The stream is driven by hand, because `pipeline` fails on
 * padding that arrives in a chunk of its own and does not show whether all input was used.
 */
export async function gunzip(chunks: AsyncIterable<Buffer>, sink: Sink, name: string): Promise<void> {
  const inflate = createGunzip({ chunkSize });
  let failure: unknown;
  let finished = false;
  let wake: () => void = () => {};
  const settle = (error?: unknown) => {
    failure ??= error;
    finished = true;
    wake();
  };
  inflate.on("data", (chunk: Buffer) => {
    if (failure !== undefined) return;
    try {
      const busy = sink(chunk);
      if (busy === undefined) return;
      inflate.pause();
      busy.then(() => inflate.resume(), settle);
    } catch (error) {
      settle(error);
    }
  });
  inflate.on("error", settle);
  inflate.on("end", () => settle());
  // resolves when the decoder has taken the chunk, has ended or has failed
  const write = (chunk: Buffer | undefined) =>
    new Promise<void>((resolve) => {
      wake = resolve;
      if (finished) resolve();
      else if (chunk === undefined) inflate.end();
      else inflate.write(chunk, () => resolve());
    });

  try {
    let given = 0;
    let rest: Buffer | undefined;
    for await (const chunk of chunks) {
      if (rest !== undefined) {
        mustBePadding(chunk, name);
        continue;
      }
      given += chunk.length;
      await write(chunk);
      if (failure !== undefined) throw failure;
      if (finished) {
        rest = chunk.subarray(chunk.length - (given - inflate.bytesWritten));
        mustBePadding(rest, name);
      }
    }
    if (rest === undefined) await write(undefined);
    if (failure !== undefined) throw failure;
  } catch (error) {
    if (error instanceof UserError || !isZlibError(error)) throw error;
    const why =
      error.code === "Z_BUF_ERROR"
        ? "ends in the middle of its gzip data; it is truncated"
        : "is damaged gzip data";
    throw new UserError(`${name}: ${why} (${error.message})`);
  } finally {
    inflate.destroy();
  }
}

function isZlibError(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("Z_")
  );
}

function mustBePadding(bytes: Buffer, name: string): void {
  if (bytes.some((byte) => byte !== 0))
    throw new UserError(`${name}: has trailing data after its gzip data; it is damaged`);
}
