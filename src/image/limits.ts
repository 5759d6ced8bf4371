/** Limits on the memory and time that an image may take. */
import { UserError } from "../errors.ts";
import type { Entry } from "./entry.ts";

/** Limits that protect against decompression bombs (`--allow-huge` lifts all but `keptBytes`). */
export interface Limits {
  /** Over all layers. */
  readonly entries: number;
  /** Names, link targets and extended attributes of all entries; they are held in memory. */
  readonly textBytes: number;
  /** Contents that rules ask for; files beyond this limit are not kept. */
  readonly keptBytes: number;
  /** A blob that inflates beyond this, and beyond `inflateRatio` times its own size, is refused. */
  readonly inflatedBytes: number;
  readonly inflateRatio: number;
}

export const defaultLimits: Limits = {
  entries: 10_000_000,
  textBytes: 2 ** 30,
  keptBytes: 2 ** 28,
  inflatedBytes: 16 * 2 ** 30,
  inflateRatio: 1000,
};

const wayOut = "--allow-huge reads it anyway";

/** Counts the entries and bytes of one image, over all its layers, against the limits. */
export class Budget {
  readonly #limits: Limits;
  readonly #lifted: boolean;
  #entries = 0;
  #textBytes = 0;
  #keptBytes = 0;

  constructor(limits: Partial<Limits> = {}, allowHuge = false) {
    this.#limits = { ...defaultLimits, ...limits };
    this.#lifted = allowHuge;
  }

  /** Counts an entry; `name` is the blob's, for the message. Throws `UserError` beyond a limit. */
  entry({ path, link, xattrs, sparseMap = "" }: Entry, name: string): void {
    this.#textBytes += path.length + link.length + sparseMap.length;
    if (xattrs !== undefined) for (const [key, value] of xattrs) this.#textBytes += key.length + value.length;
    this.#entries++;
    if (this.#lifted) return;
    const { entries, textBytes } = this.#limits;
    if (this.#entries > entries)
      throw new UserError(
        `${name}: the image has more than ${entries === 10_000_000 ? "10 million" : entries} entries; ${wayOut}`,
      );
    if (this.#textBytes > textBytes)
      throw new UserError(
        `${name}: the names and attributes of the image's files take more than ${textBytes / 2 ** 20} MiB; ${wayOut}`,
      );
  }

  /** Returns true, and counts the content, if `size` more bytes may be kept. */
  mayKeep(size: number): boolean {
    if (this.#keptBytes + size > this.#limits.keptBytes) return false;
    this.#keptBytes += size;
    return true;
  }

  /** Checks that a blob whose first `taken` bytes gave `inflated` bytes stays within the limits. */
  inflated(inflated: number, taken: number, name: string): void {
    const { inflatedBytes, inflateRatio } = this.#limits;
    if (this.#lifted || inflated <= inflatedBytes || inflated <= inflateRatio * taken) return;
    throw new UserError(
      `${name}: inflates more than ${inflateRatio}-fold and beyond ${inflatedBytes / 2 ** 30} GiB; ${wayOut}`,
    );
  }
}
