/** Real image archives in code: docker-archives old and new, OCI layouts, `dir:` folders, with compressed layers. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { packSketches } from "./sketch.ts";

/** A file of an archive or folder. */
export interface Part {
  readonly path: string;
  readonly content: Buffer | string;
  /** A symlink to this path instead of a file. */
  readonly link?: string;
}

export interface Parts {
  readonly layers: readonly Buffer[];
  readonly history?: readonly { created_by: string; empty_layer?: boolean }[];
  readonly compress?: (layer: Buffer) => Buffer;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly tag?: string;
  /** The settings of a container, as a builder records them: `WorkingDir`, `Cmd` … */
  readonly config?: Readonly<Record<string, unknown>>;
  /** A layer that is there already is a symlink to it, as `docker save` wrote it. */
  readonly linked?: boolean;
}

export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export async function tarOf(parts: readonly Part[]): Promise<Buffer> {
  const tar = pack();
  for (const { path, content, link } of parts) {
    if (link === undefined) tar.entry({ name: path }, Buffer.from(content));
    else tar.entry({ name: path, type: "symlink", linkname: link });
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function writeParts(folder: string, parts: readonly Part[]): Promise<void> {
  for (const { path, content } of parts) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

function configOf({
  layers,
  history,
  config = {},
  platform = { os: "linux", architecture: "amd64" },
}: Parts): string {
  const diffIds = layers.map((layer) => `sha256:${sha256(layer)}`);
  return JSON.stringify({
    ...platform,
    config,
    rootfs: { type: "layers", diff_ids: diffIds },
    history: history ?? layers.map((_, i) => ({ created_by: `layer ${i}` })),
  });
}

/** As Docker wrote them up to version 24: a folder for each layer. */
export function dockerArchive(image: Parts): Part[] {
  const config = configOf(image);
  const blobs = image.layers.map(image.compress ?? ((layer) => layer));
  const names = blobs.map((blob, i) => `${sha256(`${i}${sha256(blob)}`)}/layer.tar`);
  const manifest = [{ Config: `${sha256(config)}.json`, RepoTags: [image.tag ?? "app:1"], Layers: names }];
  const partOf = (content: Buffer, i: number): Part => {
    const first = blobs.findIndex((other) => other.equals(content));
    const rest = image.linked === true && first < i ? { link: `../${names[first]!}` } : {};
    return { path: names[i]!, content, ...rest };
  };
  return [
    ...blobs.map(partOf),
    { path: `${sha256(config)}.json`, content: config },
    { path: "manifest.json", content: JSON.stringify(manifest) },
  ];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** What `docker save` makes of sketched layers. */
export async function sketchArchive(
  texts: readonly (string | Buffer)[],
  more: Omit<Parts, "layers"> = {},
): Promise<Buffer> {
  return tarOf(dockerArchive({ ...more, layers: await packSketches(texts) }));
}

export interface OciImage {
  readonly manifest: Descriptor;
  readonly blobs: readonly Part[];
}

export function blobPart(content: Buffer | string): Part {
  return { path: `blobs/sha256/${sha256(content)}`, content };
}

export function descriptorOf(content: Buffer | string, mediaType: string): Descriptor {
  return { mediaType, digest: `sha256:${sha256(content)}`, size: Buffer.byteLength(content) };
}

function layerType(blob: Buffer): string {
  const magic = blob.toString("hex", 0, 4);
  const suffix = magic.startsWith("1f8b") ? "+gzip" : magic === "28b52ffd" ? "+zstd" : "";
  return `application/vnd.oci.image.layer.v1.tar${suffix}`;
}

/** The blobs of one image, and the descriptor of its manifest. */
export function ociImage(image: Parts): OciImage {
  const config = configOf(image);
  const layers = image.layers.map(image.compress ?? ((layer) => layer));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: descriptorOf(config, "application/vnd.oci.image.config.v1+json"),
    layers: layers.map((layer) => descriptorOf(layer, layerType(layer))),
  });
  return {
    manifest: descriptorOf(manifest, "application/vnd.oci.image.manifest.v1+json"),
    blobs: [...layers, config, manifest].map(blobPart),
  };
}

/** An OCI layout; each image may carry what its index entry says besides (platform, annotations). */
export function ociLayout(images: readonly (OciImage & { readonly entry?: object })[]): Part[] {
  const manifests = images.map(({ manifest, entry }) => ({ ...manifest, ...entry }));
  return [
    { path: "oci-layout", content: '{"imageLayoutVersion":"1.0.0"}' },
    { path: "index.json", content: JSON.stringify({ schemaVersion: 2, manifests }) },
    ...images.flatMap(({ blobs }) => blobs),
  ];
}

/** Gzip in several members. */
export function gzipMembers(bytes: Buffer): Buffer {
  const middle = bytes.length >> 1;
  return Buffer.concat([gzipSync(bytes.subarray(0, middle)), gzipSync(bytes.subarray(middle))]);
}

const maxBlock = 1 << 17;

/** A zstd frame of raw and, where all bytes are the same, run-length blocks (RFC 8878): real, if not always small. */
export function zstdFrame(bytes: Buffer): Buffer {
  const out = [Buffer.from("28b52ffd", "hex"), Buffer.from([0xa0]), sizeField(bytes.length)];
  for (let at = 0; at === 0 || at < bytes.length; at += maxBlock) {
    const block = bytes.subarray(at, at + maxBlock);
    const isRun = block.length > 1 && block.every((byte) => byte === block[0]);
    const header = (block.length << 3) | (isRun ? 2 : 0) | (at + maxBlock >= bytes.length ? 1 : 0);
    out.push(
      Buffer.from([header & 255, (header >> 8) & 255, header >> 16]),
      isRun ? block.subarray(0, 1) : block,
    );
  }
  return Buffer.concat(out);
}

function sizeField(size: number): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt32LE(size);
  return field;
}

/** A skippable frame, two data frames, another skippable frame. */
export function zstdFrames(bytes: Buffer): Buffer {
  const skippable = Buffer.concat([Buffer.from("502a4d18", "hex"), sizeField(5), Buffer.from("skip!")]);
  const middle = bytes.length >> 1;
  return Buffer.concat([
    skippable,
    zstdFrame(bytes.subarray(0, middle)),
    zstdFrame(bytes.subarray(middle)),
    skippable,
  ]);
}
