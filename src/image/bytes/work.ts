import type { FileRange } from "./file-range.ts";
import type { Digest } from "../entry.ts";
import { digestOf } from "./digest.ts";
import { differingRanges } from "./same-bytes.ts";

export interface DigestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of bytes read since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** What is done with the bytes of open files without knowing what they are, here or in other threads. */
export interface ByteWork {
  digest(range: FileRange, options?: DigestOptions): Promise<Digest>;
  /** The numbers of the ranges that differ (same-bytes.ts). */
  differing(a: FileRange, b: FileRange, ranges: Float64Array): Promise<readonly number[]>;
  /** Does here what was asked of other threads and none has begun: for who would only wait otherwise. */
  help(): Promise<void>;
}

export const workHere: ByteWork = {
  digest: (range, { signal, onBytes } = {}) => digestOf(range, signal, onBytes),
  differing: differingRanges,
  help: async () => {},
};
