/** Compares many ranges of two files; neighbouring ranges share a read. */
import { itemAt } from "../../must.ts";
import { readFully, type FileRange } from "./file-range.ts";
import { setImmediate } from "node:timers/promises";

/** Bytes that one read takes from each file. */
const windowBytes = 2 ** 20;
/** A gap between two ranges up to this length is read rather than skipped. */
const maxGap = 2 ** 16;
const breathBytes = 2 ** 25;

/**
 * Compares ranges of two files byte by byte, and returns the indexes of those that differ. `ranges` has three numbers
 * for each: its offset in the first file, its offset in the second, its length. Ranges should be sorted by offset, so
 * that many small ones share a read.
 */
export async function differingRanges(a: FileRange, b: FileRange, ranges: Float64Array): Promise<number[]> {
  const comparison = new Comparison(a, b, ranges);
  while (!comparison.isDone) {
    comparison.compareSome();
    await setImmediate();
  }
  return comparison.differing;
}

class Comparison {
  readonly differing: number[] = [];
  readonly #a: FileRange;
  readonly #b: FileRange;
  readonly #ranges: Float64Array;
  readonly #inA = Buffer.allocUnsafe(windowBytes);
  readonly #inB = Buffer.allocUnsafe(windowBytes);
  #next = 0;

  constructor(a: FileRange, b: FileRange, ranges: Float64Array) {
    this.#a = a;
    this.#b = b;
    this.#ranges = ranges;
  }

  get isDone(): boolean {
    return this.#next * 3 >= this.#ranges.length;
  }

  /** Compares ranges until the event loop should get a turn. */
  compareSome(): void {
    for (let bytes = 0; bytes < breathBytes && !this.isDone;) {
      const length = itemAt(this.#ranges, 3 * this.#next + 2);
      bytes += length > windowBytes ? this.#compareLarge() : this.#compareNeighbours();
    }
  }

  #compareLarge(): number {
    const at = 3 * this.#next;
    const length = itemAt(this.#ranges, at + 2);
    for (let done = 0; done < length; done += windowBytes) {
      const bytes = Math.min(windowBytes, length - done);
      readFully(this.#a, this.#inA, itemAt(this.#ranges, at) + done, bytes);
      readFully(this.#b, this.#inB, itemAt(this.#ranges, at + 1) + done, bytes);
      if (this.#inA.compare(this.#inB, 0, bytes, 0, bytes) === 0) continue;
      this.differing.push(this.#next);
      break;
    }
    this.#next++;
    return length;
  }

  /** Compares the next ranges that lie close together in both files, and returns how many. */
  #compareNeighbours(): number {
    const first = this.#next;
    const ranges = this.#ranges;
    const startA = itemAt(ranges, 3 * first);
    const startB = itemAt(ranges, 3 * first + 1);
    let endA = startA;
    let endB = startB;
    let last = first;
    for (; 3 * last < ranges.length; last++) {
      const length = itemAt(ranges, 3 * last + 2);
      if (!isNear(itemAt(ranges, 3 * last), length, startA, endA)) break;
      if (!isNear(itemAt(ranges, 3 * last + 1), length, startB, endB)) break;
      endA = itemAt(ranges, 3 * last) + length;
      endB = itemAt(ranges, 3 * last + 1) + length;
    }
    readFully(this.#a, this.#inA, startA, endA - startA);
    readFully(this.#b, this.#inB, startB, endB - startB);
    for (let i = first; i < last; i++) {
      const inA = itemAt(ranges, 3 * i) - startA;
      const inB = itemAt(ranges, 3 * i + 1) - startB;
      const length = itemAt(ranges, 3 * i + 2);
      if (this.#inA.compare(this.#inB, inB, inB + length, inA, inA + length) !== 0) this.differing.push(i);
    }
    this.#next = last;
    return endA - startA;
  }
}

function isNear(at: number, length: number, start: number, end: number): boolean {
  return at >= end && at <= end + maxGap && at + length <= start + windowBytes;
}
