/** Digests as image documents write them: `sha256:<64 hex>`. Other algorithms are passed through and not verified. */

declare const isDigest: unique symbol;
declare const isDiffId: unique symbol;

/** Digest of a blob as it is stored. */
export type Digest = string & { readonly [isDigest]: true };

/** Digest of a layer's uncompressed tar; for a plain layer it equals the digest of the blob. */
export type DiffId = Digest & { readonly [isDiffId]: true };

/** Brands a digest that an image document or the user states. */
export function asDigest(text: string): Digest {
  return text as Digest;
}

/** Brands a digest that an image configuration states, or that was computed over an uncompressed tar. */
export function asDiffId(text: string): DiffId {
  return text as DiffId;
}

/** Returns the digest for a SHA-256 in lower-case hexadecimal. */
export function sha256Digest(hex: string): Digest {
  return asDigest(`sha256:${hex}`);
}
