/** Descriptors, and reading the blobs they name. */
import { asDigest, type Digest, sha256Digest } from "../digest.ts";
import { createHash } from "node:crypto";
import { UserError } from "../../errors.ts";
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
  if (ref.digest !== undefined) checkDigest(bytes, ref.digest, `${store.name}: ${ref.path}`);
  return bytes;
}

/** Returns true for an encrypted layer. */
export function isEncrypted(ref: BlobRef): boolean {
  return ref.mediaType?.endsWith("+encrypted") === true;
}

export function sha256(bytes: Buffer): Digest {
  return sha256Digest(createHash("sha256").update(bytes).digest("hex"));
}

export function checkDigest(bytes: Buffer, stated: Digest, name: string): void {
  if (!stated.startsWith("sha256:")) return;
  const found = sha256(bytes);
  if (found !== stated)
    throw new UserError(`${name}: its digest is ${found}, but ${stated} was expected; the image is damaged`);
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
  const hex = /(?:^|\/)blobs\/sha256\/([0-9a-f]{64})$/.exec(path)?.[1];
  return hex === undefined ? undefined : sha256Digest(hex);
}
