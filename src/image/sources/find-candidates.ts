/** Finds all images of a source. */
import { UserError } from "../../errors.ts";
import { isRecord } from "../../records.ts";
import type { Digest } from "../digest.ts";
import type { ImageFormat } from "../image.ts";
import { sha256 } from "./blobs.ts";
import type { Candidate } from "./candidate.ts";
import { fromDockerManifest, pairTags } from "./docker-manifest.ts";
import { parseJson, type Json } from "./image-config.ts";
import { IndexReader } from "./index-reader.ts";
import { signatureFiles } from "./referrers.ts";
import type { BlobStore } from "./store.ts";

/**
 * Returns all images of a source (docs/spec/image-formats.md, sections 1 to 3). Throws `UserError` when it holds
 * none.
 */
export async function findCandidates(
  store: BlobStore,
  isFolder: boolean,
  verify: boolean,
): Promise<Candidate[]> {
  const index = await store.read("index.json");
  const manifestJson = await store.read("manifest.json");
  const manifest =
    manifestJson === undefined ? undefined : parseJson(manifestJson, `${store.name}: manifest.json`);
  if (index !== undefined && ((await store.has("oci-layout")) || manifest === undefined)) {
    const found = await fromIndex(store, index, isFolder ? "oci" : "oci-archive", verify);
    return Array.isArray(manifest) ? pairTags(store, found, manifest) : found;
  }
  if (Array.isArray(manifest)) return fromDockerManifest(store, manifest);
  if (manifestJson !== undefined && isRecord(manifest)) return fromDir(store, manifest, manifestJson, verify);
  if (await store.has("repositories")) {
    throw new UserError(
      `${store.name}: was saved by Docker before 1.10, whose format has no manifest; load it into a newer engine and save it again`,
    );
  }
  throw new UserError(
    `${store.name}: is ${isFolder ? "a folder" : "an archive"} but no container image (no manifest.json, no index.json)`,
  );
}

async function fromIndex(
  store: BlobStore,
  bytes: Buffer,
  format: ImageFormat,
  verify: boolean,
): Promise<Candidate[]> {
  const reader = new IndexReader(store, format, (digest) => `blobs/${digest.replace(":", "/")}`, verify);
  await reader.index(parseJson(bytes, `${store.name}: index.json`), undefined, [], {}, 0);
  return reader.finish();
}

/** Reads a `dir:` folder of containers/image: the manifest is `manifest.json`, blobs are named by bare hex. */
async function fromDir(
  store: BlobStore,
  manifest: Json,
  bytes: Buffer,
  verify: boolean,
): Promise<Candidate[]> {
  const pathOf = (digest: Digest, kind: "manifest" | "blob") => {
    const hex = digest.slice(digest.indexOf(":") + 1);
    return kind === "manifest" ? `${hex}.manifest.json` : hex;
  };
  const reader = new IndexReader(store, "dir", pathOf, verify);
  const digest = sha256(bytes);
  if (Array.isArray(manifest["manifests"])) await reader.index(manifest, digest, [], {}, 0);
  else await reader.manifest(manifest, { bytes, digest }, digest, undefined, [], {}, []);
  return reader.finish(await signatureFiles(store, digest, reader.digests()));
}
