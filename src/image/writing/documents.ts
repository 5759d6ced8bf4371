/** Writes the documents of an image: manifest, indexes, and the `manifest.json` of Docker. */
import { defined } from "../../defined.ts";
import { isRecord } from "../../records.ts";
import type { DiffId } from "../digest.ts";
import type { Compression, Digest } from "../entry.ts";
import type { ImageConfig, ImageSource, IndexEntry, IndexRest } from "../image.ts";
import { list, parseJson, text, textMap, type Json } from "../sources/image-config.ts";
import type { OutputForm } from "../forms.ts";
import { blobPath } from "./blob-writer.ts";

/** A layer of the new image. */
export interface NewLayer {
  /** Index of the old layer that this one was made of; of several, the last. */
  readonly from: number;
  readonly digest: Digest;
  readonly diffId: DiffId;
  readonly size: number;
  readonly compression: Compression;
  /** True when the blob differs from the old image's. */
  readonly changed: boolean;
}

export interface NewImage {
  readonly config: Buffer;
  readonly configDigest: Digest;
  readonly parsed: ImageConfig;
  readonly layers: readonly NewLayer[];
  readonly tags: readonly string[];
}

const ociIndex = "application/vnd.oci.image.index.v1+json";
const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const dockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
const refName = "org.opencontainers.image.ref.name";
const containerdName = "io.containerd.image.name";

/** Returns the manifest: the old one, where there is one, with the new layers. Keeps unknown keys and annotations. */
export function manifestOf(
  image: NewImage,
  source: Pick<ImageSource, "manifest">,
): { readonly bytes: Buffer; readonly mediaType: string } {
  const old = source.manifest === undefined ? undefined : parseJson(source.manifest.bytes, "manifest");
  const document: Json = isRecord(old) ? old : {};
  const oldConfig = isRecord(document["config"]) ? document["config"] : {};
  const stated = text(document["mediaType"]) ?? "";
  const isDocker =
    (stated === dockerManifest || /docker/.test(text(oldConfig["mediaType"]) ?? "")) &&
    // Docker's own manifest format does not know zstd
    !image.layers.some(({ changed, compression }) => changed && compression === "zstd");
  const wasDocker = stated === dockerManifest || /docker/.test(text(oldConfig["mediaType"]) ?? "");
  const mediaType = isDocker ? dockerManifest : ociManifest;
  const oldLayers = list(document["layers"]);
  const layers = image.layers.map((layer) => {
    const descriptor = oldLayers[layer.from];
    if (descriptor !== undefined && !layer.changed)
      return wasDocker === isDocker ? descriptor : { ...descriptor, mediaType: ociTypeOf(descriptor) };
    const annotations = keptAnnotations(descriptor);
    return {
      mediaType: layerType(layer.compression, isDocker),
      digest: layer.digest,
      size: layer.size,
      ...defined({ annotations }),
    };
  });
  const config =
    oldConfig["digest"] === image.configDigest && wasDocker === isDocker
      ? oldConfig
      : {
          ...oldConfig,
          mediaType: isDocker
            ? "application/vnd.docker.container.image.v1+json"
            : "application/vnd.oci.image.config.v1+json",
          digest: image.configDigest,
          size: image.config.length,
        };
  const made = { schemaVersion: 2, ...document, mediaType, config, layers };
  const isSame = JSON.stringify([config, layers]) === JSON.stringify([oldConfig, oldLayers]);
  if (isSame && source.manifest !== undefined)
    return { bytes: source.manifest.bytes, mediaType: source.manifest.mediaType ?? mediaType };
  return { bytes: Buffer.from(JSON.stringify(made)), mediaType };
}

function layerType(compression: Compression, isDocker: boolean): string {
  const suffix = { none: "", gzip: isDocker ? ".gzip" : "+gzip", zstd: "+zstd" }[compression];
  return `${isDocker ? "application/vnd.docker.image.rootfs.diff.tar" : "application/vnd.oci.image.layer.v1.tar"}${suffix}`;
}

/** Returns the OCI media type for a layer of Docker's own manifest. */
function ociTypeOf(descriptor: Json): unknown {
  const type = text(descriptor["mediaType"]);
  return type
    ?.replace("vnd.docker.image.rootfs.foreign.diff.tar", "vnd.oci.image.layer.nondistributable.v1.tar")
    .replace("vnd.docker.image.rootfs.diff.tar", "vnd.oci.image.layer.v1.tar")
    .replace(/\.gzip$/, "+gzip");
}

/** Drops annotations that describe the old blob, such as its table of contents or its place in a registry. */
function keptAnnotations(descriptor: Json | undefined): Record<string, string> | undefined {
  const annotations = Object.entries(textMap(descriptor?.["annotations"])).filter(
    ([name, value]) =>
      !/^(?:containerd\.io|io\.containers|io\.github\.containers)[./]/.test(name) && !/sha256:/.test(value),
  );
  return annotations.length === 0 ? undefined : Object.fromEntries(annotations);
}

/** A written manifest and its image. */
export interface WrittenManifest {
  readonly image: NewImage;
  readonly descriptor: Descriptor;
  readonly source: Pick<ImageSource, "form" | "indexEntries" | "topIndex" | "platformIndex">;
  /** Annotations of the old manifest and of all indexes above it. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Returns the index that lists the platforms of one image. */
export function platformIndexOf(manifests: readonly WrittenManifest[]): Buffer {
  const entries = manifests.map((manifest) => entryOf(manifest, undefined));
  return indexWith(entries, manifests[0]?.source.platformIndex?.rest);
}

/**
 * Returns `index.json` with an entry for each tag. `platforms` is the nested index of an image with several
 * platforms.
 */
export function indexOf(
  manifest: WrittenManifest,
  platforms?: { readonly digest: Digest; readonly size: number },
): Buffer {
  const { image, source, annotations } = manifest;
  const isDockerName =
    source.form === "docker-archive" || source.form === "hybrid" || annotations[containerdName] !== undefined;
  const named = (tag: string | undefined, names: Readonly<Record<string, string>>) => {
    const entry =
      platforms === undefined
        ? entryOf(manifest, tag)
        : entryWith(
            { mediaType: ociIndex, ...platforms },
            entryFor(source.platformIndex?.entries ?? [], tag),
          );
    const { mediaType, digest, size, annotations: own, ...rest } = entry;
    const all = { ...own, ...names };
    return {
      mediaType,
      digest,
      size,
      ...(Object.keys(all).length === 0 ? {} : { annotations: all }),
      ...rest,
    };
  };
  // some tools look up the short name only, so only one image may have it
  const given = new Set<string>();
  const namesOf = (tag: string) => {
    const short = isDockerName ? tagOf(tag) : tag;
    const name = given.has(short) ? {} : { [refName]: short };
    given.add(short);
    return isDockerName ? { [containerdName]: fullName(tag), ...name } : name;
  };
  const manifests =
    image.tags.length === 0 ? [named(undefined, {})] : image.tags.map((tag) => named(tag, namesOf(tag)));
  return indexWith(manifests, source.topIndex);
}

/** Keeps unknown keys and annotations. */
function indexWith(manifests: readonly object[], { annotations: old, ...rest }: IndexRest = {}): Buffer {
  const annotations = kept(textMap(old));
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: ociIndex,
      manifests,
      ...defined({ annotations }),
      ...rest,
    }),
  );
}

/** Returns the old index entry with this tag; without such an entry, the first one. */
function entryFor(entries: readonly IndexEntry[], tag: string | undefined): IndexRest {
  const found =
    tag === undefined
      ? undefined
      : entries.find(({ tags }) => tags.some((each) => each === tag || fullName(each) === fullName(tag)));
  return (found ?? entries[0])?.rest ?? {};
}

interface Descriptor {
  readonly digest: Digest;
  readonly size: number;
  readonly mediaType: string;
}

/** Keeps unknown keys and annotations. */
function entryWith(
  { mediaType, digest, size }: Descriptor,
  { annotations: old, ...rest }: IndexRest,
): Descriptor & { readonly annotations?: Readonly<Record<string, string>>; readonly platform?: unknown } {
  const annotations = kept(textMap(old));
  return { mediaType, digest, size, ...defined({ annotations }), ...rest };
}

/** Returns the index entry of a manifest. */
function entryOf({ image, descriptor, source }: WrittenManifest, tag: string | undefined) {
  const { raw, platform } = image.parsed;
  const entry = entryWith(descriptor, entryFor(source.indexEntries, tag));
  return {
    ...entry,
    platform: {
      ...(isRecord(entry.platform) ? entry.platform : {}),
      architecture: platform.architecture,
      os: platform.os,
      ...defined({
        variant: platform.variant,
        "os.version": raw["os.version"],
        "os.features": raw["os.features"],
      }),
    },
  };
}

/** Drops annotations that state a name, which are written anew, or an old digest. */
function kept(annotations: Readonly<Record<string, string>>): Record<string, string> | undefined {
  const entries = Object.entries(annotations).filter(
    ([name, value]) => name !== refName && name !== containerdName && !value.startsWith("sha256:"),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

export const ociLayout = Buffer.from('{"imageLayoutVersion":"1.0.0"}');

/** Returns the `manifest.json` that `docker save` writes. */
export function dockerIndex(form: OutputForm, image: NewImage): Buffer {
  const tags = image.tags.flatMap((tag) => {
    const name = familiarName(tag);
    return name === undefined ? [] : [name];
  });
  return Buffer.from(
    JSON.stringify([
      {
        Config: blobPath(form, image.configDigest, "config"),
        RepoTags: tags.length === 0 ? null : tags,
        Layers: image.layers.map(({ digest }) => blobPath(form, digest, "layer")),
      },
    ]),
  );
}

/** Expands a name: `app:1` → `docker.io/library/app:1`. */
function fullName(tag: string): string {
  const [first = "", ...rest] = tag.split("/");
  if (rest.length === 0) return `docker.io/library/${tag}`;
  return /[.:]|^localhost$/.test(first) ? tag : `docker.io/${tag}`;
}

function tagOf(tag: string): string {
  const colon = tag.lastIndexOf(":");
  return colon > tag.lastIndexOf("/") ? tag.slice(colon + 1) : "latest";
}

/** Returns the name that Docker shows; undefined for a tag without a repository. */
function familiarName(tag: string): string | undefined {
  if (!/:[^/]+$/.test(tag)) return tag.includes("/") ? `${tag}:latest` : undefined;
  return tag.replace(/^docker\.io\/(?:library\/)?/, "");
}
