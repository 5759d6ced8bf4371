import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { UserError } from "../errors.ts";
import type { KnownLayer } from "../image/blob.ts";
import { workHere, type ByteWork } from "../image/bytes/work.ts";
import { growthFor, type Heap } from "../image/heap.ts";
import type { Compression, Digest, Entry, ImageForm, OpenedImage, Referrer } from "../image/image.ts";
import { gzipLevel } from "../image/layer/magic.ts";
import { parseConfig } from "../image/sources/config.ts";
import {
  blobPath,
  blobWriter,
  type BlobWriter,
  type OutputForm,
  type Slot,
  type StoredBlob,
} from "../image/writing/blob-writer.ts";
import { readFully } from "../image/tar/walk.ts";
import { BlobCheck } from "../image/verify.ts";
import { checkCanWrite, type Codec } from "../image/writing/compress.ts";
import {
  dockerIndex,
  indexOf,
  manifestOf,
  ociLayout,
  platformIndexOf,
  type NewImage,
  type NewLayer,
  type WrittenManifest,
} from "../image/writing/documents.ts";
import { cannotWrite, type Workplace } from "../image/writing/workplace.ts";
import {
  copyBlob,
  recompressLayer,
  rewriteLayer,
  type LayerInput,
  type Written,
} from "../image/writing/write-layer.ts";
import { Gate } from "./gate.ts";
import { historyOfLayers, newConfig } from "./new-config.ts";
import { isSameContent, questionsOfIdentical } from "./plan/identical.ts";
import { planLayers, type LayerPlan, type LayerRange } from "./plan/plan.ts";
import { bothWays, prove, type Proof } from "./proof/prove.ts";
import type { Visible } from "./proof/visible.ts";
import { canRemove, storedAfter } from "./savings.ts";

export interface OptimizeRequest {
  readonly image: OpenedImage;
  /** Layers of the base, which stay byte for byte. */
  readonly fixedLayers: number;
  readonly form: OutputForm;
  readonly repair: boolean;
  /** Drops what rewrites the same file, content and attributes alike. */
  readonly dropIdentical: boolean;
  /** Files to be removed although containers see them, by layer. */
  readonly pruned: ReadonlyMap<number, ReadonlySet<Entry>>;
  /** Layers that other images have as well, which stay byte for byte. */
  readonly shared: ReadonlySet<number>;
  /** Which neighbours become one, by what each layer would take when dead bytes are gone; undefined: none. */
  readonly squash: ((storedBytes: readonly number[]) => readonly LayerRange[]) | undefined;
  /** How layers are stored; undefined: each as it was. */
  readonly recompress: (Codec & { readonly base: boolean }) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly allowHuge: boolean;
  readonly onBytes: ((bytes: number) => void) | undefined;
  /** Where digests and comparisons are made; default: here. */
  readonly bytes?: ByteWork;
  readonly heap?: Heap | undefined;
}

/** What is done with a layer of the input, or would be. */
export interface LayerOutcome {
  readonly index: number;
  readonly plan: LayerPlan;
  readonly before: LayerSize;
  /** Undefined for a layer that is gone. The stored size is an estimate until the layer is written. */
  readonly after: LayerSize | undefined;
  /** The blob is made anew from the same tar. */
  readonly recompressed: boolean;
}

export interface LayerSize {
  readonly diffId: Digest | undefined;
  readonly storedBytes: number;
  readonly tarBytes: number;
}

export interface OptimizeResult {
  readonly layers: readonly LayerOutcome[];
  /** Undefined for a prediction. */
  readonly written:
    | {
        readonly image: NewImage;
        /** Of the manifest; undefined for a docker-archive, which has none. */
        readonly digest: Digest | undefined;
        readonly proof: Proof;
      }
    | undefined;
  /** What speaks of the old image, and is not carried over. */
  readonly referrers: readonly Referrer[];
}

/** What would be done; nothing is written. */
export async function predict(request: OptimizeRequest): Promise<OptimizeResult> {
  const { layers } = request.image;
  const plans = await planOf(request);
  const outcomes = plans.map((plan, index): LayerOutcome => {
    const layer = layers[index]!;
    const before = sizeOf(layer);
    const recompressed = plan.action === "keep" && isRecompressed(request, plan, index);
    const rest = { index, plan, before, recompressed };
    if (plan.action === "keep") return { ...rest, after: before };
    if (plan.action !== "rewrite") return { ...rest, after: undefined };
    const { tarBytes } = plan.rewrite;
    return { ...rest, after: { diffId: undefined, storedBytes: storedAfter(layers, plan, index), tarBytes } };
  });
  return { layers: outcomes, written: undefined, referrers: request.image.source.referrers };
}

/**
 * Writes smaller images (the platforms of one image, mostly one) beside the output, proves them, and only then puts them
 * there. Whatever fails, nothing is left and the input is as it was.
 */
export async function optimize(
  requests: readonly OptimizeRequest[],
  place: Workplace,
  /** Called when all is proved, before the output is put in its place. */
  onProved: (results: readonly OptimizeResult[]) => Promise<void> = async () => {},
): Promise<OptimizeResult[]> {
  const [first] = requests;
  if (first === undefined) throw new Error("nothing to write: a bug");
  try {
    const writer = blobWriter(first.form, place, first.bytes ?? workHere);
    const made: (Made & { readonly shown: Visible })[] = [];
    let path: string;
    try {
      for (const request of requests) {
        const check = await checkOf(request);
        const plans = await planOf(request);
        request.heap?.clear();
        const [one, shown] = await all([
          write(request, plans, check, writer, place),
          // while the digests of what was written are read
          writer.written().then(() => {
            return bothWays(request.image);
          }),
        ]);
        await check.done();
        made.push({ ...one, shown });
      }
      await writeIndexes(made, writer, first.form);
      path = await writer.finish();
    } finally {
      writer.close();
    }
    const results: OptimizeResult[] = [];
    for (const [i, request] of requests.entries()) {
      const { manifest, outcomes } = made[i]!;
      await request.image.source.checkUnchanged();
      const proof = await proofOf(request, made[i]!, path);
      results.push({
        layers: outcomes,
        written: {
          image: manifest.image,
          digest: request.form === "docker-archive" ? undefined : manifest.descriptor.digest,
          proof,
        },
        referrers: request.image.source.referrers,
      });
    }
    await onProved(results);
    first.signal?.throwIfAborted();
    for (const { image } of requests) await image.source.checkUnchanged();
    await place.publish(path);
    return results;
  } catch (error) {
    throw cannotWrite(place.output, error);
  }
}

/**
 * Plain layers were only walked until now, and all are read again. What may be linked is verified when it turns out that
 * it is read: the proof reads it anyhow.
 */
async function checkOf({ image, form, bytes, signal }: OptimizeRequest): Promise<BlobCheck> {
  const check = new BlobCheck(image, bytes, signal);
  const layers = image.layers.filter(({ missing }) => !missing).map(({ index }) => index);
  const files = await Promise.all(layers.map((index) => image.source.blob(index)));
  await check.begin(layers.filter((_, i) => form !== "oci" || files[i]!.path === undefined));
  return check;
}

function proofOf(
  { image, form, recompress, signal, allowHuge, bytes, heap }: OptimizeRequest,
  { manifest, outcomes, known, shown }: Made & { readonly shown: Visible },
  path: string,
): Promise<Proof> {
  return prove({ image, visible: shown }, path, {
    // an archive of Docker's own form has one image and no manifest
    manifest: form === "docker-archive" ? undefined : manifest.descriptor.digest,
    untouched: outcomes.flatMap(({ index, plan }) =>
      plan.action === "keep" && (plan.why === "base" || plan.why === "shared")
        ? [[index, manifest.image.layers.findIndex(({ from }) => from === index)] as const]
        : [],
    ),
    pruned: outcomes.flatMap(({ plan }) => ("rewrite" in plan ? plan.rewrite.pruned : [])),
    recompressedBase: recompress?.base === true,
    known,
    signal,
    allowHuge,
    bytes,
    heap,
  });
}

async function planOf(request: OptimizeRequest): Promise<LayerPlan[]> {
  const { image, fixedLayers, shared, repair, dropIdentical, pruned, squash } = request;
  const { layers, config } = image;
  if (dropIdentical) await image.hash(questionsOfIdentical(layers, fixedLayers));
  const input = {
    layers,
    os: config.platform.os,
    fixedLayers,
    shared,
    mayRemove: canRemove(image),
    isPruned: (layer: number, entry: Entry) => pruned.get(layer)?.has(entry) === true,
  };
  const options = { repair, dropIdentical, isSameContent };
  const plans = planLayers(input, options);
  if (squash === undefined) return plans;
  if (!input.mayRemove)
    throw new UserError(
      `${image.name}: its history does not tell which layer is whose, so layers cannot be merged; leave --squash out`,
    );
  const merges = squash(plans.map((plan, index) => storedAfter(layers, plan, index)));
  return merges.length === 0 ? plans : planLayers({ ...input, merges }, options);
}

/** Whether a layer that is kept is stored in another way. */
function isRecompressed({ image, recompress }: OptimizeRequest, plan: LayerPlan, index: number): boolean {
  const layer = image.layers[index]!;
  if (recompress === undefined || plan.action !== "keep" || layer.missing) return false;
  if (plan.why === "base" && !recompress.base) return false;
  if (typeof plan.why !== "string" && plan.why.code === "foreign") return false;
  return layer.compression !== recompress.compression || recompress.level !== undefined;
}

function sizeOf(layer: OpenedImage["layers"][number]): LayerSize {
  return { diffId: layer.diffId, storedBytes: layer.compressedBytes, tarBytes: layer.tarBytes };
}

interface Made {
  readonly manifest: WrittenManifest;
  readonly outcomes: readonly LayerOutcome[];
  readonly known: ReadonlyMap<number, KnownLayer>;
}

async function write(
  request: OptimizeRequest,
  plans: readonly LayerPlan[],
  check: BlobCheck,
  writer: BlobWriter,
  place: Workplace,
): Promise<Made> {
  const { image } = request;
  const { source } = image;
  const codecOf = (index: number): Codec =>
    request.recompress ?? { compression: image.layers[index]!.compression, level: undefined };
  for (const [i, plan] of plans.entries()) {
    if (plan.action !== "rewrite" && !isRecompressed(request, plan, i)) continue;
    checkCanWrite(codecOf(i).compression, request.recompress === undefined ? image.name : undefined);
    if (codecOf(i).compression !== "none" || image.layers[i]!.compression !== "none")
      request.heap?.letGrow(growthFor(image.layers));
  }
  /** A layer that was stored small at the price of time is so again. */
  const codecLike = async (index: number): Promise<Codec> => {
    const codec = codecOf(index);
    if (codec.compression !== "gzip" || request.recompress !== undefined) return codec;
    const start = Buffer.alloc(10);
    readFully(await source.blob(index), start, 0, start.length);
    return { ...codec, level: gzipLevel(start) };
  };
  const slots = plans.map(() => writer.slot());
  // each that is being made takes memory, those that wait for a digest or for their turn take none; libuv has four threads
  const gate = new Gate(Math.max(4, availableParallelism()));
  const makeLayer = async (plan: LayerPlan, index: number, slot: Slot): Promise<NewLayer | undefined> => {
    if (plan.action === "remove" || plan.action === "merge") return undefined;
    const layer = image.layers[index]!;
    if (layer.missing) return copyMissing(request, slot, gate, check, index);
    const codec = plan.action === "rewrite" ? await codecLike(index) : codecOf(index);
    const { signal, onBytes } = request;
    if (isRecompressed(request, plan, index)) {
      const input = await inputOf(image, index);
      const written = await slot.blob(
        (to) => gate.pass(() => recompressLayer(input, to, { codec, signal, onBytes })),
        true,
      );
      await check.layer(index);
      return newLayer(written, index, codec.compression);
    }
    if (plan.action === "keep") return keep(request, slot, gate, check, index);
    const { pieces, files } = plan.rewrite;
    const inputs = await Promise.all(plan.sources.map((source) => inputOf(image, source)));
    // what is plain before and after is compared byte by byte; for anything else the proof needs hashes
    const isPlain = codec.compression === "none" && inputs.every(({ compression }) => compression === "none");
    const shelf = place.shelf();
    try {
      const written = await slot.blob(
        (to) =>
          gate.pass(() =>
            rewriteLayer(inputs, pieces, isPlain ? [] : files, to, { codec, shelf, signal, onBytes }),
          ),
        codec.compression !== "none",
      );
      for (const source of plan.sources) await check.layer(source);
      return newLayer(written, index, codec.compression);
    } finally {
      shelf.close();
    }
  };
  const made = await all(
    plans.map((plan, index) => makeLayer(plan, index, slots[index]!).finally(() => slots[index]!.leave())),
  );
  const layers = made.filter((layer) => layer !== undefined);
  const histories = historyOfLayers(image.config.history, image.layers.length);
  const emptied = plans.flatMap(({ action }, i) =>
    (action === "remove" || action === "merge") && histories !== undefined ? [histories[i]!] : [],
  );
  const config = newConfig(
    source.configBytes,
    layers.map(({ diffId }) => diffId),
    new Set(emptied),
  );
  const next: NewImage = {
    config,
    configDigest: digestOf(config),
    parsed: parseConfig(config, image.name),
    layers,
    tags: image.tags,
  };
  const manifest = await writeManifest(request, writer, next);
  const outcomes = plans.map((plan, index): LayerOutcome => {
    const layer = made[index];
    const before = sizeOf(image.layers[index]!);
    const recompressed = isRecompressed(request, plan, index);
    if (layer === undefined) return { index, plan, before, after: undefined, recompressed };
    const tarBytes = "rewrite" in plan ? plan.rewrite.tarBytes : before.tarBytes;
    return {
      index,
      plan,
      before,
      after: { diffId: layer.diffId, storedBytes: layer.size, tarBytes },
      recompressed,
    };
  });
  return { manifest, outcomes, known: knownLayers(image, layers) };
}

/** What was read of the blobs that were taken over, by their index in the new image. */
function knownLayers({ source }: OpenedImage, layers: readonly NewLayer[]): Map<number, KnownLayer> {
  const known = new Map<number, KnownLayer>();
  layers.forEach(({ changed, from, digest }, i) => {
    const content = changed ? undefined : source.known(from)?.content;
    if (content !== undefined) known.set(i, { content, digest });
  });
  return known;
}

function newLayer(
  { digest, diffId = digest, size }: Written & StoredBlob,
  from: number,
  compression: Compression,
): NewLayer {
  return { from, digest, diffId, size, compression, changed: true };
}

async function inputOf(image: OpenedImage, index: number): Promise<LayerInput> {
  return { file: await image.source.blob(index), compression: image.layers[index]!.compression };
}

async function keep(
  { form, image, signal, onBytes }: OptimizeRequest,
  slot: Slot,
  gate: Gate,
  check: BlobCheck,
  index: number,
): Promise<NewLayer> {
  const { compression, diffId, digest } = image.layers[index]!;
  // a compressed layer has been read when the image was opened, if there is no digest of it
  if (digest === undefined) throw new Error(`layer ${index} was not verified: a bug in opening`);
  const file = await image.source.blob(index);
  const isLinked = form === "oci" && file.path !== undefined && (await slot.link(file.path, digest));
  if (!isLinked) {
    await slot.copy(digest, (to) => gate.pass(() => copyBlob(file, to, { signal, onBytes })));
    await check.layer(index);
  }
  return { from: index, digest, diffId, size: file.size, compression, changed: false };
}

/** A foreign layer that is not here has only its descriptor; an encrypted one is copied unread. */
async function copyMissing(
  { image, form, signal, onBytes }: OptimizeRequest,
  slot: Slot,
  gate: Gate,
  check: BlobCheck,
  index: number,
): Promise<NewLayer> {
  const { digest, diffId, mediaType } = image.layers[index]!;
  if (form === "docker-archive" || digest === undefined)
    throw new UserError(
      `${image.name}: layer ${index} (${mediaType ?? "foreign"}) cannot be in a docker-archive; write an OCI image with --to oci`,
    );
  const rest = { from: index, digest, diffId, compression: "none" as Compression, changed: false };
  const file = await image.source.blob(index).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (file === undefined) return { ...rest, size: 0 };
  await slot.copy(digest, (to) => gate.pass(() => copyBlob(file, to, { signal, onBytes })));
  await check.layer(index);
  return { ...rest, size: file.size };
}

/** Configuration and manifest. */
async function writeManifest(
  { image, form }: OptimizeRequest,
  writer: BlobWriter,
  next: NewImage,
): Promise<WrittenManifest> {
  await writer.document(blobPath(form, next.configDigest, "config"), next.config);
  const { bytes, mediaType } = manifestOf(next, image.source);
  const descriptor = { ...blobOf(bytes), mediaType };
  if (form !== "docker-archive") await writer.document(blobPath(form, descriptor.digest, "manifest"), bytes);
  return { image: next, descriptor, source: image.source, annotations: image.annotations };
}

/** What leads to the manifests. Several of them are the platforms of one image, which has an index of its own then. */
async function writeIndexes(made: readonly Made[], writer: BlobWriter, form: OutputForm): Promise<void> {
  const manifests = made.map(({ manifest }) => manifest);
  const [first, ...others] = manifests;
  if (first === undefined) return;
  if (form !== "docker-archive") {
    let platforms: { readonly digest: Digest; readonly size: number } | undefined;
    if (others.length > 0) {
      const bytes = platformIndexOf(manifests);
      platforms = blobOf(bytes);
      await writer.document(blobPath(form, platforms.digest, "manifest"), bytes);
    }
    await writer.document("index.json", indexOf(first, platforms));
    await writer.document("oci-layout", ociLayout);
  }
  if (form === "docker-archive" || form === "hybrid")
    await writer.document("manifest.json", dockerIndex(form, first.image));
}

function blobOf(bytes: Buffer): { readonly digest: Digest; readonly size: number } {
  return { digest: digestOf(bytes), size: bytes.length };
}

function digestOf(bytes: Buffer): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** All of them; when they are done, the first failure is thrown. */
async function all<T extends readonly unknown[] | []>(
  works: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

/** `--to`, else what the name says, else the form of the input. Only an OCI image holds several platforms. */
export function formOf(
  to: OutputForm | undefined,
  output: string,
  input: ImageForm,
  platforms: number,
): OutputForm {
  if (platforms > 1 && (to === "docker-archive" || to === "hybrid"))
    throw new UserError(
      `${output}: a ${to} holds one platform only; write several with --to oci or --to oci-archive`,
    );
  if (to !== undefined) return to;
  if (!/\.tar$/i.test(output)) return "oci";
  return input === "oci" || input === "dir" || platforms > 1 ? "oci-archive" : input;
}
