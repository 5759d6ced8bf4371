import { createHash } from "node:crypto";
import { UserError } from "../../errors.ts";
import type { Attestation, ImageFormat, Platform, PlatformIndex, Referrer } from "../image.ts";
import { isObject, list, parseJson, text, textMap, texts, type Json } from "./config.ts";
import { cleanPath } from "../tar/fields.ts";
import { attestationFor, referrerOf, signatureFiles, type FoundReferrer } from "./referrers.ts";
import { missingBlob, type BlobStore } from "./store.ts";

export interface BlobRef {
  readonly path: string;
  readonly digest: string | undefined;
  readonly mediaType: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  /** Bytes, where a manifest says so. */
  readonly size: number | undefined;
}

/** One image of a source, for one platform, before its layers are read. */
export interface Candidate {
  readonly format: ImageFormat;
  /** Candidates of one group are platforms of the same image. */
  readonly group: string;
  readonly tags: string[];
  readonly platform: Platform | undefined;
  readonly digest: string | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly config: BlobRef | undefined;
  readonly layers: readonly BlobRef[];
  /** Blobs that should be here and are not; foreign layers may be absent. */
  readonly missing: readonly string[];
  readonly attestations: BlobRef[];
  readonly referrers: Referrer[];
  /** The manifest as it stands; undefined for a docker-archive without one. */
  readonly manifest: { readonly bytes: Buffer; readonly mediaType: string | undefined } | undefined;
  /** Of the index entry that names the manifest. */
  readonly indexAnnotations: Readonly<Record<string, string>>;
  /** The index of its platforms, below the one of the source. */
  readonly platformIndex: PlatformIndex | undefined;
  /** Both indexes are there. */
  readonly hybrid: boolean;
}

const attestationType = "vnd.docker.reference.type";
const maxDepth = 8;

/** All images of a source (image-formats.md sections 1 to 3). Throws `UserError` when it holds none. */
export async function findCandidates(store: BlobStore, isFolder: boolean): Promise<Candidate[]> {
  const index = await store.read("index.json");
  const manifestJson = await store.read("manifest.json");
  const manifest =
    manifestJson === undefined ? undefined : parseJson(manifestJson, `${store.name}: manifest.json`);
  if (index !== undefined && ((await store.has("oci-layout")) || manifest === undefined)) {
    const found = await fromIndex(store, index, isFolder ? "oci-layout" : "oci-archive");
    return Array.isArray(manifest) ? pairTags(store, found, manifest) : found;
  }
  if (Array.isArray(manifest)) return fromDockerManifest(store, manifest);
  if (isObject(manifest)) return fromDir(store, manifest, manifestJson!);
  if (await store.has("repositories")) {
    throw new UserError(
      `${store.name}: was saved by Docker before 1.10, whose format has no manifest; load it into a newer engine and save it again`,
    );
  }
  throw new UserError(
    `${store.name}: is ${isFolder ? "a folder" : "an archive"} but no container image (no manifest.json, no index.json)`,
  );
}

async function fromIndex(store: BlobStore, bytes: Buffer, format: ImageFormat): Promise<Candidate[]> {
  const reader = new IndexReader(store, format, (digest) => `blobs/${digest.replace(":", "/")}`);
  await reader.index(parseJson(bytes, `${store.name}: index.json`), undefined, [], {}, 0);
  return reader.finish();
}

/** `dir:` of containers/image: the manifest is `manifest.json`, blobs are named by bare hex. */
async function fromDir(store: BlobStore, manifest: Json, bytes: Buffer): Promise<Candidate[]> {
  const reader = new IndexReader(store, "dir", (digest, kind) => {
    const hex = digest.slice(digest.indexOf(":") + 1);
    return kind === "manifest" ? `${hex}.manifest.json` : hex;
  });
  const digest = sha256(bytes);
  if (Array.isArray(manifest["manifests"])) await reader.index(manifest, digest, [], {}, 0);
  else await reader.manifest(manifest, { bytes, digest }, digest, undefined, [], {}, {});
  return reader.finish(await signatureFiles(store, digest, reader.digests()));
}

class IndexReader {
  readonly #store: BlobStore;
  readonly #format: ImageFormat;
  readonly #path: (digest: string, kind: "manifest" | "blob") => string;
  readonly #found = new Map<string, Candidate>();
  readonly #attestations: { subject: string; layers: BlobRef[] }[] = [];
  readonly #referrers: FoundReferrer[] = [];

  constructor(
    store: BlobStore,
    format: ImageFormat,
    path: (digest: string, kind: "manifest" | "blob") => string,
  ) {
    this.#store = store;
    this.#format = format;
    this.#path = path;
  }

  /** Of the images. */
  digests(): string[] {
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
    if (!isObject(value) || depth > maxDepth)
      throw new UserError(
        `${this.#store.name}: its image index is malformed or nested too deeply; the image is damaged`,
      );
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
      checkDigest(bytes, digest, `${this.#store.name}: ${path}`);
      const document = parseJson(bytes, `${this.#store.name}: ${path}`);
      if (!isObject(document)) continue;
      const referrer = referrerOf(document, digest, names, own);
      if (referrer !== undefined) this.#referrers.push(referrer);
      if (attests || text(document["artifactType"])?.includes("attestation") === true)
        await this.#attestation(document, own);
      else if (Array.isArray(document["manifests"]))
        await this.index(document, group ?? digest, all, merged, depth + 1, {
          annotations: textMap(document["annotations"]),
          entryAnnotations: own,
        });
      else
        await this.manifest(
          document,
          { bytes, digest },
          group ?? digest,
          platform,
          all,
          merged,
          own,
          platforms,
        );
    }
  }

  async manifest(
    document: Json,
    { bytes, digest }: { readonly bytes: Buffer; readonly digest: string },
    group: string,
    platform: Platform | undefined,
    tags: readonly string[],
    annotations: Readonly<Record<string, string>>,
    indexAnnotations: Readonly<Record<string, string>>,
    platformIndex?: PlatformIndex,
  ): Promise<void> {
    const config = isObject(document["config"]) ? document["config"] : undefined;
    const type = text(config?.["mediaType"]) ?? "";
    // charts, signatures and other artifacts share the layout, and are no images
    if (
      config === undefined ||
      !Array.isArray(document["layers"]) ||
      !/image.*json|^$|octet-stream/.test(type)
    )
      return;
    const configRef = this.#ref(config);
    const layers = list(document["layers"]).map((layer) => this.#ref(layer));
    // attestations and signatures may have an image's configuration; what tells them is that nothing is a layer
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
      indexAnnotations,
      platformIndex,
    });
  }

  async #attestation(document: Json, annotations: Readonly<Record<string, string>>): Promise<void> {
    const subject =
      annotations[attestationFor] ??
      (isObject(document["subject"]) ? text(document["subject"]["digest"]) : undefined);
    if (subject !== undefined)
      this.#attestations.push({ subject, layers: list(document["layers"]).map((layer) => this.#ref(layer)) });
  }

  #add(candidate: Candidate): void {
    const key = `${candidate.group} ${candidate.digest}`;
    const same = this.#found.get(key);
    if (same === undefined) this.#found.set(key, candidate);
    else for (const tag of candidate.tags) if (!same.tags.includes(tag)) same.tags.push(tag);
  }

  #empty(
    group: string,
    tags: readonly string[],
    platform: Platform | undefined,
    digest: string,
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
      indexAnnotations: {},
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
      size: typeof descriptor["size"] === "number" ? descriptor["size"] : undefined,
    };
  }
}

async function fromDockerManifest(store: BlobStore, manifest: readonly unknown[]): Promise<Candidate[]> {
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
      indexAnnotations: {},
      platformIndex: undefined,
      hybrid: false,
    });
  }
  if (found.length === 0) throw new UserError(`${store.name}: its manifest.json names no image`);
  return found;
}

/** An archive with both indexes: media types and digests from the one, names from the other, paired by configuration. */
function pairTags(store: BlobStore, found: readonly Candidate[], manifest: readonly unknown[]): Candidate[] {
  const items = list(manifest);
  const pathOf = (item: Json) => cleanPath(text(item["Config"]) ?? "");
  const known = new Set(found.map(({ config }) => config?.path));
  // an image whose manifest is not here may be the one; else both must mean the same configuration
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

/** The in-toto statements among an attestation's layers. */
export async function readAttestations(store: BlobStore, refs: readonly BlobRef[]): Promise<Attestation[]> {
  const found: Attestation[] = [];
  for (const ref of refs) {
    if (ref.mediaType?.includes("in-toto") !== true) continue;
    const bytes = await store.read(ref.path);
    if (bytes === undefined) continue;
    if (ref.digest !== undefined) checkDigest(bytes, ref.digest, `${store.name}: ${ref.path}`);
    const statement = parseJson(bytes, `${store.name}: ${ref.path}`);
    if (isObject(statement))
      found.push({
        predicateType: text(statement["predicateType"]) ?? "",
        predicate: statement["predicate"],
      });
  }
  return found;
}

export async function readConfigBlob(store: BlobStore, ref: BlobRef): Promise<Buffer> {
  const bytes = await store.read(ref.path);
  if (bytes === undefined) throw missingBlob(store.name, ref.path);
  if (ref.digest !== undefined) checkDigest(bytes, ref.digest, `${store.name}: ${ref.path}`);
  return bytes;
}

/** Layers that may not be distributed and whose bytes are elsewhere. */
export function isForeign(ref: BlobRef): boolean {
  return /foreign|nondistributable/.test(ref.mediaType ?? "");
}

/** A statement or signature stored as a layer. Layers of unknown type are taken for layers. */
function isArtifact({ mediaType = "" }: BlobRef): boolean {
  return /in-toto|cosign|simplesigning|sigstore|notary|dsse|spdx|cyclonedx|sarif/.test(mediaType);
}

/** Layers that only who has a key can read. */
export function isEncrypted(ref: BlobRef): boolean {
  return ref.mediaType?.endsWith("+encrypted") === true;
}

export function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function checkDigest(bytes: Buffer, stated: string, name: string): void {
  if (!stated.startsWith("sha256:")) return;
  const found = sha256(bytes);
  if (found !== stated)
    throw new UserError(`${name}: its digest is ${found}, but ${stated} was promised; the image is damaged`);
}

function digestOf(descriptor: Json, name: string): string {
  const digest = text(descriptor["digest"]);
  if (digest === undefined || !/^[a-z0-9+._-]+:[a-zA-Z0-9=_-]+$/.test(digest)) {
    throw new UserError(`${name}: a descriptor has no valid digest; the image is damaged`);
  }
  return digest;
}

/** Docker 25 and newer name a blob by its digest in a docker-archive too. */
function digestOfPath(path: string): string | undefined {
  const hex = /(?:^|\/)blobs\/sha256\/([0-9a-f]{64})$/.exec(path)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
}

function platformOf(value: unknown): Platform | undefined {
  if (!isObject(value)) return undefined;
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
