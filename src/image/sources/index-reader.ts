/** Reads image indexes and the manifests in them. */
import { UserError } from "../../errors.ts";
import { isRecord } from "../../records.ts";
import { checkAlgorithm, type Digest } from "../digest.ts";
import {
  isForeign,
  type ImageFormat,
  type IndexEntry,
  type IndexRest,
  type Platform,
  type PlatformIndex,
} from "../image.ts";
import { checkSize } from "../layer/read-layer.ts";
import { checkBytes, digestOf, type BlobRef } from "./blobs.ts";
import type { Candidate } from "./candidate.ts";
import { list, parseJson, text, textMap, type Json } from "./image-config.ts";
import { attestationFor, referrerOf, type FoundReferrer } from "./referrers.ts";
import type { BlobStore } from "./store.ts";

const attestationType = "vnd.docker.reference.type";
const maxDepth = 8;

/** Reads an image index and the indexes nested in it (docs/spec/image-formats.md, section 3). */
export class IndexReader {
  readonly #store: BlobStore;
  readonly #format: ImageFormat;
  readonly #path: (digest: Digest, kind: "manifest" | "blob") => string;
  readonly #found = new Map<string, Candidate>();
  readonly #attestations: { subject: string; layers: BlobRef[] }[] = [];
  readonly #referrers: FoundReferrer[] = [];
  readonly #verify: boolean;
  #topIndex: IndexRest = {};

  /** `verify`: the sizes and the algorithms of descriptors, too. */
  constructor(
    store: BlobStore,
    format: ImageFormat,
    path: (digest: Digest, kind: "manifest" | "blob") => string,
    verify: boolean,
  ) {
    this.#verify = verify;
    this.#store = store;
    this.#format = format;
    this.#path = path;
  }

  /** Returns the digests of the images. */
  digests(): Digest[] {
    return [...this.#found.values()].flatMap(({ digest }) => digest ?? []);
  }

  finish(more: readonly FoundReferrer[] = []): Candidate[] {
    const found = [...this.#found.values()];
    for (const { subject, ...referrer } of [...this.#referrers, ...more])
      for (const { digest, group, referrers } of found)
        if (subject === undefined || subject === digest || subject === group) referrers.push(referrer);
    for (const { subject, layers } of this.#attestations) {
      for (const candidate of found) if (candidate.digest === subject) candidate.attestations.push(...layers);
    }
    if (found.length === 0) throw new UserError(`${this.#store.name}: holds no container image`);
    return found;
  }

  async index(
    value: unknown,
    group: string | undefined,
    tags: readonly string[],
    annotations: Readonly<Record<string, string>>,
    depth: number,
    platforms?: PlatformIndex,
  ): Promise<void> {
    if (!isRecord(value) || depth > maxDepth)
      throw new UserError(
        `${this.#store.name}: its image index is malformed or nested too deeply; the image is damaged`,
      );
    if (depth === 0) this.#topIndex = restOf(value);
    for (const descriptor of list(value["manifests"])) {
      const digest = digestOf(descriptor, this.#store.name);
      const own = textMap(descriptor["annotations"]);
      const names = [
        own["io.containerd.image.name"] ?? own["org.opencontainers.image.ref.name"] ?? [],
      ].flat();
      const all = [...new Set([...tags, ...names])];
      const merged = { ...annotations, ...textMap(value["annotations"]), ...own };
      const platform = platformOf(descriptor["platform"]);
      const path = this.#path(digest, "manifest");
      const bytes = await this.#store.read(path);
      const attests = own[attestationType] === "attestation-manifest" || platform?.os === "unknown";
      if (bytes === undefined) {
        if (attests || isIndexType(text(descriptor["mediaType"]))) continue;
        this.#add({ ...this.#empty(group ?? digest, all, platform, digest, merged), missing: [path] });
        continue;
      }
      const name = `${this.#store.name}: ${path}`;
      checkBytes(bytes, digest, name);
      if (this.#verify) {
        checkAlgorithm(name, "digest", digest);
        checkSize(name, sizeOf(descriptor), bytes.length);
      }
      const document = parseJson(bytes, `${this.#store.name}: ${path}`);
      if (!isRecord(document)) continue;
      const referrer = referrerOf(document, digest, names, own);
      if (referrer !== undefined) this.#referrers.push(referrer);
      if (attests || text(document["artifactType"])?.includes("attestation") === true)
        await this.#attestation(document, own);
      else if (Array.isArray(document["manifests"]))
        await this.index(document, group ?? digest, all, merged, depth + 1, {
          rest: restOf(document),
          entries: [{ tags: all, rest: entryRest(descriptor) }],
        });
      else
        await this.manifest(
          document,
          { bytes, digest },
          group ?? digest,
          platform,
          all,
          merged,
          [{ tags: all, rest: entryRest(descriptor) }],
          platforms,
        );
    }
  }

  async manifest(
    document: Json,
    { bytes, digest }: { readonly bytes: Buffer; readonly digest: Digest },
    group: string,
    platform: Platform | undefined,
    tags: readonly string[],
    annotations: Readonly<Record<string, string>>,
    indexEntries: IndexEntry[],
    platformIndex?: PlatformIndex,
  ): Promise<void> {
    const config = isRecord(document["config"]) ? document["config"] : undefined;
    const type = text(config?.["mediaType"]) ?? "";
    // charts, signatures and other artifacts use the same layout but are not images
    if (
      config === undefined ||
      !Array.isArray(document["layers"]) ||
      !/image.*json|^$|octet-stream/.test(type)
    )
      return;
    const configRef = this.#ref(config);
    const layers = list(document["layers"]).map((layer) => this.#ref(layer));
    // attestations and signatures may have an image's configuration, but none of their blobs is a layer
    if (layers.length > 0 && layers.every(isArtifact)) return;
    const missing: string[] = [];
    for (const ref of [configRef, ...layers]) {
      if (!isForeign(ref) && !(await this.#store.has(ref.path))) missing.push(ref.path);
    }
    this.#add({
      ...this.#empty(group, tags, platform, digest, { ...annotations, ...textMap(document["annotations"]) }),
      config: configRef,
      layers,
      missing,
      manifest: { bytes, mediaType: text(document["mediaType"]) },
      indexEntries,
      platformIndex,
    });
  }

  async #attestation(document: Json, annotations: Readonly<Record<string, string>>): Promise<void> {
    const subject =
      annotations[attestationFor] ??
      (isRecord(document["subject"]) ? text(document["subject"]["digest"]) : undefined);
    if (subject !== undefined)
      this.#attestations.push({ subject, layers: list(document["layers"]).map((layer) => this.#ref(layer)) });
  }

  #add(candidate: Candidate): void {
    const key = `${candidate.group} ${candidate.digest}`;
    const same = this.#found.get(key);
    if (same === undefined) {
      this.#found.set(key, candidate);
      return;
    }
    for (const tag of candidate.tags) if (!same.tags.includes(tag)) same.tags.push(tag);
    same.indexEntries.push(...candidate.indexEntries);
    same.platformIndex?.entries.push(...(candidate.platformIndex?.entries ?? []));
  }

  #empty(
    group: string,
    tags: readonly string[],
    platform: Platform | undefined,
    digest: Digest,
    annotations: Readonly<Record<string, string>>,
  ): Candidate {
    return {
      format: this.#format,
      group,
      tags: [...tags],
      platform,
      digest,
      annotations,
      config: undefined,
      layers: [],
      missing: [],
      attestations: [],
      referrers: [],
      manifest: undefined,
      indexEntries: [],
      topIndex: this.#topIndex,
      platformIndex: undefined,
      hybrid: false,
    };
  }

  #ref(descriptor: Json): BlobRef {
    const digest = digestOf(descriptor, this.#store.name);
    return {
      path: this.#path(digest, "blob"),
      digest,
      mediaType: text(descriptor["mediaType"]),
      annotations: textMap(descriptor["annotations"]),
      size: sizeOf(descriptor),
    };
  }
}

function sizeOf({ size }: Json): number | undefined {
  return typeof size === "number" ? size : undefined;
}

/** Returns true for a statement or signature stored as a layer. Blobs of unknown type count as layers. */
function isArtifact({ mediaType = "" }: BlobRef): boolean {
  return /in-toto|cosign|simplesigning|sigstore|notary|dsse|spdx|cyclonedx|sarif/.test(mediaType);
}

function entryRest({ mediaType: _t, digest: _d, size: _s, data: _b, urls: _u, ...rest }: Json): IndexRest {
  return rest;
}

function restOf({ schemaVersion: _v, mediaType: _t, manifests: _m, subject: _s, ...rest }: Json): IndexRest {
  return rest;
}

function platformOf(value: unknown): Platform | undefined {
  if (!isRecord(value)) return undefined;
  const variant = text(value["variant"]);
  return {
    os: text(value["os"]) ?? "linux",
    architecture: text(value["architecture"]) ?? "unknown",
    ...(variant ? { variant } : {}),
  };
}

function isIndexType(mediaType: string | undefined): boolean {
  return /image\.index|manifest\.list/.test(mediaType ?? "");
}
