/** Text edits in the order of the text: a question about one place looks at few of them. */
import type { Range, TextEdit } from "../dockerfile/dockerfile.ts";
import { itemAt } from "../must.ts";

/** Edits that do not overlap, sorted by their place. */
export class SortedEdits {
  readonly #edits: TextEdit[];
  /** By how many characters the edits before each index move what follows; made on first use. */
  #shifts: readonly number[] | undefined;

  constructor(edits: readonly TextEdit[] = []) {
    this.#edits = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  }

  add(edit: TextEdit): void {
    const { start, end } = edit;
    const at = firstIndex(
      this.#edits,
      (each) => each.start > start || (each.start === start && each.end > end),
    );
    // mostly edits are added in their order
    if (at === this.#edits.length) this.#edits.push(edit);
    else this.#edits.splice(at, 0, edit);
    this.#shifts = undefined;
  }

  /** Returns true if an edit overlaps or touches the range. */
  meet({ start, end }: Range): boolean {
    const first = this.#edits[firstIndex(this.#edits, (edit) => edit.end >= start)];
    return first !== undefined && first.start <= end;
  }

  /**
   * Returns true if an edit changes the range or adds to its end. Edits that end before the range or begin after it do
   * not count.
   */
  change({ start, end }: Range): boolean {
    const first = this.#edits[firstIndex(this.#edits, (edit) => edit.end > start)];
    return first !== undefined && (first.start < end || (first.start === first.end && first.start === end));
  }

  /** Returns true if one edit replaces the whole range. */
  replace({ start, end }: Range): boolean {
    const last = this.#edits[firstIndex(this.#edits, (edit) => edit.start > start) - 1];
    return last !== undefined && last.end >= end;
  }

  /** Maps an offset of the old text to the new text, for offsets outside the edits. */
  moved(offset: number): number {
    const before = firstIndex(this.#edits, (edit) => edit.end > offset);
    return offset + itemAt((this.#shifts ??= shiftsOf(this.#edits)), before);
  }
}

function shiftsOf(edits: readonly TextEdit[]): number[] {
  const shifts = [0];
  let sum = 0;
  for (const { start, end, text } of edits) shifts.push((sum += text.length - (end - start)));
  return shifts;
}

/** Returns the index of the first item that passes, by binary search: all items after it must pass, too. */
export function firstIndex<T extends NonNullable<unknown>>(
  items: readonly T[],
  passes: (item: T) => boolean,
): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(itemAt(items, middle))) high = middle;
    else low = middle + 1;
  }
  return low;
}
