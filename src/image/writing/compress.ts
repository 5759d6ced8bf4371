/** Compresses layers: none, gzip or zstd. */
import { defined } from "../../defined.ts";
import { once } from "node:events";
import * as zlib from "node:zlib";
import { UserError } from "../../errors.ts";
import type { Compression } from "../entry.ts";
import type { Write } from "./pieces.ts";

/** How a layer is stored; without `level`, the codec's default applies. */
export interface Codec {
  readonly compression: Compression;
  readonly level: number | undefined;
}

const outputSize = 2 ** 18;
/**
 * Bytes per call of a compressor: a call costs more than copying, and the output must not depend on how the input is
 * cut.
 */
const inputSize = 2 ** 18;

export interface Compressor {
  readonly write: Write;
  finish(): Promise<void>;
}

/** Creates a compressor that writes to `write`. The same input and codec give the same output on the same Node.js. */
export function compressor(codec: Codec, write: Write): Compressor {
  if (codec.compression === "none") return { write, finish: async () => {} };
  const stream = codec.compression === "gzip" ? gzip(codec.level) : zstd(codec.level);
  let first = codec.compression === "gzip";
  let failure: unknown;
  let taken = Promise.resolve();
  const reading = (async () => {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      // do not reveal the operating system that zlib was built for: 255 is "unknown"
      if (first) chunk[9] = 255;
      first = false;
      const busy = write(chunk);
      if (busy !== undefined) await busy;
    }
  })().catch((error: unknown) => {
    failure = error;
    stream.destroy();
  });
  return gathered({
    async write(chunk) {
      if (failure !== undefined) throw failure;
      let isFull = false;
      taken = new Promise((resolve) => {
        isFull = !stream.write(chunk, () => resolve());
      });
      if (isFull) await Promise.race([once(stream, "drain"), reading]);
      if (failure !== undefined) throw failure;
    },
    async finish() {
      // if input is still waiting, Node.js ends the zstd frame and appends an empty one
      await taken;
      stream.end();
      await reading;
      if (failure !== undefined) throw failure;
    },
  });
}

function gzip(level: number | undefined): zlib.Gzip {
  const options = {
    chunkSize: outputSize,
    highWaterMark: 2 * inputSize,
    ...defined({ level }),
  };
  return zlib.createGzip(options);
}

/** Node.js 20 and 22 before 22.15 have no zstd, and the types of Node.js 20 do not know it. */
function zstd(level: number | undefined): zlib.Gzip {
  checkCanWrite("zstd");
  const { createZstdCompress, constants } = zlib as unknown as {
    readonly createZstdCompress: (options: object) => zlib.Gzip;
    readonly constants: { readonly ZSTD_c_compressionLevel: number; readonly ZSTD_c_checksumFlag: number };
  };
  const params = {
    [constants.ZSTD_c_compressionLevel]: level ?? 3,
    [constants.ZSTD_c_checksumFlag]: 1,
  };
  return createZstdCompress({ chunkSize: outputSize, highWaterMark: 2 * inputSize, params });
}

/**
 * Throws `UserError` when this Node.js cannot write the compression. `input` names the image whose layers have it,
 * when the user did not ask for it.
 */
export function checkCanWrite(compression: Compression, input?: string): void {
  if (compression !== "zstd" || "createZstdCompress" in zlib) return;
  const which = input === undefined ? "zstd layers" : `${input}: its layers are stored as zstd, and those`;
  throw new UserError(
    `${which} can only be written with Node.js 22.15 or newer; use that, or --recompress gzip`,
  );
}

function gathered(to: Compressor): Compressor {
  let shelf: Buffer | undefined;
  let length = 0;
  const put = (chunk: Buffer, from: number): number => {
    shelf ??= Buffer.allocUnsafe(inputSize);
    const copied = chunk.copy(shelf, length, from);
    length += copied;
    return copied;
  };
  const flush = async () => {
    if (shelf === undefined) return;
    const all = shelf.subarray(0, length);
    // the compressor still reads this buffer when more input comes
    shelf = undefined;
    length = 0;
    await to.write(all);
  };
  const spread = async (chunk: Buffer) => {
    for (let at = 0; at < chunk.length;) {
      if (length === 0 && chunk.length - at >= inputSize) {
        await to.write(chunk.subarray(at, at + inputSize));
        at += inputSize;
        continue;
      }
      at += put(chunk, at);
      if (length === inputSize) await flush();
    }
  };
  return {
    write(chunk) {
      if (length + chunk.length >= inputSize) return spread(chunk);
      put(chunk, 0);
      return undefined;
    },
    async finish() {
      await flush();
      await to.finish();
    },
  };
}
