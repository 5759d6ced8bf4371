/** How much the heap may grow while an image is planned and proved. */
import type { Layer } from "./image.ts";

/** What the collector of garbage is told. The heap belongs to the process, so only its entry file can (src/cli/bin.ts). */
export interface Heap {
  /**
   * Much is going to pass through buffers, which count, and most of what is in the heap stays: it may grow by so much
   * before it is marked.
   */
  letGrow(percent: number): void;
  /** Much was needed that is needed no more: that goes, and from here on the heap grows little before it is marked. */
  clear(): void;
}

/** How much: with 100,000 entries in it, what could grow fivefold would take more memory than it spares time. */
export function growthFor(layers: readonly Pick<Layer, "entries">[]): number {
  return layers.reduce((sum, { entries }) => sum + entries.length, 0) < 50_000 ? 400 : 200;
}
