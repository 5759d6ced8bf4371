/** Work on bytes in other threads gives what it gives here, failures too. It is the threads of the bundle. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, open, rm, writeFile, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { byteWork, ByteThreads } from "../../src/image/bytes/threads.ts";
import { workHere } from "../../src/image/bytes/work.ts";
import { UserError } from "../../src/errors.ts";

const launcher = join(import.meta.dirname, "../../dist/bin/layerlint.js");
const size = 12 * 2 ** 20;
const bytes = Buffer.alloc(size, "what is in it is of no interest. ");
let folder: string;
let handle: FileHandle;
let threads: ByteThreads;

beforeAll(async () => {
  expect(existsSync(launcher), "run npm run build first").toBe(true);
  folder = await mkdtemp(join(tmpdir(), "layerlint-threads-"));
  await writeFile(join(folder, "file"), bytes);
  handle = await open(join(folder, "file"));
  threads = new ByteThreads(launcher, 2);
});
afterAll(async () => {
  await threads.close();
  await handle.close();
  await rm(folder, { recursive: true });
});

const range = (offset: number, length: number) => ({ handle, offset, size: length, name: "the file" });

test("many digests at once, each of its own range", async () => {
  const ranges = Array.from({ length: 9 }, (_, i) => [i * 1000, size - i * 500_000 - 8000] as const);
  const counted: number[] = [];
  const digests = await Promise.all(
    ranges.map(([offset, length]) =>
      threads.digest(range(offset, length), { onBytes: (more) => counted.push(more) }),
    ),
  );
  expect(digests).toEqual(
    ranges.map(([offset, length]) => {
      const hash = createHash("sha256").update(bytes.subarray(offset, offset + length));
      return `sha256:${hash.digest("hex")}`;
    }),
  );
  expect(counted.reduce((sum, more) => sum + more)).toBe(ranges.reduce((sum, [, length]) => sum + length, 0));
});

test("ranges that differ", async () => {
  // the text comes again after 33 bytes
  const ranges = Float64Array.from([0, 33, 9_000_000, 0, 32, 9, 50, 83, 0, 70, 103, 400]);
  const files = [range(0, size), range(0, size)] as const;
  expect(await threads.differing(...files, ranges.slice())).toEqual([1]);
  expect(await workHere.differing(...files, ranges)).toEqual([1]);
});

test("errors keep their kind: user errors and system errors", async () => {
  const message = "the file: ends early; the file is truncated or was changed while it was read";
  for (const work of [threads, workHere]) {
    const beyond = work.digest(range(size - 6_000_000, 7_000_000));
    await expect(beyond).rejects.toThrow(new UserError(message));
    await expect(beyond).rejects.toBeInstanceOf(UserError);
    const closed = await open(join(folder, "file"));
    await closed.close();
    await expect(work.digest({ ...range(0, size), handle: closed })).rejects.toMatchObject({
      code: expect.stringMatching(/^E/),
    });
  }
  expect(await threads.digest(range(0, size))).toMatch(/^sha256:/);
});

test("the calling thread runs what threads cannot: when they do not start, and when they end in the middle", async () => {
  await writeFile(join(folder, "ends.cjs"), "setTimeout(() => process.exit(3), 20)");
  const digest = await workHere.digest(range(0, size));
  for (const name of ["none.cjs", "ends.cjs"]) {
    const broken = new ByteThreads(join(folder, name), 2);
    const asked = [
      broken.digest(range(0, size)),
      broken.digest(range(0, size)),
      broken.digest(range(0, size)),
    ];
    expect(await Promise.all(asked)).toEqual([digest, digest, digest]);
    expect(await broken.digest(range(0, size))).toBe(digest);
    await broken.close();
  }
});

test("the calling thread takes jobs too instead of waiting, and no job is run twice", async () => {
  await writeFile(join(folder, "sleeps.cjs"), "setInterval(() => {}, 1000)");
  const idle = new ByteThreads(join(folder, "sleeps.cjs"), 1);
  const asked = [
    idle.digest(range(0, size)),
    idle.differing(range(0, size), range(0, size), Float64Array.of(0, 1, 5e6)),
  ];
  await idle.takeJobs();
  expect(await Promise.all(asked)).toEqual([await workHere.digest(range(0, size)), [0]]);
  await idle.close();
  const both = Array.from({ length: 12 }, () => threads.digest(range(0, size)));
  await threads.takeJobs();
  expect(new Set(await Promise.all(both)).size).toBe(1);
});

test("closing the threads fails the tasks without an answer", async () => {
  const closing = new ByteThreads(launcher, 1);
  const asked = [closing.digest(range(0, size)), closing.digest(range(0, size))];
  const failed = Promise.allSettled(asked);
  await closing.close();
  for (const { status } of await failed) expect(status).toBe("rejected");
});

test("without a launcher the calling thread runs all tasks", async () => {
  const work = byteWork(undefined);
  expect(await work.digest(range(0, size))).toBe(await threads.digest(range(0, size)));
  await work.close();
});
