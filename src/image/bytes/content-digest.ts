/** Computes SHA-256 digests of files whose bytes arrive in pieces. */
import { createHash, hash, type Hash } from "node:crypto";

/**
 * Hashes one file after the other with SHA-256. Most files are small and arrive in one piece; these are hashed
 * without a hash object, because 100,000 hash objects would fragment the memory.
 */
export class ContentDigest {
  #hash: Hash | undefined;
  #whole: string | undefined;

  /** Adds the next piece of a file that has `size` bytes in all. */
  add(piece: Buffer, size: number): void {
    if (piece.length === size) this.#whole = hash("sha256", piece);
    else (this.#hash ??= createHash("sha256")).update(piece);
  }

  /** Returns the digest in hexadecimal. The next `add` begins another file. */
  end(): string {
    const digest = this.#hash?.digest("hex") ?? this.#whole ?? hash("sha256", "");
    this.#hash = this.#whole = undefined;
    return digest;
  }
}
