/** The header decoder: offsets against streams, tar-stream as oracle, and damage. */
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { pack, type Header } from "tar-stream";
import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import type { Entry } from "../../src/image/image.ts";
import { TarStreamReader } from "../../src/image/tar/tar-stream-reader.ts";
import { walkTar } from "../../src/image/tar/walk-headers.ts";
import { sha256 } from "../support/archive.ts";
import { testFolder } from "../support/folder.ts";

const seed = 20261124;
const folder = testFolder("tar");

async function walked(bytes: Buffer): Promise<Entry[]> {
  const file = join(folder, "walk.tar");
  await writeFile(file, bytes);
  const handle = await open(file);
  const entries: Entry[] = [];
  try {
    await walkTar({ handle, offset: 0, size: bytes.length, name: "x.tar" }, (entry) => entries.push(entry));
  } finally {
    await handle.close();
  }
  return entries;
}

function streamed(bytes: Buffer, sizes: readonly number[] = [65_536], hashing = true): Entry[] {
  const entries: Entry[] = [];
  const feed = new TarStreamReader("x.tar", (entry) => entries.push(entry), { hashing });
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length]!);
    feed.push(bytes.subarray(at, at + size));
    at += size;
  }
  feed.finish();
  return entries;
}

/** Entries without hashes, which only a stream gives, and with attributes that compare. */
const bare = (entries: readonly Entry[]) =>
  entries.map((entry) => ({ ...entry, sha256: undefined, xattrs: entry.xattrs && [...entry.xattrs] }));

interface Member {
  readonly header: Partial<Header> & { readonly name: string };
  readonly content: Buffer;
}

async function packed(members: readonly Member[]): Promise<Buffer> {
  const tar = pack();
  for (const { header, content } of members) {
    if (header.type === "file" || header.type === undefined)
      tar.entry({ ...header, size: content.length }, content);
    else tar.entry(header);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const part = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."abcXYZ019_-. ".split("")), minLength: 1, maxLength: 40 }),
  fc.constantFrom("ü", "日本", "long".repeat(40)),
);
const name = fc
  .array(part, { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join("/"))
  .filter((path) =>
    path.split("/").every((each) => each.trim() === each && each !== "." && each !== ".." && each !== ""),
  );
const member: fc.Arbitrary<Member> = fc
  .record({
    name,
    type: fc.constantFrom("file", "file", "file", "directory", "symlink", "link", "character-device", "fifo"),
    content: fc.uint8Array({ maxLength: 3000 }),
    mode: fc.integer({ min: 1, max: 0o7777 }),
    uid: fc.constantFrom(0, 1000, 262_143),
    mtime: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    linkname: name,
  })
  .map(({ content, mtime, linkname, type, ...rest }) => {
    const isLink = type === "symlink" || type === "link";
    const isDevice = type === "character-device";
    const header = {
      ...rest,
      type,
      gid: rest.uid,
      mtime: new Date(mtime * 1000),
      ...(isLink ? { linkname } : {}),
      ...(isDevice ? { devmajor: 1, devminor: 3 } : {}),
    } as Member["header"];
    return { header, content: Buffer.from(type === "file" ? content : []) };
  });
const members = fc.array(member, { maxLength: 8 });

const kinds: Record<string, Entry["kind"]> = {
  file: "file",
  directory: "dir",
  symlink: "symlink",
  link: "hardlink",
  "character-device": "char",
  fifo: "fifo",
};

describe("random archives", () => {
  test("give by offset and by stream the same entries, however the stream is cut, as tar-stream packed them", async () => {
    const sizes = fc.array(fc.constantFrom(1, 7, 511, 512, 513, 4096, 100_000), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(members, sizes, async (list, cuts) => {
        const bytes = await packed(list);
        const byOffset = await walked(bytes);
        const byStream = streamed(bytes, cuts);
        expect(bare(byStream)).toEqual(bare(byOffset));
        expect(bare(streamed(bytes, cuts, false))).toEqual(bare(byOffset));
        const utf8 = (text: string) => Buffer.from(text, "latin1").toString();
        expect(
          byStream.map((entry) => [
            utf8(entry.path),
            entry.kind,
            entry.size,
            entry.mode,
            entry.uid,
            entry.mtime,
            entry.sha256,
          ]),
        ).toEqual(
          list.map(({ header, content }) => [
            header.name,
            kinds[header.type ?? "file"],
            content.length,
            header.mode,
            header.uid,
            (header.mtime?.getTime() ?? 0) / 1000,
            header.type === "file" ? sha256(content) : undefined,
          ]),
        );
        expect(byStream.reduce((sum, { tarBytes }) => sum + tarBytes, 0) + 1024).toBe(bytes.length);
      }),
      { seed, numRuns: 1000 },
    );
  }, 300_000);
});

describe("damage", () => {
  test("changed bytes and cut ends give entries or one UserError, the same both ways, and never a hang", async () => {
    const change = fc.record({ at: fc.nat(), to: fc.nat({ max: 255 }) });
    await fc.assert(
      fc.asyncProperty(
        members,
        fc.array(change, { maxLength: 4 }),
        fc.option(fc.nat(), { nil: undefined }),
        async (list, changes, end) => {
          const bytes = await packed(list);
          for (const { at, to } of changes) bytes[at % bytes.length] = to;
          const damaged = end === undefined ? bytes : bytes.subarray(0, end % bytes.length);
          const attempt = async (read: () => Entry[] | Promise<Entry[]>) => {
            try {
              return bare(await read());
            } catch (error) {
              expect(error).toBeInstanceOf(UserError);
              expect((error as Error).message).not.toContain("\n");
              return (error as Error).message.replace(/ends (?:early|after \d+).*/, "ends early");
            }
          };
          expect(await attempt(() => streamed(damaged, [513]))).toEqual(await attempt(() => walked(damaged)));
        },
      ),
      { seed, numRuns: 500 },
    );
  }, 300_000);

  test("a cut archive is never whole unless it ends on a header boundary", async () => {
    const bytes = await packed(
      [1, 2, 3].map((i) => ({ header: { name: `f${i}`, type: "file" }, content: Buffer.alloc(700 * i, i) })),
    );
    const whole = streamed(bytes);
    const boundaries = new Set(whole.map(({ offset, tarBytes }) => offset + tarBytes));
    for (let end = 1; end < bytes.length - 1024; end++) {
      if (boundaries.has(end)) expect(streamed(bytes.subarray(0, end)).length).toBeLessThanOrEqual(3);
      else expect(() => streamed(bytes.subarray(0, end)), String(end)).toThrow(UserError);
    }
  });
});

/** A header block by hand, for what tar-stream does not write. */
function headerBlock(fields: {
  name: string;
  type?: string;
  size?: number;
  link?: string;
  magic?: string;
  signed?: boolean;
}): Buffer {
  const block = Buffer.alloc(512);
  block.write(fields.name, 0, "latin1");
  block.write("0000644\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${(fields.size ?? 0).toString(8).padStart(11, "0")}\0`, 124);
  block.write("00000000001\0", 136);
  block.write(fields.type ?? "0", 156);
  block.write(fields.link ?? "", 157, "latin1");
  block.write(fields.magic ?? "ustar\x0000", 257, "latin1");
  block.fill(" ", 148, 156);
  const sum = block.reduce(
    (total, byte) => total + (fields.signed === true && byte > 127 ? byte - 256 : byte),
    0,
  );
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** With the checksum that it should have. */
function summed(block: Buffer): Buffer {
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** Of a pax header. */
function record(key: string, value: string): string {
  const body = ` ${key}=${value}\n`;
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return `${length}${body}`;
}

const end = Buffer.alloc(1024);
const data = (text: string) => Buffer.concat([Buffer.from(text, "latin1"), Buffer.alloc(512 - text.length)]);

describe("formats by name", () => {
  async function both(...blocks: Buffer[]): Promise<Entry[]> {
    const bytes = Buffer.concat(blocks);
    const entries = streamed(bytes, [100]);
    expect(bare(await walked(bytes))).toEqual(bare(entries));
    return entries;
  }

  test("v7 headers have no magic, and directories a slash", async () => {
    const entries = await both(
      headerBlock({ name: "d/", magic: "" }),
      headerBlock({ name: "f", size: 3, magic: "" }),
      data("abc"),
      end,
    );
    expect(entries.map(({ path, kind }) => [path, kind])).toEqual([
      ["d", "dir"],
      ["f", "file"],
    ]);
  });

  test("signed checksums of old writers", async () => {
    expect(await both(headerBlock({ name: "caf\xe9", signed: true }), end)).toHaveLength(1);
  });

  test("case 38: a size on a directory or link, without data and with it", async () => {
    const entries = await both(
      headerBlock({ name: "d/", type: "5", size: 4096 }),
      headerBlock({ name: "l", type: "2", link: "x", size: 3 }),
      headerBlock({ name: "f", size: 1 }),
      data("x"),
      end,
    );
    expect(entries.map(({ path, size, storedBytes }) => [path, size, storedBytes])).toEqual([
      ["d", 0, 0],
      ["l", 0, 0],
      ["f", 1, 1],
    ]);
    const stored = await both(
      headerBlock({ name: "h", type: "1", link: "f", size: 5 }),
      data("hello"),
      headerBlock({ name: "g" }),
      end,
    );
    expect(stored.map(({ path }) => path)).toEqual(["h", "g"]);
  });

  test("GNU long names and links; names that are not UTF-8 keep their bytes", async () => {
    const long = `${"d/".repeat(120)}caf\xe9`;
    const entries = await both(
      headerBlock({ name: "././@LongLink", type: "L", size: long.length + 1 }),
      data(long.slice(0, 512)),
      headerBlock({ name: "cut" }),
      end,
    );
    expect(entries[0]!.path).toBe(long);
  });

  test("an empty pax value takes a record back: the header counts; of an attribute it is a value", async () => {
    const global = record("uid", "7") + record("gid", "8");
    const local = ["path", "linkpath", "size", "mtime", "uid"].map((key) => record(key, "")).join("");
    const records = local + record("SCHILY.xattr.user.a", "");
    const [entry] = await both(
      headerBlock({ name: "g", type: "g", size: global.length }),
      data(global),
      headerBlock({ name: "p", type: "x", size: records.length }),
      data(records),
      headerBlock({ name: "real", size: 2 }),
      data("ab"),
      end,
    );
    expect(entry).toMatchObject({ path: "real", size: 2, mtime: 1, uid: 0, gid: 8 });
    expect([...entry!.xattrs!]).toEqual([["user.a", ""]]);
  });

  test("where the data of sparse files belongs: GNU's own header and its extension, pax 0.0 and 0.1", async () => {
    const octal = (value: number) => `${value.toString(8).padStart(11, "0")}\0`;
    const pieces = [0, 1, 2, 3, 4].map((i) => [i * 4096, 100 + i] as const);
    const map = pieces.flat().join();
    const block = headerBlock({ name: "s", type: "S" });
    const fields = pieces.map(([offset, length]) => octal(offset) + octal(length));
    block.write(`${fields.slice(0, 4).join("")}\x01${octal(99999)}`, 386, "latin1");
    const pax = (...records: [key: string, value: string][]) => {
      const text = [...records, ["GNU.sparse.size", "99999"] as const].map(([key, value]) =>
        record(key, value),
      );
      return [headerBlock({ name: "p", type: "x", size: text.join("").length }), data(text.join(""))];
    };
    const pairs = pieces.flatMap(([offset, length]): [string, string][] => [
      ["GNU.sparse.offset", String(offset)],
      ["GNU.sparse.numbytes", String(length)],
    ]);
    const entries = await both(
      summed(block),
      data(fields[4]!),
      ...pax(...pairs),
      headerBlock({ name: "zero" }),
      ...pax(["GNU.sparse.map", map]),
      headerBlock({ name: "one" }),
      headerBlock({ name: "plain" }),
      end,
    );
    expect(entries.map(({ path, sparse, size, sparseMap }) => [path, sparse, size, sparseMap])).toEqual([
      ["s", true, 99999, map],
      ["zero", true, 99999, map],
      ["one", true, 99999, map],
      ["plain", false, 0, undefined],
    ]);
  });

  test("pax records: path, size beyond octal, extended attributes with NUL and line ends; a global header", async () => {
    const records =
      record("path", "p/x") +
      record("size", "2") +
      record("mtime", "12.5") +
      record("SCHILY.xattr.user.a", "x\0y\nz");
    const entries = await both(
      headerBlock({ name: "g", type: "g", size: record("uid", "7").length }),
      data(record("uid", "7")),
      headerBlock({ name: "pax", type: "x", size: records.length }),
      data(records),
      headerBlock({ name: "cut" }),
      data("ab"),
      end,
    );
    expect(entries[0]).toMatchObject({ path: "p/x", size: 2, mtime: 12, mtimeNs: 500_000_000, uid: 7 });
    expect([...entries[0]!.xattrs!]).toEqual([["user.a", "x\0y\nz"]]);
  });

  test("base-256 numbers", async () => {
    const block = headerBlock({ name: "big" });
    block[124] = 0x80;
    block.fill(0, 125, 136);
    block[134] = 1;
    const [entry] = await both(summed(block), Buffer.alloc(512), end);
    expect(entry!.size).toBe(256);
  });

  test.each([
    ["letters", "zzzzzzzzzzzz"],
    ["a negative number", "\xff".repeat(12)],
    ["beyond 2^53", `\x80${"\x7f".repeat(11)}`],
  ])("a sparse file whose real size is %s broke the sums", (_, real) => {
    const block = Buffer.from(headerBlock({ name: "s", type: "S" }));
    block.write(real, 483, "latin1");
    expect(() => streamed(Buffer.concat([summed(block), end]))).toThrow(/without a valid size/);
  });

  test("a name of two million levels became as many directories", () => {
    const long = "a/".repeat(20_000);
    const padding = Buffer.alloc((512 - ((long.length + 1) % 512)) % 512);
    const blocks = [
      headerBlock({ name: "././@LongLink", type: "L", size: long.length + 1 }),
      Buffer.from(`${long}\0`),
      padding,
      headerBlock({ name: "cut" }),
      end,
    ];
    expect(() => streamed(Buffer.concat(blocks))).toThrow(/name of more than 32768 bytes/);
  });

  test("bytes after the end blocks are padding, whatever they are", async () => {
    expect(await both(headerBlock({ name: "f" }), end, Buffer.alloc(700, 7))).toHaveLength(1);
  });

  test("absolute names and ./ are the same path; one that leaves the root keeps its ..", async () => {
    const entries = await both(
      headerBlock({ name: "/a//b/", type: "5" }),
      headerBlock({ name: "./a/./c" }),
      headerBlock({ name: "a/../../x" }),
      end,
    );
    expect(entries.map(({ path }) => path)).toEqual(["a/b", "a/c", "../x"]);
  });
});
