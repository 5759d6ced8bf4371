/** The progress line on a terminal. */
import type { Masker } from "../app/masker.ts";
import type { Progress } from "../app/options.ts";
import { formatBytes } from "../format.ts";
import type { Output } from "./streams.ts";

const firstAfterMs = 1000;
const everyMs = 100;

/** Shows the progress of reading: on a terminal only, and only after a second. */
export class ProgressLine {
  readonly #out: Output;
  readonly #masker: Masker;
  readonly #start = Date.now();
  #last = 0;
  #shown = false;

  constructor(out: Output, masker: Masker) {
    this.#masker = masker;
    this.#out = out;
  }

  readonly update = (progress: Progress): void => {
    const now = Date.now();
    if (this.#out.isTTY !== true || now - this.#start < firstAfterMs || now - this.#last < everyMs) return;
    this.#last = now;
    this.#shown = true;
    const done = formatBytes(progress.doneBytes);
    const of = progress.totalBytes > 0 ? ` of ${formatBytes(progress.totalBytes)}` : "";
    // masked before it is cut
    const text = this.#masker.text(`reading ${progress.what}: ${done}${of}`);
    this.#out.write(`\r\x1b[K${text.slice(0, (this.#out.columns ?? 80) - 1)}`);
  };

  /** Clears the line for the next output. */
  clear(): void {
    if (this.#shown) this.#out.write("\r\x1b[K");
    this.#shown = false;
  }
}
