/** Makes real layer tars from sketches; src/testing/sketch.ts defines the notation. */
import tar from "tar-stream";
import type { Entry } from "../../src/image/image.ts";
import { EntryMaker, sketchContent } from "../../src/testing/sketch.ts";

export * from "../../src/testing/sketch.ts";

let packed = 0;

/** A real layer tar; contents without a name differ from those of every other call. */
export async function packSketch(text: string): Promise<Buffer> {
  const maker = new EntryMaker(packed);
  const entries = maker.layer(text, 0);
  packed = maker.made;
  return pack(entries);
}

/** The real tars of the layers that `sketchLayers` gives for the same texts; what is a tar already stays one. */
export async function packSketches(texts: readonly (string | Buffer)[]): Promise<Buffer[]> {
  const maker = new EntryMaker();
  return Promise.all(
    texts.map(async (text, index) => (typeof text === "string" ? pack(maker.layer(text, index)) : text)),
  );
}

const tarTypes = {
  file: "file",
  dir: "directory",
  symlink: "symlink",
  hardlink: "link",
  char: "character-device",
  block: "block-device",
  fifo: "fifo",
} as const;

async function pack(entries: readonly Entry[]): Promise<Buffer> {
  const packer = tar.pack();
  const chunks: Buffer[] = [];
  packer.on("data", (chunk) => chunks.push(chunk as Buffer));
  const ended = new Promise<void>((resolve, reject) => {
    packer.on("end", resolve);
    packer.on("error", reject);
  });
  for (const entry of entries) {
    const pax = Object.fromEntries(
      [...(entry.xattrs ?? [])].map(([name, value]) => [`SCHILY.xattr.${name}`, value]),
    );
    if (entry.sparse) Object.assign(pax, sparseRecords(entry));
    if (entry.mtimeNs !== 0) pax["mtime"] = `${entry.mtime}.${String(entry.mtimeNs).padStart(9, "0")}`;
    packer.entry(
      {
        name: utf8(entry.path) + (entry.kind === "dir" ? "/" : ""),
        type: tarTypes[entry.kind],
        mode: entry.mode,
        uid: entry.uid,
        gid: entry.gid,
        size: entry.storedBytes,
        mtime: new Date(entry.mtime * 1000),
        ...(entry.link === "" ? {} : { linkname: utf8(entry.link) }),
        ...(entry.device === undefined ? {} : { devmajor: entry.device[0], devminor: entry.device[1] }),
        ...(Object.keys(pax).length === 0 ? {} : { pax }),
      },
      entry.sparse ? sparseData(entry) : entry.kind === "file" ? sketchContent(entry) : "",
    );
  }
  packer.finalize();
  await ended;
  return Buffer.concat(chunks);
}

/** Format 1.0 of GNU tar: the map of what is stored stands before it in the data. */
function sparseRecords({ path, size }: Entry): Record<string, string> {
  return {
    "GNU.sparse.major": "1",
    "GNU.sparse.minor": "0",
    "GNU.sparse.name": utf8(path),
    "GNU.sparse.realsize": String(size),
  };
}

function sparseData({ storedBytes }: Entry): Buffer {
  const data = Buffer.alloc(storedBytes, "sparse");
  data.fill(0, 0, 512);
  data.write(`1\n0\n${storedBytes - 512}\n`);
  return data;
}

// tar-stream writes names as UTF-8
function utf8(path: string): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(path, "latin1"));
}
