import { setImmediate } from "node:timers/promises";
import { readFully, type FileRange } from "../tar/walk.ts";

/** What is read at once of each file. */
const windowBytes = 2 ** 20;
/** Bytes between two ranges that are read along rather than skipped. */
const maxGap = 2 ** 16;
const breathBytes = 2 ** 25;

/**
 * Compares ranges of two files byte by byte, and says which differ, by their number. `ranges` has three numbers for each:
 * where it is in the first file, where in the second, its length. In order of offset, many small ones are read at once.
 */
export async function differingRanges(a: FileRange, b: FileRange, ranges: Float64Array): Promise<number[]> {
  const windows = [Buffer.allocUnsafe(windowBytes), Buffer.allocUnsafe(windowBytes)] as const;
  const differing: number[] = [];
  const count = ranges.length / 3;
  let sinceBreath = 0;
  for (let i = 0; i < count;) {
    const [atA, atB, length] = [ranges[3 * i]!, ranges[3 * i + 1]!, ranges[3 * i + 2]!];
    let next = i + 1;
    if (length > windowBytes) {
      if (!isSameLargeRange(a, atA, b, atB, length, windows)) differing.push(i);
      sinceBreath += length;
    } else {
      let [endA, endB] = [atA + length, atB + length];
      for (; next < count; next++) {
        const [nextA, nextB, nextLength] = [ranges[3 * next]!, ranges[3 * next + 1]!, ranges[3 * next + 2]!];
        if (nextA < endA || nextA > endA + maxGap || nextA + nextLength > atA + windowBytes) break;
        if (nextB < endB || nextB > endB + maxGap || nextB + nextLength > atB + windowBytes) break;
        [endA, endB] = [nextA + nextLength, nextB + nextLength];
      }
      readFully(a, windows[0], atA, endA - atA);
      readFully(b, windows[1], atB, endB - atB);
      for (let each = i; each < next; each++) {
        const fromA = ranges[3 * each]! - atA;
        const fromB = ranges[3 * each + 1]! - atB;
        const bytes = ranges[3 * each + 2]!;
        if (windows[0].compare(windows[1], fromB, fromB + bytes, fromA, fromA + bytes) !== 0)
          differing.push(each);
      }
      sinceBreath += endA - atA;
    }
    i = next;
    if (sinceBreath < breathBytes) continue;
    await setImmediate();
    sinceBreath = 0;
  }
  return differing;
}

function isSameLargeRange(
  a: FileRange,
  atA: number,
  b: FileRange,
  atB: number,
  length: number,
  windows: readonly [Buffer, Buffer],
): boolean {
  for (let done = 0; done < length; done += windowBytes) {
    const bytes = Math.min(windowBytes, length - done);
    readFully(a, windows[0], atA + done, bytes);
    readFully(b, windows[1], atB + done, bytes);
    if (windows[0].compare(windows[1], 0, bytes, 0, bytes) !== 0) return false;
  }
  return true;
}
