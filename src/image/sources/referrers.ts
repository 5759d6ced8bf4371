/** Signatures, attestations and other artifacts that refer to an image by digest. */
import { isRecord } from "../../records.ts";
import type { Referrer } from "../image.ts";
import { list, text, type Json } from "./image-config.ts";
import type { BlobStore } from "./store.ts";

/** A referrer and its subject's digest; undefined means the only image of the source. */
export interface FoundReferrer extends Referrer {
  readonly subject: string | undefined;
}

/** Annotation on the index entry of a BuildKit attestation: the digest of its subject. */
export const attestationFor = "vnd.docker.reference.digest";
/** Tags that cosign and registries without a referrers API use for referrers: `sha256-<hex>.sig`. */
const tagOfSubject = /^(?:.*[:/])?(sha256)-([0-9a-f]{64})(?:\.(\w+))?$/;
/** Annotation that `cosign save` sets on what it writes. */
const cosignKind = /^dev\.cosignproject\.cosign\/(sigs|atts)$/;

/**
 * Returns the referrer that a manifest is, by its subject, its tag or its index entry; undefined for other manifests.
 */
export function referrerOf(
  document: Json,
  digest: string,
  tags: readonly string[],
  annotations: Readonly<Record<string, string>>,
): FoundReferrer | undefined {
  const tag = tags.find((each) => tagOfSubject.test(each));
  const [, algorithm, hex, suffix] = tagOfSubject.exec(tag ?? "") ?? [];
  const [, saved] = cosignKind.exec(annotations["kind"] ?? "") ?? [];
  const stated = isRecord(document["subject"]) ? text(document["subject"]["digest"]) : undefined;
  const subject =
    annotations[attestationFor] ?? stated ?? (hex === undefined ? undefined : `${algorithm}:${hex}`);
  if (subject === undefined && saved === undefined) return undefined;
  // the tag without a suffix names a list of referrers, and each of them is read separately
  if (Array.isArray(document["manifests"])) return undefined;
  const kind = kindOf(suffix ?? saved, document);
  return { kind, name: tag?.slice(tag.lastIndexOf("/") + 1) ?? digest, subject };
}

function kindOf(mark: string | undefined, document: Json): Referrer["kind"] {
  if (mark === "sig" || mark === "sigs") return "signature";
  if (mark === "att" || mark === "atts") return "attestation";
  if (mark === "sbom") return "sbom";
  const config = isRecord(document["config"]) ? text(document["config"]["mediaType"]) : undefined;
  const layers = list(document["layers"]).map((layer) => text(layer["mediaType"]));
  const types = [text(document["artifactType"]), config, ...layers].join(" ");
  if (/attestation|in-toto|provenance|dsse/.test(types)) return "attestation";
  if (/simplesigning|cosign|sigstore|notary|signature/.test(types)) return "signature";
  return /spdx|cyclonedx|sbom/.test(types) ? "sbom" : "artifact";
}

/**
 * Returns the files of simple signing in a `dir:` image: `signature-1`, and `<hex>.signature-1` of one of its
 * platforms.
 */
export async function signatureFiles(
  store: BlobStore,
  whole: string,
  platforms: readonly string[],
): Promise<FoundReferrer[]> {
  const found: FoundReferrer[] = [];
  const look = async (subject: string, start: string) => {
    for (let i = 1; await store.has(`${start}signature-${i}`); i++)
      found.push({ kind: "signature", name: `${start}signature-${i}`, subject });
  };
  await look(whole, "");
  for (const digest of platforms) await look(digest, `${digest.slice(digest.indexOf(":") + 1)}.`);
  return found;
}
