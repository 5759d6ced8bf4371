/**
 * Reads one layer: a plain layer on disk by offset, header by header, all others as a stream. Both use the same
 * header decoder, so that they give the same entries.
 */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import { itemAt } from "../../must.ts";
import type { BlobSource, LayerContent, ReadLayerOptions } from "../blob.ts";
import { ContentDigest } from "../bytes/content-digest.ts";
import { readFully, type FileRange } from "../bytes/file-range.ts";
import { workHere } from "../bytes/work.ts";
import { detectCompression } from "../detect-format.ts";
import {
  algorithmsOf,
  checkDigest,
  digestAlgorithms,
  Digests,
  type Digest,
  type DigestAlgorithm,
} from "../digest.ts";
import type { Compression, Entry } from "../entry.ts";
import { Budget } from "../limits.ts";
import { maxKept, TarStreamReader } from "../tar/tar-stream-reader.ts";
import { walkTar } from "../tar/walk-headers.ts";
import { DecoderProgress } from "./decoder-progress.ts";
import { gunzip, type Sink } from "./gunzip.ts";
import { unzstd } from "./unzstd.ts";

const readSize = 2 ** 18;

/**
 * Reads a layer. A plain layer in a file is only walked, unless `verify` is set, or the layer is empty or has no end;
 * all others are streamed. A stream can be read once, so every file in it is hashed while it passes. The few files of a
 * compressed layer in a file that need a hash are hashed later, by inflating the layer again. Throws `UserError` naming
 * the blob when it is truncated, damaged, does not match its digest or diff ID, or exceeds the limits.
 */
export async function readLayer(source: BlobSource, options: ReadLayerOptions = {}): Promise<LayerContent> {
  if (source.kind === "file") {
    const start = Buffer.alloc(Math.min(8, source.size));
    readFully(source, start, 0, start.length);
    const compression = detectCompression(start, source.name);
    const verify = options.verify === true || (options.verify === "compressed" && compression !== "none");
    if (compression === "none") {
      if (verify) return verifyLayer(source, options);
      checkSize(source.name, options.statedSize, source.size);
      const { content, isWhole } = await walkLayer(source, options);
      if (!isWhole) await checkPlain(source, options);
      options.onBytes?.(source.size);
      return content;
    }
    const content = await streamLayer(
      chunksOf(source, options.signal),
      source.name,
      compression,
      { ...options, verify },
      options.hashFiles === true,
    );
    return { ...content, hash: (wanted) => hashAgain(source, compression, wanted, options.signal) };
  }
  const [start, chunks] = await peek(source.chunks);
  const compression = detectCompression(start, source.name);
  const verify = options.verify === true || (options.verify === "compressed" && compression !== "none");
  return streamLayer(chunks, source.name, compression, { ...options, verify }, true);
}

/** Walks a plain layer, and reads it in full for its digest. Its files are hashed on demand. */
async function verifyLayer(source: FileRange, options: ReadLayerOptions): Promise<LayerContent> {
  const { bytes = workHere } = options;
  const digesting = digestsOf(source, options);
  const walking = walkLayer(source, options);
  await Promise.allSettled([digesting, walking.then(() => bytes.takeJobs())]);
  const digests = await digesting;
  // a wrong digest explains a broken tar, so it is reported first
  checkDigest(source.name, "digest", options.digest, digests);
  checkSize(source.name, options.statedSize, source.size);
  const { content } = await walking;
  checkDiffIds(source.name, options, digests);
  return { ...content, digests, diffIds: digests };
}

/** Verifies a plain layer that was walked. */
async function checkPlain(source: FileRange, options: ReadLayerOptions): Promise<void> {
  const digests = await digestsOf(source, { ...options, onBytes: undefined });
  checkDigest(source.name, "digest", options.digest, digests);
  checkDiffIds(source.name, options, digests);
}

/** Returns the digests of a plain layer with each algorithm that a document states for it. */
async function digestsOf(source: FileRange, options: ReadLayerOptions): Promise<Digest[]> {
  const { bytes = workHere, digest, diffIds = [], signal, onBytes } = options;
  const stated = new Set(algorithmsOf([digest, ...diffIds]));
  const [first = "sha256", ...others] = stated;
  return Promise.all([
    bytes.digest(source, { algorithm: first, signal, onBytes }),
    ...others.map((algorithm) => bytes.digest(source, { algorithm, signal })),
  ]);
}

function checkDiffIds(name: string, { diffIds = [] }: ReadLayerOptions, found: readonly Digest[]): void {
  for (const stated of diffIds) checkDigest(name, "diff ID", stated, found);
}

/** `isWhole`: the tar has members, and its end blocks; otherwise it may have lost some. */
async function walkLayer(
  source: FileRange,
  options: ReadLayerOptions,
): Promise<{ readonly content: LayerContent; readonly isWhole: boolean }> {
  const entries: Entry[] = [];
  const { budget = new Budget() } = options;
  const kept = new Map<Entry, Uint8Array>();
  const isWhole = await walkTar(
    source,
    (entry) => {
      budget.entry(entry, source.name);
      entries.push(entry);
      if (
        entry.kind === "file" &&
        !entry.sparse &&
        entry.size <= maxKept &&
        options.keep?.(entry.path, entry.size) === true &&
        budget.mayKeep(entry.size)
      ) {
        const content = Buffer.alloc(entry.storedBytes);
        readFully(source, content, entry.dataOffset, content.length);
        kept.set(entry, content);
      }
    },
    options.signal,
  );
  const content: LayerContent = {
    compression: "none",
    compressedBytes: source.size,
    tarBytes: source.size,
    entries,
    kept,
    digests: [],
    diffIds: [],
    compressedShare: (entry) => entry.tarBytes,
    hash: (wanted) => hashEntries(source, wanted, options.signal),
  };
  return { content, isWhole };
}

/** Hashes file contents in the order of their offsets, so that reads are sequential. */
async function hashEntries(
  source: FileRange,
  wanted: readonly Entry[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(2 ** 20);
  let sinceBreath = 0;
  for (const entry of wanted.toSorted((a, b) => a.dataOffset - b.dataOffset)) {
    if (entry.sha256 !== undefined || entry.kind !== "file") continue;
    const hash = createHash("sha256");
    for (let at = 0; at < entry.storedBytes; at += buffer.length) {
      const length = Math.min(buffer.length, entry.storedBytes - at);
      readFully(source, buffer, entry.dataOffset + at, length);
      hash.update(buffer.subarray(0, length));
      sinceBreath += length;
      if (sinceBreath > 2 ** 25) {
        await setImmediate();
        signal?.throwIfAborted();
        sinceBreath = 0;
      }
    }
    entry.sha256 = hash.digest("hex");
  }
}

async function streamLayer(
  chunks: AsyncIterable<Buffer>,
  name: string,
  compression: Compression,
  options: ReadLayerOptions,
  hashing: boolean,
): Promise<LayerContent> {
  const entries: Entry[] = [];
  const { budget = new Budget() } = options;
  const feed = new TarStreamReader(
    name,
    (entry) => {
      budget.entry(entry, name);
      entries.push(entry);
    },
    { keep: (path, size) => options.keep?.(path, size) === true && budget.mayKeep(size), hashing },
  );
  // Each hash adds a tenth to a fifth to the time of inflating, so there is one: of the tar, which is what the container
  // sees. The blob's is computed where it is asked for, and where the documents have not been read yet (a stream).
  const isPlain = compression === "none";
  const algorithms = statedAlgorithms(options);
  const needsBlob =
    options.diffIds === undefined || isPlain || options.verify === true || algorithms.tar.length === 0;
  const blob = needsBlob ? new Digests(algorithms.blob) : undefined;
  const tar = isPlain ? undefined : new Digests(algorithms.tar);
  if (compression !== "none") options.onCompressed?.();
  const progress = compression === "none" ? undefined : new DecoderProgress(() => feed.length);
  let taken = 0;
  const input = async function* () {
    for await (const chunk of chunks) {
      options.signal?.throwIfAborted();
      blob?.update(chunk);
      taken += chunk.length;
      options.onBytes?.(chunk.length);
      if (progress === undefined) yield chunk;
      else yield* progress.cut(chunk);
    }
  };
  const sink = (chunk: Buffer) => {
    tar?.update(chunk);
    feed.push(chunk);
    if (compression !== "none") budget.inflated(feed.length, taken, name);
  };
  await decompress(compression, input(), sink, name);
  const digests = blob?.end() ?? [];
  // a wrong digest explains a broken tar, so it is reported first
  checkDigest(name, "digest", options.digest, digests);
  const found = tar?.end() ?? digests;
  checkDiffIds(name, options, found);
  checkSize(name, options.statedSize, taken);
  feed.finish();
  const tarBytes = feed.length;
  progress?.finish();
  return {
    compression,
    compressedBytes: taken,
    tarBytes,
    entries,
    kept: feed.kept,
    digests,
    diffIds: found,
    compressedShare: (entry) => progress?.share(entry) ?? entry.tarBytes,
    hash: async () => {},
  };
}

interface LayerAlgorithms {
  readonly blob: readonly DigestAlgorithm[];
  readonly tar: readonly DigestAlgorithm[];
}

/**
 * Returns the algorithms with which a layer is hashed. The documents of a stream may follow its layers, so that the
 * algorithms they use are not known yet.
 */
function statedAlgorithms({ verify, digest, diffIds }: ReadLayerOptions): LayerAlgorithms {
  if (diffIds === undefined) {
    const likely = verify === true ? digestAlgorithms : (["sha256"] as const);
    return { blob: likely, tar: likely };
  }
  const stated = algorithmsOf([digest]);
  return { blob: stated.length > 0 ? stated : ["sha256"], tar: algorithmsOf(diffIds) };
}

/** Decompresses the `chunks` of a blob into `sink`. */
export async function decompress(
  compression: Compression,
  input: AsyncIterable<Buffer>,
  sink: Sink,
  name: string,
): Promise<void> {
  if (compression === "gzip") await gunzip(input, sink, name);
  else if (compression === "zstd") await unzstd(input, sink, name);
  else for await (const chunk of input) await sink(chunk);
}

/** Hashes the wanted files that have no `sha256` yet while the bytes of their layer pass. */
export class ContentHasher {
  readonly #queue: readonly Entry[];
  #next = 0;
  #position = 0;
  readonly #digest = new ContentDigest();

  constructor(wanted: readonly Entry[]) {
    // a file with several names may be listed once for each
    this.#queue = [...new Set(wanted)]
      .filter((entry) => entry.sha256 === undefined && entry.kind === "file")
      .toSorted((a, b) => a.dataOffset - b.dataOffset);
  }

  get done(): boolean {
    return this.#next === this.#queue.length;
  }

  push(chunk: Buffer): void {
    const position = this.#position;
    for (; this.#next < this.#queue.length; this.#next++) {
      const entry = itemAt(this.#queue, this.#next);
      const end = entry.dataOffset + entry.storedBytes;
      if (entry.dataOffset >= position + chunk.length && entry.storedBytes > 0) break;
      const piece = chunk.subarray(Math.max(0, entry.dataOffset - position), Math.max(0, end - position));
      this.#digest.add(piece, entry.storedBytes);
      if (end > position + chunk.length) break;
      entry.sha256 = this.#digest.end();
    }
    this.#position += chunk.length;
  }
}

/** Stops the second reading of a layer after the last wanted file. */
class Enough extends Error {}

/** Decompresses a layer again up to the last wanted file, and hashes the wanted files. */
async function hashAgain(
  source: BlobSource & { kind: "file" },
  compression: Compression,
  wanted: readonly Entry[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const hasher = new ContentHasher(wanted);
  if (hasher.done) return;
  const sink = (chunk: Buffer) => {
    hasher.push(chunk);
    if (hasher.done) throw new Enough();
  };
  try {
    await decompress(compression, chunksOf(source, signal), sink, source.name);
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}

/**
 * Throws `UserError` for a wrong length. A plain layer may only be walked, so its length alone shows that it was
 * truncated.
 */
export function checkSize(name: string, stated: number | undefined, found: number): void {
  if (stated === undefined || stated === found) return;
  throw new UserError(
    `${name}: has ${found} bytes, but ${stated} were expected; the image is ${found < stated ? "truncated" : "damaged"}`,
  );
}

/** Yields the bytes of a blob in order, in buffers that are not reused. */
export async function* chunksOf(
  source: BlobSource & { kind: "file" },
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  for (let at = 0; at < source.size;) {
    signal?.throwIfAborted();
    const { bytesRead, buffer } = await source.handle.read(
      Buffer.allocUnsafe(Math.min(readSize, source.size - at)),
      0,
      undefined,
      source.offset + at,
    );
    if (bytesRead === 0)
      throw new UserError(
        `${source.name}: ends early; the file is truncated or was changed while it was read`,
      );
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Returns the first bytes of a stream, and the whole stream again. */
async function peek(chunks: AsyncIterable<Uint8Array>): Promise<[Buffer, AsyncIterable<Buffer>]> {
  const iterator = chunks[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < 8) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
  }
  const all = async function* () {
    if (start.length > 0) yield start;
    while (true) {
      const { done, value } = await iterator.next();
      if (done === true) return;
      yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  };
  return [start, all()];
}
