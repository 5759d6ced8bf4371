/** Descriptors, and reading the blobs they name. */
import { createHash } from "node:crypto";
import { UserError } from "../../errors.ts";
import { algorithmsOf, asDigest, checkDigest, type Digest, Digests, sha256Digest } from "../digest.ts";
import { text, type Json } from "./image-config.ts";
import { missingBlob, type BlobStore } from "./store.ts";

/** A blob of an image: what a descriptor says, or the path in a docker-archive's manifest. */
export interface BlobRef {
  readonly path: string;
  readonly digest: Digest | undefined;
  readonly mediaType: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  /** Bytes as the manifest states; undefined without one. */
  readonly size: number | undefined;
}

export async function readBlob(store: BlobStore, ref: BlobRef): Promise<Buffer> {
  const bytes = await store.read(ref.path);
  if (bytes === undefined) throw missingBlob(store.name, ref.path);
  checkBytes(bytes, ref.digest, `${store.name}: ${ref.path}`);
  return bytes;
}

/** Returns true for an encrypted layer. */
export function isEncrypted(ref: BlobRef): boolean {
  return ref.mediaType?.endsWith("+encrypted") === true;
}

export function sha256(bytes: Buffer): Digest {
  return sha256Digest(createHash("sha256").update(bytes).digest("hex"));
}

/** Throws `UserError` when a document does not have the digest that another states. */
export function checkBytes(bytes: Buffer, stated: Digest | undefined, name: string): void {
  const digests = new Digests(algorithmsOf([stated]));
  digests.update(bytes);
  checkDigest(name, "digest", stated, digests.end());
}

export function digestOf(descriptor: Json, name: string): Digest {
  const digest = text(descriptor["digest"]);
  if (digest === undefined || !/^[a-z0-9+._-]+:[a-zA-Z0-9=_-]+$/.test(digest)) {
    throw new UserError(`${name}: a descriptor has no valid digest; the image is damaged`);
  }
  return asDigest(digest);
}

/** Returns the digest in a blob's path. Docker 25 and newer name blobs by digest in a docker-archive too. */
export function digestOfPath(path: string): Digest | undefined {
  const [, algorithm, hex] = /(?:^|\/)blobs\/(sha256|sha512)\/([0-9a-f]+)$/.exec(path) ?? [];
  return hex?.length === (algorithm === "sha512" ? 128 : 64) ? asDigest(`${algorithm}:${hex}`) : undefined;
}

/** Returns the digest in the name of a docker-archive's configuration: `<hex>.json`, or as a blob's. */
export function digestOfConfigPath(path: string): Digest | undefined {
  const hex = /(?:^|\/)([0-9a-f]{64}|[0-9a-f]{128})\.json$/.exec(path)?.[1];
  if (hex === undefined) return digestOfPath(path);
  return asDigest(`${hex.length === 64 ? "sha256" : "sha512"}:${hex}`);
}
