/** Header blocks for another name or link target: what they say, and that their length is known beforehand. */
import { describe, expect, test } from "vitest";
import { asBytePath } from "../../src/byte-path.ts";
import type { Entry } from "../../src/image/image.ts";
import {
  emptyFile,
  emptyFileLength,
  relinked,
  relinkedLength,
  renamed,
  renamedLength,
} from "../../src/image/tar/headers.ts";
import { TarStreamReader } from "../../src/image/tar/tar-stream-reader.ts";

/** A block of a header with a type, a size, a name and a link target. */
function block(type: string, size: number, name = "old", link = ""): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, "latin1");
  header.write("0000640\0", 100);
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000007\0", 136);
  header.write(type, 156);
  header.write(link, 157, "latin1");
  header.write("ustar\x0000", 257);
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** A header that speaks of the next member, with its data; `zeros`: some writers end the records with NULs. */
function extra(type: "x" | "L" | "K", text: string, zeros = 0): Buffer {
  const data = Buffer.alloc(Math.ceil((text.length + zeros) / 512) * 512);
  data.write(text, "latin1");
  return Buffer.concat([block(type, text.length + zeros, "extra"), data]);
}

function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}

function read(blocks: Buffer): Entry[] {
  const entries: Entry[] = [];
  const feed = new TarStreamReader("x.tar", (entry) => entries.push(entry));
  feed.push(Buffer.concat([blocks, Buffer.alloc(1024)]));
  feed.finish();
  return entries;
}

const mtime = record("mtime", "7.25");
const path = record("path", `p/${"long".repeat(60)}`);
const linkpath = record("linkpath", "t".repeat(120));
/** Just below and above a block of records. */
const filler = (length: number) => record("comment", "c".repeat(length));

const before: readonly (readonly [name: string, extra: Buffer])[] = [
  ["nothing", Buffer.alloc(0)],
  ["pax without a name", extra("x", mtime)],
  ["pax with a name", extra("x", path + mtime)],
  ["pax with a link target", extra("x", mtime + linkpath)],
  ["pax with both", extra("x", linkpath + mtime + path)],
  ["pax with a name twice", extra("x", path + mtime + record("path", "again"))],
  ["pax ended by NULs", extra("x", mtime, 300)],
  ["pax with a name, ended by NULs beyond a block", extra("x", path + mtime, 600)],
  ["pax that fills a block", extra("x", filler(496))],
  ["pax of several blocks", extra("x", filler(2000) + path)],
  ["two pax headers, the name in the first", Buffer.concat([extra("x", path), extra("x", mtime)])],
  ["two pax headers, the name in the last", Buffer.concat([extra("x", mtime), extra("x", path + linkpath)])],
  ["an empty pax header", extra("x", "")],
  ["a GNU name", extra("L", `${"gnu/".repeat(50)}n\0`)],
  ["a GNU link target", extra("K", `${"gnu/".repeat(50)}n\0`)],
  [
    "both in GNU's way",
    Buffer.concat([extra("K", `${"k".repeat(700)}\0`), extra("L", `${"l".repeat(512)}\0`)]),
  ],
  ["an empty GNU name", extra("L", "")],
  ["GNU and pax", Buffer.concat([extra("L", `${"l".repeat(300)}\0`), extra("x", path + mtime)])],
  [
    "GNU and pax with a link target",
    Buffer.concat([extra("x", linkpath), extra("K", `${"k".repeat(300)}\0`)]),
  ],
];

const names = [
  "n",
  "n".repeat(100),
  "n".repeat(101),
  `${"caf\xe9/".repeat(100)}f`,
  "n".repeat(484),
  "n".repeat(5000),
];

describe.each(before)("%s before the header", (_name, first) => {
  test.each(names.map((name) => [name.length, asBytePath(name)] as const))(
    "a name of %i bytes",
    (_length, name) => {
      for (const [type, link] of [
        ["0", ""],
        ["2", "target"],
      ] as const) {
        const raw = Buffer.concat([first, block(type, 0, "old", link)]);
        const [old] = read(raw);
        const blocks = renamed(raw, name);
        const [now] = read(blocks);
        expect(now).toMatchObject({
          path: name,
          link: old!.link,
          mode: 0o640,
          mtimeNs: old!.mtimeNs,
        });
        expect(renamedLength(old!, name)).toBe(blocks.length);
        // and once more, from what was made
        expect(renamedLength(now!, asBytePath("other/name"))).toBe(
          renamed(blocks, asBytePath("other/name")).length,
        );
      }
    },
  );

  test.each(names.map((name) => [name.length, asBytePath(name)] as const))(
    "a link target of %i bytes",
    (_length, name) => {
      const raw = Buffer.concat([first, block("1", 0, "old", "target")]);
      const [old] = read(raw);
      const blocks = relinked(raw, name);
      expect(read(blocks)).toMatchObject([{ path: old!.path, link: name, mode: 0o640 }]);
      expect(relinkedLength(old!, name)).toBe(blocks.length);
    },
  );
});

test.each(names.map(asBytePath))("an empty file", (name) => {
  expect(emptyFileLength(name)).toBe(emptyFile(name).length);
});
