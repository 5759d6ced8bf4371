import { createHash, hash, type Hash } from "node:crypto";

/**
 * The SHA-256 of one file as its bytes come. Nearly every file is small and comes in one piece, for which no state is made:
 * 100,000 of them would leave holes all over the memory.
 */
export class ContentDigest {
  #hash: Hash | undefined;
  #whole: string | undefined;

  /** `size` is that of the file. */
  add(piece: Buffer, size: number): void {
    if (piece.length === size) this.#whole = hash("sha256", piece);
    else (this.#hash ??= createHash("sha256")).update(piece);
  }

  /** In hexadecimal; it begins anew. */
  end(): string {
    const digest = this.#hash?.digest("hex") ?? this.#whole ?? hash("sha256", "");
    this.#hash = this.#whole = undefined;
    return digest;
  }
}
