/** Verifies blobs against their digests while other work goes on. */
import { itemAt } from "../must.ts";
import type { LayerFile } from "./blob.ts";
import { workHere, type ByteWork } from "./bytes/work.ts";
import { algorithmsOf, checkDigest } from "./digest.ts";
import type { OpenedImage } from "./image.ts";

/**
 * Compares blobs with their stated digests, each at most once, in a worker thread where there is one. For callers
 * that open an image without reading plain layers in full.
 */
export class BlobCheck {
  readonly #image: OpenedImage;
  readonly #bytes: ByteWork;
  readonly #signal: AbortSignal | undefined;
  readonly #checks = new Map<number, Promise<void>>();

  constructor(image: OpenedImage, bytes: ByteWork = workHere, signal?: AbortSignal) {
    this.#image = image;
    this.#bytes = bytes;
    this.#signal = signal;
  }

  /** Starts to verify layers; resolves when all checks have started. */
  async begin(layers: readonly number[]): Promise<void> {
    const files = await Promise.all(layers.map((index) => this.#image.source.blob(index)));
    for (const [i, index] of layers.entries()) void this.#check(index, itemAt(files, i));
  }

  /** Waits for the check of one layer. Throws `UserError` naming the blob on a mismatch. */
  async layer(index: number): Promise<void> {
    await (this.#checks.get(index) ?? this.#check(index, await this.#image.source.blob(index)));
  }

  /** Waits for all checks that were started. */
  async done(): Promise<void> {
    await Promise.all(this.#checks.values());
  }

  #check(index: number, file: LayerFile): Promise<void> {
    const { digest, diffId, compression, missing } = itemAt(this.#image.layers, index);
    const isPlain = compression === "none" && !missing;
    const [algorithm, other] = new Set(algorithmsOf([digest, isPlain ? diffId : undefined]));
    const options = { signal: this.#signal };
    const digesting = Promise.all([
      this.#bytes.digest(file, { ...options, algorithm }),
      ...(other === undefined ? [] : [this.#bytes.digest(file, { ...options, algorithm: other })]),
    ]);
    const check = digesting.then((found) => {
      // for a plain layer without a stated digest, the diff ID is all there is to compare with
      if (!isPlain || digest !== diffId) checkDigest(file.name, "digest", digest, found);
      if (isPlain) checkDigest(file.name, "diff ID", diffId, found);
    });
    // a failure is thrown by the call that waits for this check
    check.catch(() => undefined);
    this.#checks.set(index, check);
    return check;
  }
}
