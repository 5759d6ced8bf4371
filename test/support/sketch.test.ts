import tar from "tar-stream";
import { describe, expect, it } from "vitest";
import { packSketch, packSketches, sketchContent, sketchImage, sketchLayers } from "./sketch.ts";

const entryOf = (text: string) => sketchLayers([text])[0]!.entries[0]!;

async function unpack(buffer: Buffer): Promise<{ header: tar.Header; data: Buffer }[]> {
  const found: { header: tar.Header; data: Buffer }[] = [];
  const extract = tar.extract();
  extract.end(buffer);
  for await (const entry of extract) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    found.push({ header: entry.header, data: Buffer.concat(chunks) });
  }
  return found;
}

describe("the sketch notation", () => {
  it("knows directories, files, links and whiteouts", () => {
    const [layer] = sketchLayers(["a/ a/f(100) a/.wh.g a/.wh..wh..opq h≡a/f s→../t ∅"]);
    expect(layer!.entries.map(({ path, kind, size, link }) => [path, kind, size, link])).toEqual([
      ["a", "dir", 0, ""],
      ["a/f", "file", 100, ""],
      ["a/.wh.g", "file", 0, ""],
      ["a/.wh..wh..opq", "file", 0, ""],
      ["h", "hardlink", 0, "a/f"],
      ["s", "symlink", 0, "../t"],
    ]);
  });

  it("reads modes, owners, times and extended attributes", () => {
    expect(entryOf("f(10,h,0755,uid=7,gid=8,mtime=5.25,xattr.user.a=x)")).toMatchObject({
      mode: 0o755,
      uid: 7,
      gid: 8,
      mtime: 5,
      mtimeNs: 250_000_000,
      xattrs: new Map([["user.a", "x"]]),
    });
    expect(entryOf("d/[0700,uid=9]")).toMatchObject({ kind: "dir", mode: 0o700, uid: 9 });
    expect(entryOf("d/[mode=01777]")).toMatchObject({ mode: 0o1777 });
  });

  it("reads devices, sparse files, units and quoted names", () => {
    expect(entryOf("x[char=0:0]")).toMatchObject({ kind: "char", device: [0, 0], size: 0 });
    expect(entryOf("x[block=8:1]")).toMatchObject({ kind: "block", device: [8, 1] });
    expect(entryOf("x[fifo]")).toMatchObject({ kind: "fifo", device: undefined });
    expect(entryOf("f(1GiB,stored=4096)")).toMatchObject({
      size: 2 ** 30,
      storedBytes: 4096,
      tarBytes: 4608,
      sparse: true,
    });
    expect(entryOf("f(1.5MB)").size).toBe(1_500_000);
    expect(entryOf('"a b\\u00ff"(5)').path).toBe("a b\u00ff");
    expect(entryOf("é(5)").path).toBe("\u00c3\u00a9");
  });

  it("refuses what it does not understand", () => {
    for (const text of ["f(x)", "f(10,h,k)", "d/(5)", "f(10", "f(1,colour=red)", "f(3XB)", '"open']) {
      expect(() => sketchLayers([text]), text).toThrow(/^sketch: /);
    }
  });
});

describe("sketch contents", () => {
  it("are equal where they have a name and a size in common, and differ everywhere else", async () => {
    const image = sketchImage({ layers: ["a(1) b(1) c(9,h)", "a(1) c(9,h) d(8,h) e(9,g)"] });
    const files = image.layers.flatMap((layer) => layer.entries.map((entry) => ({ layer, entry })));
    await image.hash(files);
    const hashes = files.map(({ entry }) => entry.sha256);
    expect(hashes[2]).toBe(hashes[4]);
    expect(new Set(hashes).size).toBe(files.length - 1);
    expect(files[2]!.entry.mtime).toBe(files[4]!.entry.mtime);
  });

  it("are kept where the image is asked to", () => {
    const image = sketchImage({
      layers: ['a("secret\\n") b(5)'],
      keep: (path, size) => path === "a" && size === 7,
    });
    const kept = image.layers[0]!.kept;
    expect([...kept].map(([entry, bytes]) => [entry.path, Buffer.from(bytes).toString()])).toEqual([
      ["a", "secret\n"],
    ]);
  });
});

describe("a packed sketch", () => {
  it("is a tar with the same entries and contents", async () => {
    const text = 'a/[0700] a/f(1000,h,0755,uid=7,mtime=5) é("x") h≡a/f s→a x[char=1:3] a/.wh.g';
    const members = await unpack(await packSketch(text));
    expect(members.map(({ header }) => [header.name, header.type, header.size])).toEqual([
      ["a/", "directory", 0],
      ["a/f", "file", 1000],
      ["é", "file", 1],
      ["h", "link", 0],
      ["s", "symlink", 0],
      ["x", "character-device", 0],
      ["a/.wh.g", "file", 0],
    ]);
    expect(members[1]!.header).toMatchObject({ mode: 0o755, uid: 7, mtime: new Date(5000) });
    expect(members[1]!.data).toEqual(sketchContent(sketchLayers([text])[0]!.entries[1]!));
  });

  it("has the bytes of the sketched layers", async () => {
    const texts = ["f(700)", "f(700) g(3)"];
    const layers = sketchLayers(texts);
    const tars = await packSketches(texts);
    for (const [i, buffer] of tars.entries()) {
      const members = await unpack(buffer);
      expect(members.map(({ data }) => data)).toEqual(layers[i]!.entries.map(sketchContent));
      expect(buffer.length).toBe(layers[i]!.tarBytes);
    }
    expect((await packSketch("f(9)")).equals(await packSketch("f(9)"))).toBe(false);
  });
});
