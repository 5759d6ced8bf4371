/** Attributes compressed bytes to the entries of a layer. */
import { itemAt, lastItem } from "../../must.ts";
import type { Entry } from "../entry.ts";

const smallestStep = 2 ** 13;
const largestStep = 2 ** 18;
/** A step takes at most 1/32 of the input before it. */
const fineness = 32;

/**
 * Records a decoder's output position at certain input positions, which gives each entry's share of a compressed
 * layer (docs/spec/layers.md, rule 6). Between two positions, input is shared by length. The positions do not depend
 * on how the input is cut into chunks, so that a pipe and a file give the same shares.
 */
export class DecoderProgress {
  readonly #output: () => number;
  #taken = 0;
  readonly #outputs: number[] = [0];
  readonly #inputs: number[] = [0];

  /** `output` returns how many bytes the decoder has written so far. */
  constructor(output: () => number) {
    this.#output = output;
  }

  /**
   * Cuts a chunk at the recorded input positions. When the caller asks for the next part, the one before must be
   * decoded.
   */
  *cut(chunk: Buffer): Generator<Buffer> {
    for (let at = 0; at < chunk.length;) {
      const next = placeAfter(this.#taken);
      const part = chunk.subarray(at, at + next - this.#taken);
      at += part.length;
      yield part;
      this.#taken += part.length;
      if (this.#taken === next) this.#note();
    }
  }

  /** Ends the recording; the decoder has written all its output. */
  finish(): void {
    this.#note();
  }

  /** Returns an entry's share of the input, in bytes. */
  share({ offset, tarBytes }: Entry): number {
    return this.#inputAt(offset + tarBytes) - this.#inputAt(offset);
  }

  #note(): void {
    const output = this.#output();
    if (output > lastItem(this.#outputs)) this.#outputs.push(output);
    this.#inputs[this.#outputs.length - 1] = this.#taken;
  }

  #inputAt(output: number): number {
    let [low, high] = [0, this.#outputs.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (itemAt(this.#outputs, middle) <= output) low = middle;
      else high = middle;
    }
    const [from, to] = [itemAt(this.#outputs, low), itemAt(this.#outputs, high)];
    const [start, end] = [itemAt(this.#inputs, low), itemAt(this.#inputs, high)];
    return to === from ? end : start + Math.round(((output - from) / (to - from)) * (end - start));
  }
}

function placeAfter(taken: number): number {
  let step = smallestStep;
  while (step < largestStep && step * fineness * 2 <= taken) step *= 2;
  return (Math.floor(taken / step) + 1) * step;
}
