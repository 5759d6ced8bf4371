/** The files of a source that can be read once. */
import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import tar from "tar-stream";
import { UserError } from "../../errors.ts";
import type { LayerContent, ReadLayerOptions } from "../blob.ts";
import { detectCompression } from "../detect-format.ts";
import { checkDigest } from "../digest.ts";
import { gunzip } from "../layer/gunzip.ts";
import { checkSize, readLayer } from "../layer/read-layer.ts";
import { unzstd } from "../layer/unzstd.ts";
import type { Budget } from "../limits.ts";
import { blockSize, cleanPath } from "../tar/fields.ts";
import { maxJson, missingBlob, resolveMember, tooLarge, type BlobStore } from "./store.ts";

/** A member of the stream: a small document, a layer, or neither, with the reason. */
interface Passed {
  readonly target: string | undefined;
  readonly size: number;
  readonly document?: Buffer;
  readonly layer?: LayerContent;
  readonly problem?: UserError;
}

/**
 * An archive that can be read once: standard input, or a compressed archive. Every member that may be a layer is read
 * as a layer while it passes, because the manifest may follow it. Nothing is written to disk.
 */
export class StreamStore implements BlobStore {
  readonly name: string;
  readonly #members: Map<string, Passed>;

  private constructor(name: string, members: Map<string, Passed>) {
    this.name = name;
    this.#members = members;
  }

  static async read(
    name: string,
    input: AsyncIterable<Uint8Array>,
    options: ReadLayerOptions,
  ): Promise<StreamStore> {
    const members = new Map<string, Passed>();
    const extract = tar.extract({ filenameEncoding: "latin1" } as object);
    const feeding = pipeline(
      Readable.from(decompressed(input, name, options.budget), { objectMode: false }),
      extract,
    );
    const reading = (async () => {
      for await (const member of extract) {
        const { header } = member;
        const path = cleanPath(header.name);
        const size = header.size ?? 0;
        const target =
          header.type === "symlink"
            ? cleanPath(`${path}/../${header.linkname ?? ""}`)
            : header.type === "link"
              ? cleanPath(header.linkname ?? "")
              : undefined;
        if (target !== undefined) members.set(path, { target, size: 0 });
        else if (header.type === "file" || header.type === "contiguous-file")
          members.set(
            path,
            await passBy(`${name}: ${path}`, member as AsyncIterable<Uint8Array>, size, options),
          );
        member.resume();
      }
    })();
    try {
      await Promise.all([feeding, reading]);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof UserError) throw error;
      throw new UserError(
        `${name}: is not a valid archive (${error instanceof Error ? error.message : String(error)})`,
      );
    }
    return new StreamStore(name, members);
  }

  async has(path: string): Promise<boolean> {
    return resolveMember(this.#members, path, this.name) !== undefined;
  }

  async size(): Promise<number> {
    return 0;
  }

  async read(path: string): Promise<Buffer | undefined> {
    const member = resolveMember(this.#members, path, this.name);
    if (member === undefined) return undefined;
    if (member.document !== undefined) return member.document;
    if (member.size > maxJson) throw tooLarge(this.name, path);
    throw new UserError(`${this.name}: ${path} is not valid JSON; the image is damaged`);
  }

  async layer(path: string, options: ReadLayerOptions): Promise<LayerContent> {
    const member = resolveMember(this.#members, path, this.name);
    if (member === undefined) throw missingBlob(this.name, path);
    const { layer } = member;
    if (layer === undefined) throw member.problem ?? new UserError(`${this.name}: ${path} is not a layer`);
    const blob = `${this.name}: ${path}`;
    checkDigest(blob, "digest", options.digest, layer.digests);
    checkSize(blob, options.statedSize, member.size);
    for (const stated of options.diffIds ?? []) checkDigest(blob, "diff ID", stated, layer.diffIds);
    return layer;
  }

  async blob(): Promise<undefined> {
    return undefined;
  }

  async checkUnchanged(): Promise<void> {}

  async close(): Promise<void> {}
}

async function passBy(
  name: string,
  member: AsyncIterable<Uint8Array>,
  size: number,
  options: ReadLayerOptions,
): Promise<Passed> {
  const iterator = member[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < Math.min(blockSize, size)) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
  }
  const all = async function* () {
    if (start.length > 0) yield start;
    while (size > 0) {
      const { done, value } = await iterator.next();
      if (done === true) return;
      yield value;
    }
  };
  if (size <= maxJson && looksLikeText(start)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of all()) chunks.push(chunk);
    return { target: undefined, size, document: Buffer.concat(chunks) };
  }
  try {
    return {
      target: undefined,
      size,
      layer: await readLayer({ kind: "stream", chunks: all(), size, name }, options),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // an error only if a manifest lists this member as a layer; the rest of it must still be read
    for await (const _ of all());
    return { target: undefined, size, problem: error };
  }
}

/**
 * Returns true for bytes that begin a text. A tar has NULs in its first header; gzip and zstd do not begin with text.
 */
function looksLikeText(start: Buffer): boolean {
  return start.length > 0 && !start.includes(0) && /^[\s]*[[{"\w]/.test(start.toString("latin1", 0, 64));
}

/** Yields the uncompressed bytes of an archive. */
export async function* decompressed(
  input: AsyncIterable<Uint8Array>,
  name: string,
  budget: Budget | undefined,
): AsyncGenerator<Buffer> {
  const iterator = input[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < 8) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
  }
  let taken = start.length;
  const all = async function* () {
    yield start;
    while (true) {
      const { done, value } = await iterator.next();
      if (done === true) return;
      taken += value.length;
      yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  };
  const kind = detectCompression(start, name);
  if (kind === "none") {
    yield* all();
    return;
  }
  const pipe = new PassThrough({ highWaterMark: 2 ** 20 });
  let inflated = 0;
  const sink = (chunk: Buffer) => {
    inflated += chunk.length;
    budget?.inflated(inflated, taken, name);
    return pipe.write(chunk) ? undefined : once(pipe, "drain").then(() => {});
  };
  const work = (kind === "gzip" ? gunzip(all(), sink, name) : unzstd(all(), sink, name)).then(
    () => pipe.end(),
    (error: unknown) => pipe.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  yield* pipe as AsyncIterable<Buffer>;
  await work;
}
