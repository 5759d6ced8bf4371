/** Finds neighbouring layers that are better merged. */
import { itemAt } from "../must.ts";
import { madeBy } from "./made-by.ts";
import type { ImageView } from "./subject.ts";

/**
 * Cost of one more layer in a pull, as bytes that could be transferred in the same time: about 0.27 s of mounting and
 * unpacking at 10 MB/s (docs/spec/optimizing.md, section 9, λ; ten times as much on a fast network, so this value is
 * cautious).
 */
const LAYER_COST = 3_000_000;

/**
 * Assumed probability that an instruction changes from one release to the next (docs/spec/optimizing.md, section 9,
 * u): copies from the build context change often, other instructions seldom.
 */
const COPY_CHANGES = 0.5;
const OTHERS_CHANGE = 0.1;

/** Neighbouring layers that are better merged. */
export interface Merge {
  readonly first: number;
  readonly last: number;
  /** Content bytes that one of them adds and another one hides. */
  readonly deadBytes: number;
  /** Compressed bytes of the merged layer: their sum without the share of the dead files. */
  readonly compressedBytes: number;
}

/** Layers whose dead bytes have been removed already. */
export interface CleanLayers {
  /** The first one that may be merged. */
  readonly start: number;
  /** Stored bytes of each layer of the image after that. */
  readonly storedBytes: readonly number[];
}

/**
 * Splits the layers above the base so that the expected transfer per release is smallest (docs/spec/optimizing.md,
 * section 9), and returns the groups of two and more. A missing layer is never merged.
 */
export function bestMerges(view: ImageView, clean?: CleanLayers): Merge[] {
  const { layers } = view.image;
  const start = clean?.start ?? view.origins.base.layers;
  const size = layers.length - start;
  if (size < 2) return [];
  const dead = clean === undefined ? deadBetween(view, start, size) : nothingDead(size);
  const stored = clean?.storedBytes ?? layers.map((layer) => layer.compressedBytes);
  const compressed = stored.slice(start);
  const missing = layers.slice(start).map((layer) => layer.missing);
  const changes = changeProbabilities(view, start, size);
  const best = [0];
  const cuts: { from: number; merge: Merge | undefined }[] = [];
  for (let j = 0; j < size; j++) {
    let choice = { value: itemAt(best, j), from: j, merge: undefined as Merge | undefined };
    let [sum, separate, content, share] = [0, 0, 0, 0];
    for (let i = j; i >= 0 && missing[i] !== true; i--) {
      sum += itemAt(compressed, i);
      separate += itemAt(changes, i) * itemAt(compressed, i);
      // Dead bytes of files that layer i added, hidden by layers up to j.
      content += dead.content.get(i, j);
      share += dead.share.get(i, j);
      const compressedBytes = Math.max(0, Math.round(sum - share));
      const gain = separate - itemAt(changes, j) * compressedBytes + (j - i) * LAYER_COST;
      // a layer alone gains nothing
      const value = itemAt(best, i) + gain;
      if (value <= choice.value) continue;
      choice = {
        value,
        from: i,
        merge: { first: start + i, last: start + j, deadBytes: content, compressedBytes },
      };
    }
    best.push(choice.value);
    cuts.push(choice);
  }
  const merges: Merge[] = [];
  for (let end = size; end > 0;) {
    const cut = itemAt(cuts, end - 1);
    if (cut.merge !== undefined) merges.unshift(cut.merge);
    end = cut.from;
  }
  return merges;
}

/** Sums of dead files by the layer that added them and the last layer that counts. */
class Triangle {
  readonly #rows: Float64Array[];

  constructor(size: number) {
    this.#rows = Array.from({ length: size }, () => new Float64Array(size));
  }

  add(i: number, j: number, value: number): void {
    const row = itemAt(this.#rows, i);
    row[j] = itemAt(row, j) + value;
  }

  /** Turns "hidden in j" into "hidden in j or before". */
  accumulate(): void {
    for (const row of this.#rows) {
      for (let j = 1; j < row.length; j++) row[j] = itemAt(row, j) + itemAt(row, j - 1);
    }
  }

  get(i: number, j: number): number {
    return itemAt(itemAt(this.#rows, i), j);
  }
}

function deadBetween(view: ImageView, start: number, size: number): { content: Triangle; share: Triangle } {
  const content = new Triangle(size);
  const share = new Triangle(size);
  for (const { addedIn, hiddenIn, bytes, entry } of view.rootfs.deadFiles) {
    if (addedIn < start || addedIn === hiddenIn) continue;
    content.add(addedIn - start, hiddenIn - start, bytes);
    share.add(addedIn - start, hiddenIn - start, itemAt(view.image.layers, addedIn).compressedShare(entry));
  }
  content.accumulate();
  share.accumulate();
  return { content, share };
}

function nothingDead(size: number): { content: Triangle; share: Triangle } {
  return { content: new Triangle(size), share: new Triangle(size) };
}

/** Returns for each layer the probability that a release changes it, or a layer below it. */
function changeProbabilities(view: ImageView, start: number, size: number): number[] {
  let stays = 1;
  return Array.from({ length: size }, (_, at) => {
    const kind = madeBy(view, start + at);
    stays *= 1 - (kind === "COPY" || kind === "ADD" ? COPY_CHANGES : OTHERS_CHANGE);
    return 1 - stays;
  });
}
