// The yardstick for gzip images: only inflates all gzip layers of an image archive with node:zlib, as many in
// parallel as layerlint does.  node bench/inflate.mjs <image.tar>
import { createReadStream, openSync, readSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

const file = process.argv[2];
const handle = openSync(file, "r");
const layers = [];
const header = Buffer.alloc(512);
for (let at = 0; readSync(handle, header, 0, 512, at) === 512 && header[0] !== 0;) {
  const size = parseInt(header.toString("latin1", 124, 136), 8);
  if (isGzip(at + 512)) layers.push({ start: at + 512, end: at + 511 + size });
  at += 512 + Math.ceil(size / 512) * 512;
}
function isGzip(at) {
  const start = Buffer.alloc(2);
  return readSync(handle, start, 0, 2, at) === 2 && start.readUInt16BE() === 0x1f8b;
}

let bytes = 0;
const work = async () => {
  for (let layer = layers.shift(); layer !== undefined; layer = layers.shift()) {
    const sink = new Writable({
      write(chunk, _encoding, done) {
        bytes += chunk.length;
        done();
      },
    });
    await pipeline(
      createReadStream(file, { ...layer, highWaterMark: 2 ** 18 }),
      createGunzip({ chunkSize: 2 ** 18 }),
      sink,
    );
  }
};
await Promise.all(Array.from({ length: availableParallelism() }, work));
console.log(`${bytes} bytes inflated`);
