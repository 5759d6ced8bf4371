/**
 * Images as sketches in code: one string per layer, in the notation of docs/spec/layers.md.
 *
 *     sketchLayers(["a/ a/f(100) a/g(50)", "a/ a/.wh.f", "a/[0700] b→a g≡a/g"])
 *
 * | written               | means |
 * |-----------------------|-------|
 * | `a/`                  | a directory |
 * | `f(100)`              | a file of 100 bytes that no other file has; units kB, MB, GB, KiB, MiB, GiB: `f(1.5MB)` |
 * | `f(100,h)`            | 100 bytes named h: files of the same name and size have equal bytes and equal mtime |
 * | `f("text\n")`         | a file with this text (a JSON string) |
 * | `f`                   | an empty file: `a/.wh.f` is a whiteout, `a/.wh..wh..opq` an opaque directory |
 * | `g≡f`  `a→../b`       | a hardlink g to f, a symlink a to ../b |
 * | `f(100,h,0755)`       | a mode: octal, starting with 0 |
 * | `f(1,uid=7,gid=8,mtime=5.25,xattr.user.a=x)` | attributes; mtime in seconds |
 * | `a/[0700,uid=7]`      | attributes of a directory, a link or a device, in brackets     |
 * | `x[char=0:0]` `x[block=8:1]` `x[fifo]` | devices |
 * | `f(1GiB,stored=4096)` | a sparse file: real size, and the bytes stored in the tar |
 * | `"a b\u00ff"(5)`      | a name with odd characters: a JSON string, one char per byte |
 * | `∅`                   | nothing |
 *
 * Defaults: modes 0644, 0755 for directories and 0777 for symlinks; uid and gid 0; mtime 1600000000, plus the layer's
 * index for contents without a name.
 */
import { createHash } from "node:crypto";
import { asBytePath } from "../byte-path.ts";
import { asDiffId, type DiffId } from "../image/digest.ts";
import type { BytePath, Entry, EntryKind, HistoryEntry, Image, ImageConfig, Layer } from "../image/image.ts";
import { parseSketch, type SketchItem } from "./sketch-notation.ts";

const epoch = 1_600_000_000;
/** Largest content that is generated, in bytes. Larger files are hashed by their description and cannot be packed. */
const largestContent = 64 * 2 ** 20;

/** Contents of the files of sketches, by entry. */
const contents = new WeakMap<Entry, Content>();

/** Makes the layers of an image, bottom first. The same texts always give the same layers. Entries have no hash yet. */
export function sketchLayers(
  texts: readonly string[],
  keep?: (path: BytePath, size: number) => boolean,
): Layer[] {
  const maker = new EntryMaker();
  return texts.map((text, index) => toLayer(maker.layer(text, index), index, keep));
}

export interface SketchOptions {
  readonly layers: readonly string[];
  /** `created_by` texts of the layers, or whole history entries; without it the image has no history. */
  readonly history?: readonly (string | (Partial<HistoryEntry> & { readonly emptyLayer?: boolean }))[];
  readonly config?: Partial<ImageConfig>;
  /** As `OpenOptions.keep`: fills `Layer.kept`. */
  readonly keep?: (path: BytePath, size: number) => boolean;
  readonly name?: string;
  readonly tags?: readonly string[];
}

/** Configuration of an image without settings. */
export const bareConfig = {
  platform: { os: "linux", architecture: "amd64" },
  created: undefined,
  user: "",
  env: [],
  cmd: undefined,
  entrypoint: undefined,
  shell: undefined,
  workingDir: "",
  volumes: [],
  labels: {},
  onBuild: [],
} satisfies Partial<ImageConfig>;

/** Makes an image in memory. `hash` hashes the sketched contents; `close` does nothing. */
export function sketchImage(options: SketchOptions): Image {
  const layers = sketchLayers(options.layers, options.keep);
  const history = options.history?.map((entry): HistoryEntry =>
    typeof entry === "string" ? { createdBy: entry, emptyLayer: false } : { emptyLayer: false, ...entry },
  );
  const config: ImageConfig = {
    ...bareConfig,
    diffIds: layers.map((layer) => layer.diffId),
    history,
    raw: {},
    ...options.config,
  };
  return {
    name: options.name ?? "sketch.tar",
    format: "docker-archive",
    tags: options.tags ?? [],
    digest: undefined,
    configDigest: digestOf(JSON.stringify([config.diffIds, history])),
    config,
    annotations: {},
    attestations: [],
    layers,
    async hash(wanted) {
      for (const { entry } of wanted) entry.sha256 ??= contents.get(entry)?.sha256();
    },
    async close() {},
  };
}

/** Returns the bytes of a file of a sketch. */
export function sketchContent(entry: Entry): Buffer {
  const content = contents.get(entry);
  if (content === undefined) throw new Error(`${entry.path} is not a file of a sketch`);
  return content.bytes();
}

class Content {
  readonly #item: SketchItem;
  readonly #serial: number;

  constructor(item: SketchItem, serial: number) {
    this.#item = item;
    this.#serial = serial;
  }

  bytes(): Buffer {
    const { content, size } = this.#item;
    if (content !== undefined && "text" in content) return Buffer.from(content.text);
    if (size > largestContent) throw new Error(`${this.#item.path} is too large to be made`);
    const seed = content === undefined ? `#${this.#serial}` : `=${content.name}`;
    const buffer = Buffer.alloc(size, createHash("sha256").update(seed).digest());
    // even contents of one or two bytes must differ
    if (content === undefined)
      for (let i = 0; i < 4 && i < size; i++) buffer[i] = (this.#serial >>> (8 * i)) & 0xff;
    return buffer;
  }

  sha256(): string {
    const { content, size } = this.#item;
    const name = content !== undefined && "name" in content ? content.name : this.#serial;
    return createHash("sha256")
      .update(size > largestContent ? `${name} ${size}` : this.bytes())
      .digest("hex");
  }
}

/** Makes the entries of successive sketches. `made` counts the contents, so that each differs. */
export class EntryMaker {
  made: number;

  constructor(made = 0) {
    this.made = made;
  }

  layer(text: string, index: number): Entry[] {
    let offset = 0;
    return parseSketch(text).map((item) => {
      const entry = this.#entry(item, index, offset);
      offset += entry.tarBytes;
      return entry;
    });
  }

  #entry(item: SketchItem, layer: number, offset: number): Entry {
    const { path, kind, link, size, attributes } = item;
    const number = (name: string, otherwise: number) => Number(attributes.get(name) ?? otherwise);
    const mtime = number("mtime", epoch + (item.content === undefined ? layer : 0));
    const device = /^(\d+):(\d+)$/.exec(attributes.get("char") ?? attributes.get("block") ?? "");
    const xattrs = [...attributes].flatMap(([name, value]): [string, string][] =>
      name.startsWith("xattr.") ? [[name.slice(6), value]] : [],
    );
    const stored = number("stored", size);
    // one header block, or a pax header and its data before it
    const headerBytes =
      path.length > 100 || link.length > 100 || xattrs.length > 0 || mtime % 1 !== 0 ? 1536 : 512;
    const entry: Entry = {
      path: asBytePath(path),
      kind,
      size,
      mode: Number.parseInt(attributes.get("mode") ?? defaultMode(kind), 8),
      uid: number("uid", 0),
      gid: number("gid", 0),
      mtime: Math.floor(mtime),
      mtimeNs: Math.round((mtime - Math.floor(mtime)) * 1e9),
      link: asBytePath(link),
      device: device === null ? undefined : [Number(device[1]), Number(device[2])],
      xattrs: xattrs.length === 0 ? undefined : new Map(xattrs),
      offset,
      dataOffset: offset + headerBytes,
      storedBytes: stored,
      tarBytes: headerBytes + Math.ceil(stored / 512) * 512,
      sparse: attributes.has("stored"),
      sha256: undefined,
    };
    if (kind === "file") contents.set(entry, new Content(item, this.made++));
    return entry;
  }
}

function defaultMode(kind: EntryKind): string {
  return kind === "dir" ? "0755" : kind === "symlink" ? "0777" : "0644";
}

function toLayer(
  entries: readonly Entry[],
  index: number,
  keep?: (path: BytePath, size: number) => boolean,
): Layer {
  const files = entries.filter((entry) => entry.kind === "file" && keep?.(entry.path, entry.size) === true);
  const tarBytes = entries.reduce((sum, entry) => sum + entry.tarBytes, 1024);
  const diffId = digestOf(
    `${index} ${entries.map((entry) => `${entry.path} ${entry.kind} ${entry.size}`).join("\n")}`,
  );
  return {
    index,
    diffId,
    digest: diffId,
    mediaType: undefined,
    annotations: {},
    compression: "none",
    compressedBytes: tarBytes,
    tarBytes,
    entries,
    missing: false,
    kept: new Map(files.map((entry) => [entry, sketchContent(entry)])),
    compressedShare: (entry) => entry.tarBytes,
  };
}

function digestOf(text: string): DiffId {
  return asDiffId(`sha256:${createHash("sha256").update(text).digest("hex")}`);
}
