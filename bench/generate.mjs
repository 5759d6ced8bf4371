// Makes large images to measure with:  node bench/generate.mjs <out.tar> [--bytes 4e9] [--entries 150000] [--layers 6] [--gzip] [--oci] [--implied] [--single]
//
// A docker-archive or an OCI archive with plain or gzip layers, which describe the folders of what they have as the layers
// of all builders do (--implied: they do not, as odd ones do). With --single there are three: the base, a large one, and
// one that removes some of that. Sizes follow a long tail as in real images (many small files, few large ones), content is
// words and numbers in random order, so that it compresses about as well as text and programs do. No path is there twice
// in the same size, so nothing has to be hashed to decide a cause.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { finished, pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createGzip } from "node:zlib";
import tar from "tar-stream";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    bytes: { type: "string", default: "4e9" },
    entries: { type: "string", default: "150000" },
    layers: { type: "string", default: "6" },
    gzip: { type: "boolean", default: false },
    oci: { type: "boolean", default: false },
    implied: { type: "boolean", default: false },
    single: { type: "boolean", default: false },
  },
});
const out = resolve(positionals[0] ?? "large.tar");
/** The part of entries and bytes that each layer has. */
const parts = values.single
  ? [0.3, 0.7, 0]
  : Array.from({ length: Number(values.layers) }, () => 1 / Number(values.layers));
const layers = parts.length;

// a small generator of our own, so that every run makes the same image
let state = 12345;
const random = () => {
  state = (state * 1664525 + 1013904223) >>> 0;
  return state / 2 ** 32;
};

const words = Array.from({ length: 4000 }, () =>
  Array.from({ length: 3 + Math.floor(random() * 8) }, () =>
    String.fromCharCode(97 + Math.floor(random() * 26)),
  ).join(""),
);
const pool = Buffer.alloc(64 * 2 ** 20);
for (let at = 0; at < pool.length;) {
  const piece =
    random() < 0.15
      ? Math.floor(random() * 1e9).toString(36)
      : words[Math.floor(random() ** 2 * words.length)];
  at += pool.write(`${piece} `, at, "latin1") || pool.length;
}

const work = mkdtempSync(join(dirname(out), ".generate-"));
try {
  const blobs = [];
  for (let layer = 0; layer < layers; layer++) blobs.push(await writeLayer(layer));
  await writeArchive(blobs);
} finally {
  rmSync(work, { recursive: true });
}
console.log(`${out}: ${statSync(out).size} bytes, ${layers} layers, ${values.entries} entries`);

async function writeLayer(layer) {
  const file = join(work, `${layer}.tar`);
  const pack = tar.pack();
  const diff = createHash("sha256");
  const blob = createHash("sha256");
  const sink = createWriteStream(file);
  const hashedBy = (hash) =>
    async function* (source) {
      for await (const chunk of source) {
        hash.update(chunk);
        yield chunk;
      }
    };
  const gzip = values.gzip ? [createGzip()] : [];
  const done = pipeline(pack, hashedBy(diff), ...gzip, hashedBy(blob), sink);
  const bytes = Number(values.bytes) * parts[layer];
  let left = bytes;
  const described = new Set();
  const describe = async (folder) => {
    if (folder === "." || values.implied || described.has(folder)) return;
    await describe(dirname(folder));
    described.add(folder);
    await add(pack, {
      name: `${folder}/`,
      type: "directory",
      size: 0,
      mode: 0o755,
      mtime: new Date(1.79e12),
    });
  };
  const files = filesOf(layer);
  for (const [i, name] of files.entries()) {
    // half of the files are under 2 kB, one in a hundred takes most of the rest
    const share = i % 100 === 99 ? 0.6 / (files.length / 100) : 0.4 / files.length;
    const wanted = Math.max(0, Math.min(left, bytes * share * 2 * random()));
    // sizes of different layers differ modulo their number, so a path is never there twice in the same size
    const size = Math.floor(wanted / layers) * layers + layer + 1;
    left -= size;
    await describe(dirname(name));
    await add(pack, { name, size, mode: 0o644, mtime: new Date(1.79e12) });
  }
  const removals = layer === 0 ? 0 : values.single && layer === 2 ? folderCountOf(1) : 40;
  for (let i = 0; i < removals; i++) {
    const folder = `usr/lib/part${layer - 1}/dir${i}`;
    await describe(folder);
    await add(pack, { name: `${folder}/.wh.sub${i % 7}`, size: 0 });
  }
  pack.finalize();
  await done;
  return { file, diffId: `sha256:${diff.digest("hex")}`, digest: blob.digest("hex") };
}

function entriesOf(layer) {
  return Math.floor(Number(values.entries) * parts[layer]);
}

function folderCountOf(layer) {
  return Math.ceil(entriesOf(layer) / 80);
}

/** Names of files, so many that a layer has as many entries as was asked for. */
function filesOf(layer) {
  const wanted = entriesOf(layer);
  const names = [];
  const folders = new Set();
  const folderCount = folderCountOf(layer);
  for (let i = 0; names.length + folders.size < wanted; i++) {
    // every fifth file lies on a path that the layer below has too, in another size: an overwritten file
    const owner = i % 5 === 0 ? 0 : layer;
    const name = `usr/lib/part${owner}/dir${i % folderCount}/sub${Math.floor(i / folderCount) % 7}/file-${i}.dat`;
    names.push(name);
    if (values.implied) continue;
    for (let folder = dirname(name); folder !== "."; folder = dirname(folder)) folders.add(folder);
  }
  // a folder is written with what is in it before the next one, as in all layers that a builder makes
  return names.toSorted();
}

async function add(pack, header) {
  const entry = pack.entry(header);
  let left = header.size;
  let from = Math.floor(random() * pool.length);
  while (left > 0) {
    const piece = pool.subarray(from, Math.min(pool.length, from + left));
    if (!entry.write(piece)) await new Promise((resume) => entry.once("drain", resume));
    left -= piece.length;
    from = 0;
  }
  entry.end();
  await finished(entry, { readable: false });
}

async function writeArchive(blobs) {
  const pack = tar.pack();
  const done = pipeline(pack, createWriteStream(out));
  const history = blobs.map((_, i) => ({
    created: "2026-01-01T00:00:00Z",
    created_by: `COPY part${i} /usr/lib/ # buildkit`,
    comment: "buildkit.dockerfile.v0",
  }));
  const config = JSON.stringify({
    architecture: "amd64",
    os: "linux",
    config: {},
    rootfs: { type: "layers", diff_ids: blobs.map((blob) => blob.diffId) },
    history,
  });
  const files = blobs.map(({ file }, i) => [
    values.oci ? `blobs/sha256/${blobs[i].digest}` : `${i}/layer.tar`,
    file,
  ]);
  const documents = values.oci ? ociDocuments(config, blobs) : dockerDocuments(config, files);
  for (const [name, text] of documents) pack.entry({ name }, text);
  for (const [name, file] of files) {
    const entry = pack.entry({ name, size: statSync(file).size });
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), entry);
  }
  pack.finalize();
  await done;
}

function dockerDocuments(config, files) {
  const name = `${sha256(config)}.json`;
  const manifest = [{ Config: name, RepoTags: ["bench:large"], Layers: files.map(([layer]) => layer) }];
  return [
    [name, config],
    ["manifest.json", JSON.stringify(manifest)],
  ];
}

function ociDocuments(config, blobs) {
  const describe = (kind, text) => ({
    mediaType: `application/vnd.oci.image.${kind}.v1+json`,
    digest: `sha256:${sha256(text)}`,
    size: text.length,
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: describe("config", config),
    layers: blobs.map(({ file, digest }) => ({
      mediaType: `application/vnd.oci.image.layer.v1.tar${values.gzip ? "+gzip" : ""}`,
      digest: `sha256:${digest}`,
      size: statSync(file).size,
    })),
  });
  return [
    ["oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" })],
    ["index.json", JSON.stringify({ schemaVersion: 2, manifests: [describe("manifest", manifest)] })],
    [`blobs/sha256/${sha256(manifest)}`, manifest],
    [`blobs/sha256/${sha256(config)}`, config],
  ];
}

function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}
