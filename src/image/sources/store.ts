/** The files of a source that can be read at offsets: an archive on disk, or a folder. */
import { errorCode } from "../../records.ts";
import { readFully } from "../bytes/file-range.ts";
import { open, realpath, stat, type FileHandle } from "node:fs/promises";
import { join, sep } from "node:path";
import { UserError } from "../../errors.ts";
import type { LayerContent, LayerFile, ReadLayerOptions } from "../blob.ts";
import { readLayer } from "../layer/read-layer.ts";
import { cleanPath } from "../tar/fields.ts";
import { walkTar } from "../tar/walk-headers.ts";

/** Largest size, in bytes, of a JSON document that is read as a manifest. */
export const maxJson = 32 * 2 ** 20;

/** The named files of one source. */
export interface BlobStore {
  /** As given on the command line; every message begins with it. */
  readonly name: string;
  has(path: string): Promise<boolean>;
  /** Reads a small file; undefined when it does not exist. */
  read(path: string): Promise<Buffer | undefined>;
  /** Returns the size in bytes. */
  size(path: string): Promise<number>;
  layer(path: string, options: ReadLayerOptions): Promise<LayerContent>;
  /** Returns a file to read at offsets; undefined when it does not exist, or was in a stream that has passed. */
  blob(path: string): Promise<LayerFile | undefined>;
  /** Throws `UserError` when a file was changed since it was opened. */
  checkUnchanged(): Promise<void>;
  close(): Promise<void>;
}

interface Member {
  readonly offset: number;
  readonly size: number;
  /** Cleaned path of a link's target inside the archive; undefined for other members. */
  readonly target: string | undefined;
}

/**
 * An archive on disk: indexed once, then read at offsets. Entries may come in any order
 * (docs/spec/image-formats.md, section 1).
 */
export class ArchiveStore implements BlobStore {
  readonly name: string;
  readonly #handle: FileHandle;
  readonly #members: Map<string, Member>;
  readonly #stamp: string;

  private constructor(name: string, handle: FileHandle, members: Map<string, Member>, stamp: string) {
    this.name = name;
    this.#handle = handle;
    this.#members = members;
    this.#stamp = stamp;
  }

  /** Indexes the archive. The handle is closed with the store, or at once when indexing fails. */
  static async open(name: string, handle: FileHandle, options: ReadLayerOptions): Promise<ArchiveStore> {
    try {
      return await ArchiveStore.#index(name, handle, options);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  static async #index(
    name: string,
    handle: FileHandle,
    { signal, budget }: ReadLayerOptions,
  ): Promise<ArchiveStore> {
    const stamp = await stampOf(handle);
    const { size } = await handle.stat();
    const members = new Map<string, Member>();
    await walkTar(
      { handle, offset: 0, size, name },
      (entry) => {
        budget?.entry(entry, name);
        const target =
          entry.kind === "symlink"
            ? cleanPath(`${entry.path}/../${entry.link}`)
            : entry.kind === "hardlink"
              ? entry.link
              : undefined;
        if (entry.kind === "file" || target !== undefined)
          members.set(entry.path, { offset: entry.dataOffset, size: entry.storedBytes, target });
      },
      signal,
    );
    return new ArchiveStore(name, handle, members, stamp);
  }

  async has(path: string): Promise<boolean> {
    return resolveMember(this.#members, path, this.name) !== undefined;
  }

  async size(path: string): Promise<number> {
    return resolveMember(this.#members, path, this.name)?.size ?? 0;
  }

  async read(path: string): Promise<Buffer | undefined> {
    const member = resolveMember(this.#members, path, this.name);
    if (member === undefined) return undefined;
    if (member.size > maxJson) throw tooLarge(this.name, path);
    const bytes = Buffer.alloc(member.size);
    readFully(
      { handle: this.#handle, offset: member.offset, size: member.size, name: `${this.name}: ${path}` },
      bytes,
      0,
      member.size,
    );
    return bytes;
  }

  async layer(path: string, options: ReadLayerOptions): Promise<LayerContent> {
    const file = await this.blob(path);
    if (file === undefined) throw missingBlob(this.name, path);
    return readLayer(file, options);
  }

  async blob(path: string): Promise<LayerFile | undefined> {
    const member = resolveMember(this.#members, path, this.name);
    if (member === undefined) return undefined;
    const { offset, size } = member;
    return {
      kind: "file",
      handle: this.#handle,
      offset,
      size,
      name: `${this.name}: ${path}`,
      path: undefined,
    };
  }

  async checkUnchanged(): Promise<void> {
    if ((await stampOf(this.#handle)) !== this.#stamp) throw changed(this.name);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Resolves links inside the archive. Throws `UserError` for a link that loops, is dangling or leaves the archive. */
export function resolveMember<T extends { readonly target: string | undefined }>(
  members: ReadonlyMap<string, T>,
  path: string,
  name: string,
): T | undefined {
  let at = cleanPath(path);
  for (let hops = 0; hops < 40; hops++) {
    if (at === ".." || at.startsWith("../"))
      throw new UserError(`${name}: names a file outside of the image (${path}); it is damaged or hostile`);
    const member = members.get(at);
    if (member?.target === undefined) return member;
    at = member.target;
  }
  throw new UserError(`${name}: ${path} is a link that leads nowhere; the archive is damaged`);
}

/** A folder on disk. Symlinks to blobs are followed if they stay inside the folder. */
export class FolderStore implements BlobStore {
  readonly name: string;
  readonly #handles = new Map<string, FileHandle>();
  readonly #stamps = new Map<string, string>();

  constructor(name: string) {
    this.name = name;
  }

  async has(path: string): Promise<boolean> {
    return (await this.#open(path)) !== undefined;
  }

  async size(path: string): Promise<number> {
    const handle = await this.#open(path);
    return handle === undefined ? 0 : (await handle.stat()).size;
  }

  async read(path: string): Promise<Buffer | undefined> {
    const handle = await this.#open(path);
    if (handle === undefined) return undefined;
    const { size } = await handle.stat();
    if (size > maxJson) throw tooLarge(this.name, path);
    const bytes = Buffer.alloc(size);
    readFully({ handle, offset: 0, size, name: join(this.name, path) }, bytes, 0, size);
    return bytes;
  }

  async layer(path: string, options: ReadLayerOptions): Promise<LayerContent> {
    const file = await this.blob(path);
    if (file === undefined) throw missingBlob(this.name, path);
    return readLayer(file, options);
  }

  async blob(path: string): Promise<LayerFile | undefined> {
    const handle = await this.#open(path);
    if (handle === undefined) return undefined;
    const { size } = await handle.stat();
    const name = join(this.name, path);
    return { kind: "file", handle, offset: 0, size, name, path: await realpath(name) };
  }

  async checkUnchanged(): Promise<void> {
    for (const [path, handle] of this.#handles)
      if ((await stampOf(handle)) !== this.#stamps.get(path)) throw changed(join(this.name, path));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#handles.values()].map((handle) => handle.close()));
  }

  async #open(path: string): Promise<FileHandle | undefined> {
    const known = this.#handles.get(path);
    if (known !== undefined) return known;
    try {
      const root = await realpath(this.name);
      const file = await realpath(join(root, cleanPath(path)));
      if (!file.startsWith(root + sep))
        throw new UserError(`${this.name}: ${path} leads out of the folder; that is not a valid image`);
      // `stat` before opening: opening a pipe would wait for a writer
      if (!(await stat(file)).isFile()) return undefined;
      const handle = await open(file);
      const raced = this.#handles.get(path);
      if (raced !== undefined) {
        await handle.close();
        return raced;
      }
      this.#stamps.set(path, await stampOf(handle));
      this.#handles.set(path, handle);
      return handle;
    } catch (error) {
      if (error instanceof UserError) throw error;
      const code = errorCode(error);
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw new UserError(`${join(this.name, path)}: cannot be read (${code ?? String(error)})`);
    }
  }
}

/** Returns a stamp that changes when the file is written to. */
async function stampOf(handle: FileHandle): Promise<string> {
  const { size, mtimeNs } = await handle.stat({ bigint: true });
  return `${size} ${mtimeNs}`;
}

function changed(name: string): UserError {
  return new UserError(`${name}: was changed while it was read; run again when nothing writes to it`);
}

export function missingBlob(name: string, path: string): UserError {
  return new UserError(`${name}: ${path} is missing; the image is incomplete, save it again`);
}

export function tooLarge(name: string, path: string): UserError {
  return new UserError(`${name}: ${path} is too large for a manifest or configuration; the image is damaged`);
}
