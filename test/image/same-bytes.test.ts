/** Ranges of two files, compared byte by byte. */
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { differingRanges } from "../../src/image/bytes/same-bytes.ts";
import { testFolder } from "../support/folder.ts";

const folder = testFolder("bytes");

type Range = readonly [inA: number, inB: number, length: number];

/** Both files lie somewhere in another one. */
async function differing(a: Buffer, b: Buffer, ranges: readonly Range[]): Promise<number[]> {
  const around = Buffer.from("around");
  const sources = await Promise.all(
    [a, b].map(async (bytes, i) => {
      const path = join(folder, String(i));
      await writeFile(path, Buffer.concat([around, bytes, around]));
      return { handle: await open(path), offset: around.length, size: bytes.length, name: `file ${i}` };
    }),
  );
  try {
    return await differingRanges(sources[0]!, sources[1]!, Float64Array.from(ranges.flat()));
  } finally {
    await Promise.all(sources.map(({ handle }) => handle.close()));
  }
}

const size = 3 * 2 ** 20;
const bytes = Buffer.alloc(size, "some text that comes again and again; ");

test("random ranges, in order or not, small and larger than what is read at once", async () => {
  const range = fc
    .tuple(fc.nat(size), fc.nat(size), fc.oneof(fc.nat(40), fc.nat(70_000), fc.nat(size)))
    .map(([a, b, length]): Range => [a, b, Math.min(length, size - Math.max(a, b))]);
  const ascending = fc.array(fc.nat(9000), { maxLength: 300 }).map((gaps) => {
    let at = 0;
    return gaps.flatMap((gap, i): Range[] => {
      at += gap;
      return at + 40 > size ? [] : [[at, at, i % 40]];
    });
  });
  const flips = fc.array(fc.nat(size - 1), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.array(range, { maxLength: 9 }), ascending), flips, async (ranges, at) => {
      const other = Buffer.from(bytes);
      for (const each of at) other[each]! ^= 4;
      const expected = ranges.flatMap(([a, b, length], i) =>
        bytes.subarray(a, a + length).equals(other.subarray(b, b + length)) ? [] : [i],
      );
      expect(await differing(bytes, other, ranges)).toEqual(expected);
    }),
    { seed: 20261125, numRuns: 60 },
  );
});

test.each([0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, size - 1])("byte %d is another one", async (at) => {
  const other = Buffer.from(bytes);
  other[at]! ^= 1;
  expect(await differing(bytes, other, [[0, 0, size]])).toEqual([0]);
  const around: Range[] = [
    [0, 0, at],
    [at, at, 1],
    [at + 1, at + 1, size - at - 1],
  ];
  expect(await differing(bytes, other, around)).toEqual([1]);
});

test("a file that ends early", async () => {
  await expect(differing(bytes, bytes.subarray(0, 9000), [[8000, 8000, 2000]])).rejects.toThrow(
    /file 1: ends early; the file is truncated or was changed while it was read/,
  );
});
