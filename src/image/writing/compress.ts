import { once } from "node:events";
import * as zlib from "node:zlib";
import { UserError } from "../../errors.ts";
import type { Compression } from "../image.ts";
import type { Write } from "./pieces.ts";

/** How a layer is stored; `level` undefined is the codec's own default. */
export interface Codec {
  readonly compression: Compression;
  readonly level: number | undefined;
}

const outputSize = 2 ** 18;
/** Small writes are gathered to this, because each call of a compressor costs more than copying. */
const inputSize = 2 ** 18;

export interface Compressor {
  readonly write: Write;
  finish(): Promise<void>;
}

/** Compresses into `write`. The same input and codec give the same output on the same Node.js. */
export function compressor(codec: Codec, write: Write): Compressor {
  if (codec.compression === "none") return { write, finish: async () => {} };
  const stream = codec.compression === "gzip" ? gzip(codec.level) : zstd(codec.level);
  let first = codec.compression === "gzip";
  let failure: unknown;
  const reading = (async () => {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      // the operating system that zlib was built for is nobody's business: 255 is "unknown"
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
      if (!stream.write(chunk)) await Promise.race([once(stream, "drain"), reading]);
      if (failure !== undefined) throw failure;
    },
    async finish() {
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
    ...(level === undefined ? {} : { level }),
  };
  return zlib.createGzip(options);
}

/** Node.js 20 and 22 before 22.15 have no zstd, and the types of Node.js 20 do not know it. */
function zstd(level: number | undefined): zlib.Gzip {
  checkCanWrite("zstd");
  const { createZstdCompress, constants } = zlib as unknown as {
    readonly createZstdCompress: (options: object) => zlib.Gzip;
    readonly constants: Readonly<Record<string, number>>;
  };
  const params = {
    [constants["ZSTD_c_compressionLevel"]!]: level ?? 3,
    [constants["ZSTD_c_checksumFlag"]!]: 1,
  };
  return createZstdCompress({ chunkSize: outputSize, highWaterMark: 2 * inputSize, params });
}

/** Throws `UserError` where this Node.js cannot write it. */
export function checkCanWrite(compression: Compression): void {
  if (compression !== "zstd" || "createZstdCompress" in zlib) return;
  throw new UserError(
    "zstd layers can be written with Node.js 22.15 or newer only; use that, or give --recompress gzip",
  );
}

function gathered(to: Compressor): Compressor {
  let waiting: Buffer[] = [];
  let length = 0;
  const flush = async () => {
    if (length === 0) return;
    const all = Buffer.concat(waiting);
    waiting = [];
    length = 0;
    await to.write(all);
  };
  return {
    write(chunk) {
      if (length === 0 && chunk.length >= inputSize) return to.write(chunk);
      waiting.push(chunk);
      length += chunk.length;
      return length < inputSize ? undefined : flush();
    },
    async finish() {
      await flush();
      await to.finish();
    },
  };
}
