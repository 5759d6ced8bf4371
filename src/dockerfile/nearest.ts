/** Finds the name for a suggestion such as "did you mean FROM?" */
import { itemAt } from "../must.ts";

/** Returns the nearest candidate within two single-letter edits; undefined when there is none. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length < 3 || word.length > 20) return undefined;
  let best: string | undefined;
  let least = Math.min(3, word.length - 1);
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/**
 * Returns the number of single-letter edits between two words (optimal string alignment: a swap of neighbours counts
 * once).
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = itemAt(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(itemAt(previous, j) + 1, itemAt(row, j - 1) + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(itemAt(row, j), itemAt(before, j - 2) + 1);
    }
    before = previous;
    previous = row;
  }
  return itemAt(previous, b.length);
}
