/** Measures pax and GNU headers. */
import type { Entry, ExtendedHeaders } from "../entry.ts";
import { blockSize, roundUp } from "./fields.ts";
import { recordsOf } from "./pax.ts";

/**
 * Measures the headers before a member's own header, so that their length with another name can be computed
 * (headers.ts).
 */
export class Extended {
  #pax: number | undefined;
  readonly #path = { others: 0, inPax: false, gnu: 0 };
  readonly #linkpath = { others: 0, inPax: false, gnu: 0 };

  /** Adds the next header: its type byte and its data. */
  add(type: number, data: Buffer): void {
    const kind = String.fromCharCode(type);
    if (kind === "L") this.#path.gnu += blockSize + roundUp(data.length);
    else if (kind === "K") this.#linkpath.gnu += blockSize + roundUp(data.length);
    else if (kind === "x") {
      this.#pax = data.length;
      this.#path.others = this.#linkpath.others = 0;
      for (const { key, raw } of recordsOf(data)) {
        if (key === "path") this.#path.inPax = true;
        else this.#path.others += raw.length;
        if (key === "linkpath") this.#linkpath.inPax = true;
        else this.#linkpath.others += raw.length;
      }
    }
  }

  of(kind: Entry["kind"]): ExtendedHeaders | undefined {
    if (kind === "dir") return undefined;
    const { others, inPax, gnu } = kind === "hardlink" ? this.#linkpath : this.#path;
    return { pax: this.#pax, others, inPax, gnu };
  }
}
