/** What is stored is the same every time, however its bytes come and whatever else the machine does. */
import { setTimeout as sleep } from "node:timers/promises";
import * as zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { compressor, type Codec } from "../../src/image/writing/compress.ts";

const canWriteZstd = "createZstdCompress" in zlib;
let state = 1;
const text = Array.from(
  { length: 200_000 },
  (_, i) => (state = (Math.imul(state, 1_103_515_245) + i) >>> 0) % 4999,
).join(" ");
const tar = Buffer.from(text);

/** `pause`: whether the compressor gets time after each piece, and before the end. */
async function compressed(codec: Codec, bytes: Buffer, size: number, pause: boolean): Promise<Buffer> {
  const out: Buffer[] = [];
  const to = compressor(codec, (chunk) => void out.push(Buffer.from(chunk)));
  for (let at = 0; at < bytes.length; at += size) {
    const piece = Buffer.from(bytes.subarray(at, at + size));
    await to.write(piece);
    if (pause) await sleep(5);
  }
  await to.finish();
  return Buffer.concat(out);
}

const codecs: readonly Codec[] = [
  ...[undefined, 0, 1, 9].map((level) => ({ compression: "gzip", level }) as const),
  ...(canWriteZstd ? [undefined, 1, 12] : []).map((level) => ({ compression: "zstd", level }) as const),
];

describe.each(codecs)("$compression at level $level", (codec) => {
  test("any pieces, with any timing", async () => {
    const whole = await compressed(codec, tar, tar.length, false);
    const inflated = codec.compression === "gzip" ? zlib.gunzipSync(whole) : unzstd(whole);
    expect(inflated.equals(tar)).toBe(true);
    for (const [size, pause] of [
      [tar.length, true],
      [2 ** 18, false],
      [2 ** 18, true],
      [65_536, false],
      [65_536, true],
      [300_001, false],
      [7001, false],
    ] as const)
      expect((await compressed(codec, tar, size, pause)).equals(whole), `${size} ${pause}`).toBe(true);
  });

  test("nothing at all is one empty stream", async () => {
    const none = await compressed(codec, Buffer.alloc(0), 1, false);
    expect((codec.compression === "gzip" ? zlib.gunzipSync(none) : unzstd(none)).length).toBe(0);
    expect(none.length).toBeLessThan(30);
  });

  test("a failing sink stops the compressor", async () => {
    const to = compressor(codec, () => Promise.reject(new Error("full")));
    const writing = (async () => {
      for (let i = 0; i < 20; i++) await to.write(tar);
      await to.finish();
    })();
    await expect(writing).rejects.toThrow("full");
  });
});

test.skipIf(!canWriteZstd)("a zstd layer is one frame: an empty one came after it now and then", async () => {
  for (let i = 0; i < 20; i++) {
    const bytes = tar.subarray(0, 2 ** 18 + i);
    const whole = await compressed({ compression: "zstd", level: 3 }, bytes, 2 ** 18, i % 2 === 0);
    const frames = whole.toString("latin1").split("\x28\xb5\x2f\xfd").length - 1;
    expect(frames).toBe(1);
  }
});

/** Node.js 20 has no types for it. */
function unzstd(bytes: Buffer): Buffer {
  return (zlib as unknown as { zstdDecompressSync: (bytes: Buffer) => Buffer }).zstdDecompressSync(bytes);
}
