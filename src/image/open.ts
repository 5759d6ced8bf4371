/** Opens an image of any supported format. */
import { open, stat, type FileHandle } from "node:fs/promises";
import { availableParallelism, arch } from "node:os";
import { UserError } from "../errors.ts";
import { itemAt } from "../must.ts";
import { errorCode } from "../records.ts";
import { whyNotRegular } from "../regular-file.ts";
import type { KnownLayer, LayerContent, ReadLayerOptions } from "./blob.ts";
import { looksLikeImage, headBytes, detectCompression } from "./detect-format.ts";
import { checkAlgorithm, checkDigest, type DiffId, type Digest } from "./digest.ts";
import type { Entry } from "./entry.ts";
import type { ImageForm } from "./forms.ts";
import {
  formatPlatform,
  isForeign,
  type ImageConfig,
  type Layer,
  type OpenedImage,
  type OpenOptions,
} from "./image.ts";
import { Budget } from "./limits.ts";
import { readAttestations } from "./sources/attestations.ts";
import { checkSize } from "./layer/read-layer.ts";
import { checkBytes, digestOfConfigPath, isEncrypted, readBlob, sha256 } from "./sources/blobs.ts";
import type { Candidate } from "./sources/candidate.ts";
import { choose, choosePlatforms, hostPlatform, type Placed } from "./sources/choose.ts";
import { findCandidates } from "./sources/find-candidates.ts";
import { parseConfig } from "./sources/image-config.ts";
import { spool } from "./sources/spool.ts";
import { ArchiveStore, FolderStore, missingBlob, type BlobStore } from "./sources/store.ts";
import { StreamStore } from "./sources/stream-store.ts";

/**
 * Opens an image: an archive, an OCI layout, a `dir:` folder, or `-` for `options.stdin`; the format is detected from
 * the content. Reads all layers once, several at a time. Throws `UserError` with a one-line message for input that is
 * truncated, damaged, hostile or no image.
 */
export async function openImage(target: string, options: OpenOptions = {}): Promise<OpenedImage> {
  const { store, placed, read } = await openSource(target, options);
  try {
    const choice = { tag: options.tag, platform: options.platform, manifest: options.manifest };
    return await read(choose(target, placed, choice, hostPlatform(arch())));
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The platforms of one image. */
export interface Platforms {
  readonly images: readonly OpenedImage[];
  /** `os/arch[/variant]` of the platforms whose blobs are not all in the source. */
  readonly incomplete: readonly string[];
}

/** Opens all platforms of an image; closing one of them closes all. Throws as `openImage` does. */
export async function openPlatforms(
  target: string,
  options: Omit<OpenOptions, "platform" | "manifest"> = {},
): Promise<Platforms> {
  const { store, placed, read } = await openSource(target, options);
  try {
    const { whole, incomplete } = choosePlatforms(target, placed, options.tag);
    const images: OpenedImage[] = [];
    for (const each of whole) images.push(await read(each));
    return { images, incomplete: incomplete.map(({ platform }) => formatPlatform(platform)) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Returns the configuration of each image of a source without reading its layers. Throws as `openImage` does. */
export async function configsOf(
  target: string,
  options: Pick<OpenOptions, "signal"> = {},
): Promise<readonly ImageConfig[]> {
  const { store, configs } = await openSource(target, options);
  await store.close();
  if (configs.length === 0)
    throw new UserError(`${target}: the image's configuration is missing; save it again`);
  return configs;
}

interface OpenSource {
  readonly store: BlobStore;
  readonly placed: readonly Placed[];
  readonly configs: readonly ImageConfig[];
  readonly read: (placed: Placed) => Promise<OpenedImage>;
}

async function openSource(target: string, options: OpenOptions): Promise<OpenSource> {
  const progress = new ByteCounter(target, options);
  const reading: ReadLayerOptions = {
    verify: options.verify,
    hashFiles: options.hashFiles,
    keep: options.keep,
    bytes: options.bytes,
    signal: options.signal,
    budget: new Budget(options.limits, options.allowHuge),
    onBytes: progress.add,
    onCompressed: options.onCompressed,
  };
  const { store, isFolder } = await openStore(target, options, reading);
  try {
    const placed: Placed[] = [];
    const configs = new Map<Candidate, Config>();
    for (const candidate of await findCandidates(store, isFolder, options.verify === true)) {
      const config = await configOf(store, candidate);
      if (config !== undefined) configs.set(candidate, config);
      const platform = candidate.platform ??
        config?.config.platform ?? { os: "linux", architecture: "unknown" };
      placed.push({ candidate, platform });
    }
    const read = async (chosen: Placed): Promise<OpenedImage> => {
      const { candidate } = chosen;
      const found = configs.get(candidate);
      if (found === undefined)
        throw new UserError(`${target}: the image's configuration is missing; save it again`);
      const others = placed
        .filter((each) => each !== chosen && each.candidate.group === candidate.group)
        .map(({ platform }) => formatPlatform(platform));
      const image = { ...found, candidate, otherPlatforms: [...new Set(others)] };
      return readImage(target, store, image, { ...reading, known: options.known }, progress);
    };
    return { store, placed, configs: [...configs.values()].map(({ config }) => config), read };
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface Config {
  readonly config: ImageConfig;
  readonly digest: Digest;
  readonly bytes: Buffer;
}

async function configOf(store: BlobStore, candidate: Candidate): Promise<Config | undefined> {
  if (candidate.config === undefined || !(await store.has(candidate.config.path))) return undefined;
  const bytes = await readBlob(store, candidate.config);
  const config = parseConfig(bytes, `${store.name}: ${candidate.config.path}`);
  return { config, digest: sha256(bytes), bytes };
}

async function openStore(
  target: string,
  options: OpenOptions,
  reading: ReadLayerOptions,
): Promise<{ store: BlobStore; isFolder: boolean }> {
  const once = async (input: AsyncIterable<Uint8Array>): Promise<BlobStore> =>
    options.spool === undefined
      ? StreamStore.read(target, input, reading)
      : ArchiveStore.open(target, await spool(target, input, options.spool(), reading), reading);
  if (options.stdin !== undefined)
    return { store: await once(options.stdin as AsyncIterable<Uint8Array>), isFolder: false };
  let handle: FileHandle | undefined;
  try {
    const info = await stat(target);
    if (info.isDirectory()) return { store: new FolderStore(target), isFolder: true };
    const why = whyNotRegular(info);
    if (why !== undefined) throw new UserError(`${target}: ${why}`);
    handle = await open(target);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const start = buffer.subarray(0, bytesRead);
    if (!looksLikeImage(start))
      throw new UserError(`${target}: is not a container image (neither a tar archive nor a compressed one)`);
    if (detectCompression(start, target) === "none") {
      return { store: await ArchiveStore.open(target, handle, reading), isFolder: false };
    }
    const stream = handle.createReadStream({ start: 0, autoClose: true, highWaterMark: 2 ** 18 });
    return { store: await once(stream), isFolder: false };
  } catch (error) {
    await handle?.close().catch(() => {});
    if (error instanceof UserError || options.signal?.aborted === true) throw error;
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw new UserError(
      code === "ENOENT" ? `${target}: no such file or folder` : `${target}: cannot be read (${code})`,
    );
  }
}

type Reading = ReadLayerOptions & { readonly known?: OpenOptions["known"] };

async function readImage(
  name: string,
  store: BlobStore,
  {
    candidate,
    config,
    digest: configDigest,
    bytes: configBytes,
    otherPlatforms,
  }: Config & { readonly candidate: Candidate; readonly otherPlatforms: readonly string[] },
  reading: Reading,
  progress: ByteCounter,
): Promise<OpenedImage> {
  const refs = candidate.layers;
  if (refs.length !== config.diffIds.length) {
    throw new UserError(
      `${name}: has ${refs.length} layers but ${config.diffIds.length} diff IDs; the image is damaged`,
    );
  }
  if (reading.verify === true) checkPromises(name, candidate, config, configBytes);
  const unique = new Map<string, StatedBlob>();
  for (const [i, ref] of refs.entries()) {
    if (isEncrypted(ref) || (isForeign(ref) && !(await store.has(ref.path)))) continue;
    const other = unique.get(ref.path);
    const diffIds = [...(other?.diffIds ?? []), itemAt(config.diffIds, i)];
    const known = other?.known ?? reading.known?.(i);
    unique.set(ref.path, { diffIds, digest: ref.digest, statedSize: ref.size, known });
  }
  const sizes = await Promise.all([...unique.keys()].map((path) => store.size(path)));
  progress.start(sizes.reduce((sum, size) => sum + size, 0));
  const contents = await readAll(store, unique, reading);
  checkContent(name, contents, refs);
  const attestations = await readAttestations(store, candidate.attestations);
  const layers = refs.map((ref, index) =>
    makeLayer(ref, index, itemAt(config.diffIds, index), contents.get(ref.path)),
  );
  return {
    name,
    format: candidate.format,
    tags: candidate.tags,
    digest: candidate.digest,
    configDigest,
    config,
    annotations: candidate.annotations,
    attestations,
    layers,
    async hash(wanted) {
      const byContent = new Map<LayerContent, Entry[]>();
      for (const { layer, entry } of wanted) {
        const content = contents.get(refs[layer.index]?.path ?? "");
        if (content === undefined || entry.sha256 !== undefined) continue;
        const entries = byContent.get(content);
        if (entries === undefined) byContent.set(content, [entry]);
        else entries.push(entry);
      }
      for (const [content, entries] of byContent) await content.hash(entries);
    },
    close: () => store.close(),
    source: {
      form: formOf(candidate),
      configBytes,
      manifest: candidate.manifest,
      indexEntries: candidate.indexEntries,
      topIndex: candidate.topIndex,
      platformIndex: candidate.platformIndex,
      otherPlatforms,
      referrers: candidate.referrers,
      async blob(layer) {
        const path = refs[layer]?.path ?? "";
        const file = await store.blob(path);
        if (file === undefined) throw missingBlob(name, path);
        return file;
      },
      async plainTar({ index }) {
        const path = refs[index]?.path ?? "";
        return contents.get(path)?.compression === "none" ? store.blob(path) : undefined;
      },
      known(layer) {
        const content = contents.get(refs[layer]?.path ?? "");
        return content === undefined ? undefined : { content, digests: content.digests };
      },
      checkUnchanged: () => store.checkUnchanged(),
    },
  };
}

/** Verifies what the documents of an image state of each other, other than digests and sizes that are always verified. */
function checkPromises(
  name: string,
  { config: ref, format, layers }: Candidate,
  { diffIds }: ImageConfig,
  configBytes: Buffer,
): void {
  if (ref !== undefined) {
    const path = `${name}: ${ref.path}`;
    if (format === "docker-archive") checkBytes(configBytes, digestOfConfigPath(ref.path), path);
    checkAlgorithm(path, "digest", ref.digest);
    checkSize(path, ref.size, configBytes.length);
  }
  for (const [i, { path, digest }] of layers.entries()) {
    checkAlgorithm(`${name}: ${path}`, "digest", digest);
    checkAlgorithm(`${name}: ${path}`, "diff ID", diffIds[i]);
  }
}

/** What manifest and configuration state about a blob. */
type StatedBlob = Pick<ReadLayerOptions, "diffIds" | "digest" | "statedSize"> & {
  readonly known: KnownLayer | undefined;
};

function formOf({ format, hybrid }: Candidate): ImageForm {
  return hybrid && format === "docker-archive" ? "hybrid" : format;
}

/** Returns a layer whose content is already known, after its blob is verified. */
async function takeKnown(
  store: BlobStore,
  path: string,
  known: KnownLayer,
  options: ReadLayerOptions,
): Promise<LayerContent> {
  const file = await store.blob(path);
  if (file === undefined) throw missingBlob(store.name, path);
  checkDigest(file.name, "digest", options.digest, known.digests);
  return { ...known.content, digests: known.digests };
}

/** Reads every blob once, several at a time; the first failure stops the others. */
async function readAll(
  store: BlobStore,
  blobs: ReadonlyMap<string, StatedBlob>,
  reading: Reading,
): Promise<Map<string, LayerContent>> {
  const contents = new Map<string, LayerContent>();
  const queue = [...blobs];
  const abort = new AbortController();
  const signal =
    reading.signal === undefined ? abort.signal : AbortSignal.any([reading.signal, abort.signal]);
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [path, stated] = next;
      try {
        const { known } = stated;
        const options = { ...reading, ...stated, signal };
        const content =
          known === undefined
            ? await store.layer(path, options)
            : await takeKnown(store, path, known, options);
        contents.set(path, content);
      } catch (error) {
        abort.abort(error);
        throw error;
      }
    }
  };
  // libuv inflates four layers at a time; with eight open it stays busy while this thread decodes a piece
  const results = await Promise.allSettled(
    Array.from({ length: Math.min(Math.max(8, availableParallelism()), queue.length) }, work),
  );
  if (abort.signal.aborted) throw abort.signal.reason;
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return contents;
}

/** Refuses contents whose sizes do not add up to a safe integer; only sparse files can claim that much. */
function checkContent(
  name: string,
  contents: ReadonlyMap<string, LayerContent>,
  refs: Candidate["layers"],
): void {
  let sum = 0;
  for (const { path } of refs) for (const { size } of contents.get(path)?.entries ?? []) sum += size;
  if (sum > Number.MAX_SAFE_INTEGER)
    throw new UserError(`${name}: its files claim to hold more than 8 PiB; the image is damaged or hostile`);
}

function makeLayer(
  ref: Candidate["layers"][number],
  index: number,
  diffId: DiffId,
  content: LayerContent | undefined,
): Layer {
  return {
    index,
    diffId,
    digest: ref.digest ?? content?.digests[0] ?? (content?.compression === "none" ? diffId : undefined),
    mediaType: ref.mediaType,
    annotations: ref.annotations,
    compression: content?.compression ?? "none",
    compressedBytes: content?.compressedBytes ?? 0,
    tarBytes: content?.tarBytes ?? 0,
    entries: content?.entries ?? [],
    missing: content === undefined,
    kept: content?.kept ?? new Map<Entry, Uint8Array>(),
    compressedShare: (entry) => content?.compressedShare(entry) ?? 0,
  };
}

class ByteCounter {
  readonly #what: string;
  readonly #report: OpenOptions["onProgress"];
  #done = 0;
  #total = 0;

  constructor(what: string, options: OpenOptions) {
    this.#what = what;
    this.#report = options.onProgress;
  }

  start(total: number): void {
    this.#done = 0;
    this.#total = total;
  }

  readonly add = (bytes: number): void => {
    this.#done += bytes;
    this.#report?.({ what: this.#what, doneBytes: this.#done, totalBytes: this.#total });
  };
}
