/**
 * Digests as image documents write them: `sha256:<64 hex>` or `sha512:<128 hex>`, the algorithms of the OCI image spec
 * that Node.js knows. Others are passed through; `--verify` refuses them.
 */
import { createHash } from "node:crypto";
import { UserError } from "../errors.ts";

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

export const digestAlgorithms = ["sha256", "sha512"] as const;
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** Returns the algorithm of a digest; undefined for one that cannot be verified. */
export function algorithmOf(digest: Digest): DigestAlgorithm | undefined {
  return digestAlgorithms.find((algorithm) => digest.startsWith(`${algorithm}:`));
}

/** Computes the digests of bytes that arrive in pieces, one with each algorithm. */
export class Digests {
  readonly #hashes;

  constructor(algorithms: Iterable<DigestAlgorithm>) {
    this.#hashes = [...new Set(algorithms)].map((algorithm) => ({ algorithm, hash: createHash(algorithm) }));
  }

  update(bytes: Uint8Array): void {
    for (const { hash } of this.#hashes) hash.update(bytes);
  }

  end(): Digest[] {
    return this.#hashes.map(({ algorithm, hash }) => asDigest(`${algorithm}:${hash.digest("hex")}`));
  }
}

/** Returns the algorithms of the given digests that can be computed. */
export function algorithmsOf(digests: readonly (Digest | undefined)[]): DigestAlgorithm[] {
  return digests.flatMap((digest) => (digest === undefined ? [] : (algorithmOf(digest) ?? [])));
}

/**
 * Throws `UserError` when a blob does not have the digest that a document states. `found`: its digests, one with each
 * algorithm that was computed; a stated digest of another algorithm is not compared.
 */
export function checkDigest(
  name: string,
  what: "digest" | "diff ID",
  stated: Digest | undefined,
  found: readonly Digest[],
): void {
  if (stated === undefined || found.includes(stated)) return;
  const other = found.find((digest) => algorithmOf(digest) === algorithmOf(stated));
  if (other !== undefined)
    throw new UserError(`${name}: its ${what} is ${other}, but ${stated} was expected; the image is damaged`);
}

/** Throws `UserError` for a digest that cannot be verified. */
export function checkAlgorithm(name: string, what: "digest" | "diff ID", stated: Digest | undefined): void {
  if (stated === undefined || algorithmOf(stated) !== undefined) return;
  const [algorithm] = stated.split(":");
  throw new UserError(
    `${name}: its ${what} is a ${algorithm} digest, which layerlint cannot verify; it knows ${digestAlgorithms.join(" and ")}`,
  );
}

/** Returns the digest for a SHA-256 in lower-case hexadecimal. */
export function sha256Digest(hex: string): Digest {
  return asDigest(`sha256:${hex}`);
}
