/** Writes the layers of an image as they were planned. */
import { availableParallelism } from "node:os";
import { UserError } from "../errors.ts";
import type { LayerFile } from "../image/blob.ts";
import { readFully } from "../image/bytes/file-range.ts";
import { gzipLevel } from "../image/detect-format.ts";
import { asDiffId } from "../image/digest.ts";
import { growthFor } from "../image/heap.ts";
import { isForeign, type Compression, type Digest } from "../image/image.ts";
import type { BlobCheck } from "../image/verify.ts";
import type { Slot, StoredBlob } from "../image/writing/blob-writer.ts";
import { checkCanWrite, type Codec } from "../image/writing/compress.ts";
import type { NewLayer } from "../image/writing/documents.ts";
import type { StagingDirectory } from "../image/writing/staging-directory.ts";
import {
  copyBlob,
  recompressLayer,
  rewriteLayer,
  type LayerInput,
  type Written,
} from "../image/writing/write-layer.ts";
import { itemAt } from "../must.ts";
import type { LayerPlan } from "./plan/layer-plan.ts";
import type { OptimizeRequest } from "./request.ts";
import { Semaphore } from "./semaphore.ts";

/** Makes the layers of a new image as they were planned. Meanwhile `check` verifies the old ones. */
export class LayerWriter {
  readonly #request: OptimizeRequest;
  readonly #place: StagingDirectory;
  readonly #check: BlobCheck;
  /** Limits the layers that are made at a time: each takes memory, and libuv has four threads. */
  readonly #semaphore = new Semaphore(Math.max(4, availableParallelism()));

  /** Throws `UserError` where a plan cannot be carried out here. */
  constructor(
    request: OptimizeRequest,
    plans: readonly LayerPlan[],
    place: StagingDirectory,
    check: BlobCheck,
  ) {
    this.#request = request;
    this.#place = place;
    this.#check = check;
    const { image, recompress, heap } = request;
    for (const [i, plan] of plans.entries()) {
      if (plan.action !== "rewrite" && !isRecompressed(request, plan, i)) continue;
      const { compression } = this.#codecOf(i);
      checkCanWrite(compression, recompress === undefined ? image.name : undefined);
      if (compression !== "none" || itemAt(image.layers, i).compression !== "none")
        heap?.letGrow(growthFor(image.layers));
    }
  }

  /** Undefined for a layer that is gone. */
  async write(plan: LayerPlan, index: number, slot: Slot): Promise<NewLayer | undefined> {
    if (plan.action === "remove" || plan.action === "merge") return undefined;
    if (itemAt(this.#request.image.layers, index).missing) return this.#copyMissing(slot, index);
    if (plan.action === "rewrite") return this.#rewrite(plan, slot, index);
    return isRecompressed(this.#request, plan, index)
      ? this.#recompress(slot, index)
      : this.#keep(slot, index);
  }

  async #rewrite(
    { sources, rewrite }: LayerPlan & { readonly action: "rewrite" | "remove" },
    slot: Slot,
    index: number,
  ): Promise<NewLayer> {
    const { signal, onBytes } = this.#request;
    const codec = await this.#codecLike(index);
    const inputs = await Promise.all(sources.map((source) => this.#inputOf(source)));
    // the proof compares plain layers byte by byte; of all others it needs the hashes of files
    const isPlain = codec.compression === "none" && inputs.every(({ compression }) => compression === "none");
    const hashed = isPlain ? [] : rewrite.files;
    const shelf = this.#place.shelf();
    try {
      const options = { codec, shelf, signal, onBytes };
      const written = await slot.blob(
        (to) => this.#semaphore.pass(() => rewriteLayer(inputs, rewrite.pieces, hashed, to, options)),
        codec.compression !== "none",
      );
      for (const source of sources) await this.#check.layer(source);
      return newLayer(written, index, codec.compression);
    } finally {
      shelf.close();
    }
  }

  async #recompress(slot: Slot, index: number): Promise<NewLayer> {
    const { signal, onBytes } = this.#request;
    const codec = this.#codecOf(index);
    const input = await this.#inputOf(index);
    const written = await slot.blob(
      (to) => this.#semaphore.pass(() => recompressLayer(input, to, { codec, signal, onBytes })),
      true,
    );
    await this.#check.layer(index);
    return newLayer(written, index, codec.compression);
  }

  async #keep(slot: Slot, index: number): Promise<NewLayer> {
    const { image, form } = this.#request;
    const { compression, diffId, digest } = itemAt(image.layers, index);
    // a compressed layer has been read when the image was opened, if there is no digest of it
    if (digest === undefined) throw new Error(`layer ${index} was not verified: a bug in opening`);
    const file = await image.source.blob(index);
    const isLinked = form === "oci" && file.path !== undefined && (await slot.link(file.path, digest));
    if (!isLinked) await this.#copy(slot, index, digest, file);
    return { from: index, digest, diffId, size: file.size, compression, changed: false };
  }

  /** A foreign layer that is not here has only its descriptor; an encrypted one is copied unread. */
  async #copyMissing(slot: Slot, index: number): Promise<NewLayer> {
    const { image, form } = this.#request;
    const { digest, diffId, mediaType } = itemAt(image.layers, index);
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
    await this.#copy(slot, index, digest, file);
    return { ...rest, size: file.size };
  }

  async #copy(slot: Slot, index: number, digest: Digest, file: LayerFile): Promise<void> {
    const { signal, onBytes } = this.#request;
    await slot.copy(digest, (to) => this.#semaphore.pass(() => copyBlob(file, to, { signal, onBytes })));
    await this.#check.layer(index);
  }

  async #inputOf(index: number): Promise<LayerInput> {
    const { image } = this.#request;
    return { file: await image.source.blob(index), compression: itemAt(image.layers, index).compression };
  }

  #codecOf(index: number): Codec {
    const { image, recompress } = this.#request;
    return recompress ?? { compression: itemAt(image.layers, index).compression, level: undefined };
  }

  /** With the level of the old layer, so that one that was compressed well is again. */
  async #codecLike(index: number): Promise<Codec> {
    const codec = this.#codecOf(index);
    if (codec.compression !== "gzip" || this.#request.recompress !== undefined) return codec;
    const start = Buffer.alloc(10);
    readFully(await this.#request.image.source.blob(index), start, 0, start.length);
    return { ...codec, level: gzipLevel(start) };
  }
}

function newLayer(
  { digest, diffId = asDiffId(digest), size }: Written & StoredBlob,
  from: number,
  compression: Compression,
): NewLayer {
  return { from, digest, diffId, size, compression, changed: true };
}

/** Whether a layer that is kept is compressed in another way. */
export function isRecompressed(
  { image, recompress }: OptimizeRequest,
  plan: LayerPlan,
  index: number,
): boolean {
  const layer = itemAt(image.layers, index);
  if (recompress === undefined || plan.action !== "keep" || layer.missing) return false;
  if (plan.why === "shared" || isForeign(layer)) return false;
  if (plan.why === "base" && !recompress.base) return false;
  return layer.compression !== recompress.compression || recompress.level !== undefined;
}
