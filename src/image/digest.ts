/** Digests, as image documents write them: `sha256:<64 hex>`; other algorithms are carried, not verified. */

declare const isDigest: unique symbol;
declare const isDiffId: unique symbol;

/** Of a blob as it is stored. */
export type Digest = string & { readonly [isDigest]: true };

/** Of the uncompressed tar of a layer; for a layer that is stored plain it is the digest of the blob as well. */
export type DiffId = Digest & { readonly [isDiffId]: true };

/** What a document of the image, or the user, states. */
export function asDigest(text: string): Digest {
  return text as Digest;
}

/** What an image configuration states, or what was computed over an uncompressed tar. */
export function asDiffId(text: string): DiffId {
  return text as DiffId;
}

/** Of a SHA-256 in lower-case hexadecimal. */
export function sha256Digest(hex: string): Digest {
  return asDigest(`sha256:${hex}`);
}
