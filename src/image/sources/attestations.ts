/** Reads the attestations beside an image. */
import { isRecord } from "../../records.ts";
import type { Attestation } from "../image.ts";
import { checkBytes, type BlobRef } from "./blobs.ts";
import { parseJson, text } from "./image-config.ts";
import type { BlobStore } from "./store.ts";

/** Reads the in-toto statements among an attestation's layers. */
export async function readAttestations(store: BlobStore, refs: readonly BlobRef[]): Promise<Attestation[]> {
  const found: Attestation[] = [];
  for (const ref of refs) {
    if (ref.mediaType?.includes("in-toto") !== true) continue;
    const bytes = await store.read(ref.path);
    if (bytes === undefined) continue;
    checkBytes(bytes, ref.digest, `${store.name}: ${ref.path}`);
    const statement = parseJson(bytes, `${store.name}: ${ref.path}`);
    if (isRecord(statement))
      found.push({
        predicateType: text(statement["predicateType"]) ?? "",
        predicate: statement["predicate"],
      });
  }
  return found;
}
