/** Limits heap growth while an image is planned and proved. */
import type { Layer } from "./image.ts";

/**
 * Controls of the garbage collector. The heap belongs to the process, so only its entry file implements them
 * (src/cli/bin.ts).
 */
export interface Heap {
  /**
   * Lets the heap grow by `percent` before the next mark phase. For phases in which many buffers, which count as heap
   * growth, pass through while most of the heap stays alive.
   */
  letGrow(percent: number): void;
  /** Frees objects of the finished phase, and lets the heap grow only a little before each later mark phase. */
  clear(): void;
}

/**
 * Returns the percentage for `letGrow`. With 100,000 entries, fivefold growth would cost more memory than the time it
 * saves is worth.
 */
export function growthFor(layers: readonly Pick<Layer, "entries">[]): number {
  return layers.reduce((sum, { entries }) => sum + entries.length, 0) < 50_000 ? 400 : 200;
}
