/** SHA-256 of files whose bytes come in pieces. */
import { createHash, hash, type Hash } from "node:crypto";

/**
 * The SHA-256 of one file after the other. Nearly every file is small and comes in one piece; that is hashed without a hash
 * object, because 100,000 of those would fragment the memory.
 */
export class ContentDigest {
  #hash: Hash | undefined;
  #whole: string | undefined;

  /** `size` is that of the file. */
  add(piece: Buffer, size: number): void {
    if (piece.length === size) this.#whole = hash("sha256", piece);
    else (this.#hash ??= createHash("sha256")).update(piece);
  }

  /** In hexadecimal. The next `add` begins another file. */
  end(): string {
    const digest = this.#hash?.digest("hex") ?? this.#whole ?? hash("sha256", "");
    this.#hash = this.#whole = undefined;
    return digest;
  }
}
