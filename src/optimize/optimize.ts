import { createHash } from "node:crypto";
import { UserError } from "../errors.ts";
import type { KnownLayer } from "../image/blob.ts";
import { workHere } from "../image/bytes/work.ts";
import type { Digest, Entry, ImageForm, OpenedImage, Referrer } from "../image/image.ts";
import { parseConfig } from "../image/sources/config.ts";
import { BlobCheck } from "../image/verify.ts";
import { blobPath, blobWriter, type BlobWriter, type OutputForm } from "../image/writing/blob-writer.ts";
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
import { historyOfLayers, newConfig } from "./new-config.ts";
import { isSameContent, questionsOfIdentical } from "./plan/identical.ts";
import { planLayers, type LayerPlan } from "./plan/plan.ts";
import { bothWays, prove, type Proof } from "./proof/prove.ts";
import type { Visible } from "./proof/visible.ts";
import type { OptimizeRequest } from "./request.ts";
import { canRemove, storedAfter } from "./savings.ts";
import { isRecompressed, LayerWriter } from "./write-layers.ts";

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
  const layerWriter = new LayerWriter(request, plans, place, check);
  const slots = plans.map(() => writer.slot());
  const made = await all(
    plans.map((plan, i) => layerWriter.write(plan, i, slots[i]!).finally(() => slots[i]!.leave())),
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
