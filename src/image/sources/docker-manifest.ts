/** Reads the `manifest.json` of a docker-archive. */
import { UserError } from "../../errors.ts";
import { cleanPath } from "../tar/fields.ts";
import { digestOfPath, type BlobRef } from "./blobs.ts";
import type { Candidate } from "./candidate.ts";
import { list, text, texts, type Json } from "./image-config.ts";
import type { BlobStore } from "./store.ts";

/** Returns the images that `manifest.json` of a docker-archive names (docs/spec/image-formats.md, section 2). */
export async function fromDockerManifest(
  store: BlobStore,
  manifest: readonly unknown[],
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const item of list(manifest)) {
    const config = text(item["Config"]);
    const layers = item["Layers"] ?? [];
    if (config === undefined || !Array.isArray(layers) || !layers.every((path) => typeof path === "string")) {
      throw new UserError(`${store.name}: its manifest.json is malformed; the image is damaged`);
    }
    const ref = (path: string): BlobRef => ({
      path,
      digest: digestOfPath(path),
      mediaType: undefined,
      annotations: {},
      size: undefined,
    });
    const missing: string[] = [];
    for (const path of [config, ...layers]) if (!(await store.has(path))) missing.push(path);
    found.push({
      format: "docker-archive",
      group: config,
      tags: texts(item["RepoTags"]),
      platform: undefined,
      digest: undefined,
      annotations: {},
      config: ref(config),
      layers: layers.map(ref),
      missing,
      attestations: [],
      referrers: [],
      manifest: undefined,
      indexEntries: [],
      topIndex: {},
      platformIndex: undefined,
      hybrid: false,
    });
  }
  if (found.length === 0) throw new UserError(`${store.name}: its manifest.json names no image`);
  return found;
}

/**
 * Merges the two indexes of a hybrid archive: media types and digests from `index.json`, tags from `manifest.json`,
 * paired by configuration.
 */
export function pairTags(
  store: BlobStore,
  found: readonly Candidate[],
  manifest: readonly unknown[],
): Candidate[] {
  const items = list(manifest);
  const pathOf = (item: Json) => cleanPath(text(item["Config"]) ?? "");
  const known = new Set(found.map(({ config }) => config?.path));
  // the image may be one whose manifest is missing; otherwise both indexes must name the same configuration
  const stray = items.find((item) => digestOfPath(pathOf(item)) !== undefined && !known.has(pathOf(item)));
  if (stray !== undefined && !known.has(undefined)) {
    throw new UserError(
      `${store.name}: manifest.json and index.json disagree: ${pathOf(stray)} is in the first only; the image is damaged`,
    );
  }
  return found.map((candidate) => {
    const item = items.find((entry) => pathOf(entry) === candidate.config?.path);
    const tags = texts(item?.["RepoTags"]);
    return {
      ...candidate,
      format: item === undefined ? candidate.format : "docker-archive",
      hybrid: true,
      tags: tags.length > 0 ? tags : candidate.tags,
    };
  });
}
