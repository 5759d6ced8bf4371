/** Compressed layers: members, frames, padding, cut ends, and budgets. */
import { asDigest, asDiffId } from "../../src/image/digest.ts";
import { gunzipSync, gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import type { ReadLayerOptions } from "../../src/image/blob.ts";
import { Budget, defaultLimits } from "../../src/image/limits.ts";
import { ContentHasher, readLayer } from "../../src/image/layer/read-layer.ts";
import { gzipMembers, sha256, tarOf, zstdFrame, zstdFrames } from "../support/archive.ts";

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function read(bytes: Buffer, options: ReadLayerOptions = {}, size = 1000) {
  return readLayer({ kind: "stream", chunks: cut(bytes, size), size: bytes.length, name: "blob" }, options);
}

const layer = () =>
  tarOf([
    { path: "a", content: Buffer.alloc(300_000, "ab") },
    { path: "b/c", content: "c" },
  ]);

describe("compressed layers", () => {
  test.each([
    ["gzip", (bytes: Buffer) => gzipSync(bytes)],
    ["gzip in members", gzipMembers],
    ["gzip with zero padding", (bytes: Buffer) => Buffer.concat([gzipSync(bytes), Buffer.alloc(5000)])],
    ["zstd", zstdFrame],
    ["zstd in frames with skippable ones", zstdFrames],
  ])("%s: the same entries and hashes, however it arrives", async (_, compress) => {
    const tar = await layer();
    const blob = compress(tar);
    for (const size of [1, 77, 4096, blob.length]) {
      const content = await read(
        size === 1 ? blob.subarray(0) : blob,
        {
          verify: true,
          diffIds: [asDiffId(`sha256:${sha256(tar)}`)],
          digest: asDigest(`sha256:${sha256(blob)}`),
        },
        Math.max(size, blob.length / 5000),
      );
      expect(content.entries.map(({ path, sha256: hash }) => [path, hash])).toEqual([
        ["a", sha256(Buffer.alloc(300_000, "ab"))],
        ["b/c", sha256("c")],
      ]);
      expect([content.compressedBytes, content.tarBytes]).toEqual([blob.length, tar.length]);
    }
  });

  test("a file that is asked for twice has its own hash", async () => {
    const tar = await layer();
    const entries = (await read(tar)).entries.map((entry) => ({ ...entry, sha256: undefined }));
    const hasher = new ContentHasher([...entries, ...entries]);
    for await (const chunk of cut(tar, 1000)) hasher.push(chunk);
    expect(hasher.done).toBe(true);
    expect(entries.map(({ sha256: hash }) => hash)).toEqual([
      sha256(Buffer.alloc(300_000, "ab")),
      sha256("c"),
    ]);
  });

  test("shares of all entries, with the end padding, are the blob", async () => {
    const content = await read(gzipSync(await layer()));
    const last = content.entries.at(-1)!;
    const shares = content.entries.reduce((sum, entry) => sum + content.compressedShare(entry), 0);
    const rest =
      content.compressedBytes -
      Math.round((last.offset + last.tarBytes) * (content.compressedBytes / content.tarBytes));
    expect(shares + rest).toBe(content.compressedBytes);
  });

  test.each([
    ["gzip", (bytes: Buffer) => gzipSync(bytes)],
    ["zstd", zstdFrames],
  ])("%s cut anywhere is never taken for whole", async (_, compress) => {
    const blob = compress(await layer());
    // the skippable frame at the end of the zstd blob holds nothing
    const end = blob.length - (blob[0] === 0x50 ? 13 : 0);
    for (let at = 9; at < end; at += Math.ceil(end / 60)) {
      await expect(read(blob.subarray(0, at)), String(at)).rejects.toThrow(UserError);
    }
  });

  test("trailing data is damage", async () => {
    await expect(read(Buffer.concat([gzipSync(await layer()), Buffer.from("garbage")]))).rejects.toThrow(
      UserError,
    );
  });

  test.each([
    ["xz", "fd377a585a000004", /xz/],
    ["bzip2", "425a683931415926", /bzip2/],
  ])("%s is named, with what to do", async (_, magic, message) => {
    await expect(read(Buffer.concat([Buffer.from(magic, "hex"), Buffer.alloc(100)]))).rejects.toThrow(
      message,
    );
  });

  test("damaged zstd data always ends", async () => {
    const blob = zstdFrame(await layer());
    for (let at = 4; at < 40; at++) {
      const damaged = Buffer.from(blob);
      damaged[at] = damaged[at]! ^ 0xff;
      await read(damaged, { digest: asDigest(`sha256:${sha256(blob)}`) }).then(
        () => expect.unreachable(),
        (error: unknown) => expect(error).toBeInstanceOf(UserError),
      );
    }
  });
});

describe("budgets", () => {
  const ten = { entries: 1, textBytes: 100, keptBytes: 10, inflatedBytes: 1_000_000, inflateRatio: 10 };

  test("10 million entries, 16 GiB and 1000-fold are the limits", () => {
    expect(defaultLimits).toMatchObject({
      entries: 10_000_000,
      inflatedBytes: 16 * 2 ** 30,
      inflateRatio: 1000,
    });
  });

  test("more entries than the limit stop, over all layers, unless allowed", async () => {
    const tar = await layer();
    const limits = { entries: 3 };
    const budget = new Budget(limits);
    expect((await read(tar, { budget })).entries).toHaveLength(2);
    await expect(read(tar, { budget })).rejects.toThrow(/more than 3 entries; --allow-huge/);
    const allowed = new Budget(limits, true);
    await read(tar, { budget: allowed });
    expect((await read(tar, { budget: allowed })).entries).toHaveLength(2);
  });

  test.each([
    ["gzip", (bytes: Buffer) => gzipSync(bytes)],
    ["zstd", zstdFrame],
  ])("%s that inflates beyond both the size and the ratio stops, unless allowed", async (_, compress) => {
    const bomb = compress(await tarOf([{ path: "zeros", content: Buffer.alloc(2_000_000) }]));
    await expect(read(bomb, { budget: new Budget(ten) })).rejects.toThrow(
      /^blob: inflates more than 10-fold and beyond .* GiB; --allow-huge reads it anyway$/,
    );
    for (const limits of [
      { ...ten, entries: 9, inflatedBytes: 3_000_000 },
      { ...ten, entries: 9, inflateRatio: 1_000_000 },
    ])
      expect((await read(bomb, { budget: new Budget(limits) })).entries).toHaveLength(1);
    expect((await read(bomb, { budget: new Budget(ten, true) })).entries).toHaveLength(1);
  });

  test("a pax bomb of a few MB that once took 5 GB for its attributes", async () => {
    const tar = pack();
    for (const name of ["a", "b"]) tar.entry({ name, pax: { "SCHILY.xattr.user.x": "v".repeat(60) } }, "");
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    await expect(read(bytes, { budget: new Budget({ textBytes: 100 }) })).rejects.toThrow(
      /names and attributes .*--allow-huge/,
    );
    expect((await read(bytes, { budget: new Budget({ textBytes: 200 }) })).entries).toHaveLength(2);
  });

  test("contents beyond the limit are not kept, and the rest is read", async () => {
    const tar = await tarOf(["a", "b", "c"].map((path) => ({ path, content: "6bytes" })));
    const content = await read(tar, { budget: new Budget({ keptBytes: 12 }), keep: () => true });
    expect([...content.kept.keys()].map(({ path }) => path)).toEqual(["a", "b"]);
    expect(content.entries).toHaveLength(3);
  });

  test("a small bomb is read: only beyond 16 GiB it counts", async () => {
    const bomb = gzipSync(await tarOf([{ path: "zeros", content: Buffer.alloc(20_000_000) }]));
    expect(bomb.length * 900).toBeLessThan(gunzipSync(bomb).length);
    expect((await read(bomb)).entries).toHaveLength(1);
  });
});
