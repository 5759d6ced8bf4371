/** Writes the documents of an image: configuration, manifest, indexes. */
import { createHash } from "node:crypto";
import type { KnownLayer } from "../image/blob.ts";
import { sha256Digest } from "../image/digest.ts";
import type { OutputForm } from "../image/forms.ts";
import type { Digest, OpenedImage } from "../image/image.ts";
import { parseConfig } from "../image/sources/image-config.ts";
import type { BlobCheck } from "../image/verify.ts";
import { blobPath, type BlobWriter } from "../image/writing/blob-writer.ts";
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
import type { StagingDirectory } from "../image/writing/staging-directory.ts";
import { itemAt } from "../must.ts";
import { all } from "./all.ts";
import { historyOfLayers, newConfig } from "./new-config.ts";
import { sizeOf, type LayerOutcome } from "./outcome.ts";
import type { LayerPlan } from "./plan/layer-plan.ts";
import type { OptimizeRequest } from "./request.ts";
import { isRecompressed, LayerWriter } from "./write-layers.ts";

/** An image that was written, except for the indexes that lead to its manifest. */
export interface Made {
  readonly manifest: WrittenManifest;
  readonly outcomes: readonly LayerOutcome[];
  readonly known: ReadonlyMap<number, KnownLayer>;
}

/** Writes the layers, the configuration and the manifest of one image. */
export async function writeImage(
  request: OptimizeRequest,
  plans: readonly LayerPlan[],
  check: BlobCheck,
  writer: BlobWriter,
  place: StagingDirectory,
): Promise<Made> {
  const { image } = request;
  const { source } = image;
  const layerWriter = new LayerWriter(request, plans, place, check);
  const slots = plans.map((plan) => ({ plan, slot: writer.slot() }));
  const made = await all(
    slots.map(({ plan, slot }, i) => layerWriter.write(plan, i, slot).finally(() => slot.leave())),
  );
  const layers = made.filter((layer) => layer !== undefined);
  const histories = historyOfLayers(image.config.history, image.layers.length);
  const emptied = plans.flatMap(({ action }, i) =>
    (action === "remove" || action === "merge") && histories !== undefined ? [itemAt(histories, i)] : [],
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
    const before = sizeOf(itemAt(image.layers, index));
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

/** What is known from reading the blobs that were copied unchanged, by their index in the new image. */
function knownLayers({ source }: OpenedImage, layers: readonly NewLayer[]): Map<number, KnownLayer> {
  const known = new Map<number, KnownLayer>();
  layers.forEach(({ changed, from, digest }, i) => {
    const content = changed ? undefined : source.known(from)?.content;
    if (content !== undefined) known.set(i, { content, digests: [digest] });
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

/** Writes the documents that refer to the manifests. Several manifests are platforms of one image and get a platform index. */
export async function writeIndexes(
  made: readonly Made[],
  writer: BlobWriter,
  form: OutputForm,
): Promise<void> {
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
  return sha256Digest(createHash("sha256").update(bytes).digest("hex"));
}
