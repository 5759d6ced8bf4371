/** The interface of `src/image/bytes`: digests and comparisons, independent of the thread that runs them. */
import type { DigestAlgorithm } from "../digest.ts";
import type { Digest } from "../entry.ts";
import type { FileRange } from "./file-range.ts";
import { digestOf } from "./hash-range.ts";
import { differingRanges } from "./same-bytes.ts";

export interface DigestOptions {
  /** Default: sha256. */
  readonly algorithm?: DigestAlgorithm | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes read since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Digests and comparisons of the bytes of open files, in the calling thread or in worker threads. */
export interface ByteWork {
  digest(range: FileRange, options?: DigestOptions): Promise<Digest>;
  /** Returns the indexes of the ranges that differ (same-bytes.ts). */
  differing(a: FileRange, b: FileRange, ranges: Float64Array): Promise<readonly number[]>;
  /** Runs all tasks in the calling thread that no worker thread has begun, instead of waiting for them. */
  takeJobs(): Promise<void>;
}

/** All work in the calling thread. */
export const workHere: ByteWork = {
  digest: (range, { algorithm = "sha256", signal, onBytes } = {}) =>
    digestOf(range, algorithm, signal, onBytes),
  differing: differingRanges,
  takeJobs: async () => {},
};
