/** The documents that make blobs an image: manifest, indexes, and what Docker wants beside them. */
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
  /** The layer of the old image that it was made of; the last one, if it is several. */
  readonly from: number;
  readonly digest: Digest;
  readonly diffId: DiffId;
  readonly size: number;
  readonly compression: Compression;
  /** The blob is not the one of the old image. */
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

/** The manifest: the old one with other layers, where there was one. Unknown keys and annotations stay. */
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
    // zstd is no part of Docker's own manifest
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

/** A layer of Docker's own manifest, as an OCI manifest calls it. */
function ociTypeOf(descriptor: Json): unknown {
  const type = text(descriptor["mediaType"]);
  return type
    ?.replace("vnd.docker.image.rootfs.foreign.diff.tar", "vnd.oci.image.layer.nondistributable.v1.tar")
    .replace("vnd.docker.image.rootfs.diff.tar", "vnd.oci.image.layer.v1.tar")
    .replace(/\.gzip$/, "+gzip");
}

/** What is said of the old blob (tables of contents, where it lies in a registry) is not true of the new one. */
function keptAnnotations(descriptor: Json | undefined): Record<string, string> | undefined {
  const annotations = Object.entries(textMap(descriptor?.["annotations"])).filter(
    ([name, value]) =>
      !/^(?:containerd\.io|io\.containers|io\.github\.containers)[./]/.test(name) && !/sha256:/.test(value),
  );
  return annotations.length === 0 ? undefined : Object.fromEntries(annotations);
}

/** A manifest that was written, and whose it is. */
export interface WrittenManifest {
  readonly image: NewImage;
  readonly descriptor: Descriptor;
  readonly source: Pick<ImageSource, "form" | "indexEntries" | "topIndex" | "platformIndex">;
  /** Of the old manifest and of all indexes above it. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The index of the platforms of one image. */
export function platformIndexOf(manifests: readonly WrittenManifest[]): Buffer {
  const entries = manifests.map((manifest) => entryOf(manifest, undefined));
  return indexWith(entries, manifests[0]?.source.platformIndex?.rest);
}

/** `index.json`: an entry for each tag. `platforms` is the index that stands between, of an image with several. */
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
  // tools that know the short name only must find one image by it, so it is there once
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

/** Unknown keys and annotations stay. */
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

/** What the old index says under a name; without one, and under a new one, what it says first. */
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

/** Unknown keys and annotations stay. */
function entryWith(
  { mediaType, digest, size }: Descriptor,
  { annotations: old, ...rest }: IndexRest,
): Descriptor & { readonly annotations?: Readonly<Record<string, string>>; readonly platform?: unknown } {
  const annotations = kept(textMap(old));
  return { mediaType, digest, size, ...defined({ annotations }), ...rest };
}

/** What an index says of a manifest. */
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

/** Names are given anew, and what speaks of an old digest is not true any more. */
function kept(annotations: Readonly<Record<string, string>>): Record<string, string> | undefined {
  const entries = Object.entries(annotations).filter(
    ([name, value]) => name !== refName && name !== containerdName && !value.startsWith("sha256:"),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

export const ociLayout = Buffer.from('{"imageLayoutVersion":"1.0.0"}');

/** `manifest.json` of `docker save`. */
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

/** `app:1` → `docker.io/library/app:1`. */
function fullName(tag: string): string {
  const [first = "", ...rest] = tag.split("/");
  if (rest.length === 0) return `docker.io/library/${tag}`;
  return /[.:]|^localhost$/.test(first) ? tag : `docker.io/${tag}`;
}

function tagOf(tag: string): string {
  const colon = tag.lastIndexOf(":");
  return colon > tag.lastIndexOf("/") ? tag.slice(colon + 1) : "latest";
}

/** The name that Docker shows; undefined for a tag without a repository. */
function familiarName(tag: string): string | undefined {
  if (!/:[^/]+$/.test(tag)) return tag.includes("/") ? `${tag}:latest` : undefined;
  return tag.replace(/^docker\.io\/(?:library\/)?/, "");
}
