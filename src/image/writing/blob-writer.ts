/** Writes the blobs and documents of a new image to an archive or a folder. */
import { closeSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { link, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode } from "../../records.ts";
import type { ByteWork } from "../bytes/work.ts";
import type { Digest } from "../entry.ts";
import type { OutputForm } from "../forms.ts";
import { blockSize, roundUp } from "../tar/fields.ts";
import { archiveMember } from "../tar/headers.ts";
import { endBlocks, type Write } from "./pieces.ts";
import type { StagingDirectory } from "./staging-directory.ts";

/** Writes the blobs and documents of a new image. */
export interface BlobWriter {
  /** Reserves the place of the next blob, in the order of calls. The caller must release it, with or without a blob. */
  slot(): Slot;
  document(path: string, content: Buffer): Promise<void>;
  /** Resolves when all slots are released; at once for a folder, where slots do not wait for each other. */
  written(): Promise<void>;
  /** Returns the path of the finished image, to be renamed to the output. */
  finish(): Promise<string>;
  close(): void;
}

/** The place of one blob, so that the output does not depend on which one is made first. */
export interface Slot {
  /**
   * Makes a blob of what `produce` writes, and names it by the digest of the bytes on disk. An archive takes one blob
   * at a time; a blob that is `slow` to make is written to a separate file meanwhile.
   */
  blob<T>(produce: (write: Write) => Promise<T>, slow: boolean): Promise<T & StoredBlob>;
  /** Writes a blob of the input, whose digest is known. */
  copy(digest: Digest, produce: (write: Write) => Promise<void>): Promise<void>;
  /** Hardlinks a blob from a file that holds nothing else; false if that is not possible. */
  link(path: string, digest: Digest): Promise<boolean>;
  leave(): void;
}

export interface StoredBlob {
  readonly digest: Digest;
  readonly size: number;
}

/** Returns the path of a blob in an image of this format. */
export function blobPath(form: OutputForm, digest: Digest, kind: "layer" | "config" | "manifest"): string {
  if (form !== "docker-archive") return `blobs/${digest.replace(":", "/")}`;
  return `${digest.slice(digest.indexOf(":") + 1)}.${kind === "layer" ? "tar" : "json"}`;
}

export function blobWriter(form: OutputForm, place: StagingDirectory, bytes: ByteWork): BlobWriter {
  return form === "oci" ? new FolderWriter(place, bytes) : new ArchiveWriter(form, place, bytes);
}

function writeAll(fd: number, chunk: Buffer, at: number): void {
  for (let done = 0; done < chunk.length;) done += writeSync(fd, chunk, done, chunk.length - done, at + done);
}

/** Writes what `produce` gives to a file from `start` on, and returns the number of bytes. */
async function writeFrom<T>(
  fd: number,
  start: number,
  produce: (write: Write) => Promise<T>,
): Promise<{ readonly made: T; readonly size: number }> {
  let size = 0;
  const made = await produce((chunk) => {
    writeAll(fd, chunk, start + size);
    size += chunk.length;
  });
  return { made, size };
}

/** A file that holds one blob. */
async function blobFile<T>(
  path: string,
  bytes: ByteWork,
  produce: (write: Write) => Promise<T>,
): Promise<T & StoredBlob> {
  const fd = openSync(path, "wx+");
  try {
    const { made, size } = await writeFrom(fd, 0, produce);
    const digest = await bytes.digest({ handle: { fd }, offset: 0, size, name: path });
    return { ...made, digest, size };
  } finally {
    closeSync(fd);
  }
}

/** An OCI layout. */
class FolderWriter implements BlobWriter {
  readonly #place: StagingDirectory;
  readonly #bytes: ByteWork;
  readonly #folder: string;

  constructor(place: StagingDirectory, bytes: ByteWork) {
    this.#place = place;
    this.#bytes = bytes;
    this.#folder = place.path("layout");
    mkdirSync(join(this.#folder, "blobs", "sha256"), { recursive: true });
  }

  slot(): Slot {
    return {
      blob: (produce) => this.#blob(produce),
      copy: (digest, produce) => this.#copy(digest, produce),
      link: (path, digest) => this.#link(path, digest),
      leave() {},
    };
  }

  async #blob<T>(produce: (write: Write) => Promise<T>): Promise<T & StoredBlob> {
    const path = this.#place.path("blob");
    const made = await blobFile(path, this.#bytes, produce);
    await rename(path, this.#pathOf(made.digest));
    return made;
  }

  async #copy(digest: Digest, produce: (write: Write) => Promise<void>): Promise<void> {
    const path = this.#place.path("blob");
    const fd = openSync(path, "wx");
    try {
      await writeFrom(fd, 0, produce);
    } finally {
      closeSync(fd);
    }
    await mkdir(dirname(this.#pathOf(digest)), { recursive: true });
    await rename(path, this.#pathOf(digest));
  }

  async #link(path: string, digest: Digest): Promise<boolean> {
    const target = this.#pathOf(digest);
    await mkdir(dirname(target), { recursive: true });
    // on another file system, or one without links, the blob is copied
    return link(path, target).then(
      () => true,
      async (error: unknown) => errorCode(error) === "EEXIST" && (await stat(target)).isFile(),
    );
  }

  #pathOf(digest: Digest): string {
    return join(this.#folder, blobPath("oci", digest, "layer"));
  }

  async document(path: string, content: Buffer): Promise<void> {
    const target = join(this.#folder, path);
    await mkdir(dirname(target), { recursive: true });
    const fd = openSync(target, "w");
    try {
      writeAll(fd, content, 0);
    } finally {
      closeSync(fd);
    }
  }

  async written(): Promise<void> {}

  async finish(): Promise<string> {
    return this.#folder;
  }

  close(): void {}
}

const copiedAtOnce = 2 ** 20;

/** An archive, written member by member; a header is written when its member's name and size are known. */
class ArchiveWriter implements BlobWriter {
  readonly #form: OutputForm;
  readonly #place: StagingDirectory;
  readonly #bytes: ByteWork;
  readonly #path: string;
  readonly #fd: number;
  readonly #names = new Set<string>();
  #at = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(form: OutputForm, place: StagingDirectory, bytes: ByteWork) {
    this.#form = form;
    this.#place = place;
    this.#bytes = bytes;
    this.#path = place.path("archive");
    this.#fd = openSync(this.#path, "wx+", 0o666);
  }

  slot(): Slot {
    const before = this.#turn;
    let leave = () => {};
    this.#turn = new Promise((resolve) => (leave = resolve));
    return {
      blob: async (produce, slow) => {
        if (slow) return this.#slowBlob(produce, before);
        await before;
        return this.#blob(produce, leave);
      },
      copy: async (digest, produce) => {
        await before;
        await this.#member(blobPath(this.#form, digest, "layer"), produce);
      },
      link: async () => false,
      leave: () => void before.then(leave),
    };
  }

  /** Writes the next blob while the digest for this one's header is computed. */
  async #blob<T>(produce: (write: Write) => Promise<T>, leave: () => void): Promise<T & StoredBlob> {
    const start = this.#at;
    const offset = start + blockSize;
    const { made, size } = await writeFrom(this.#fd, offset, produce);
    this.#end(offset, size);
    leave();
    const digest = await this.#bytes.digest({ handle: { fd: this.#fd }, offset, size, name: this.#path });
    const name = blobPath(this.#form, digest, "layer");
    this.#names.add(name);
    writeAll(this.#fd, archiveMember(name, size), start);
    return { ...made, digest, size };
  }

  async #slowBlob<T>(produce: (write: Write) => Promise<T>, turn: Promise<void>): Promise<T & StoredBlob> {
    const path = this.#place.path("blob");
    const made = await blobFile(path, this.#bytes, produce);
    await turn;
    await this.#member(blobPath(this.#form, made.digest, "layer"), async (write) => {
      const fd = openSync(path, "r");
      try {
        const chunk = Buffer.allocUnsafe(copiedAtOnce);
        for (;;) {
          const length = readSync(fd, chunk, 0, chunk.length, null);
          if (length === 0) break;
          await write(chunk.subarray(0, length));
        }
      } finally {
        closeSync(fd);
      }
    });
    await rm(path);
    return made;
  }

  async document(path: string, content: Buffer): Promise<void> {
    await this.#turn;
    await this.#member(path, async (write) => write(content));
  }

  written(): Promise<void> {
    return this.#turn;
  }

  async finish(): Promise<string> {
    await this.#turn;
    writeAll(this.#fd, endBlocks, this.#at);
    return this.#path;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Writes a member, unless the archive has one of that name. */
  async #member(name: string, produce: (write: Write) => Promise<void>): Promise<void> {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    const start = this.#at;
    const offset = start + archiveMember(name, 0).length;
    const { size } = await writeFrom(this.#fd, offset, produce);
    writeAll(this.#fd, archiveMember(name, size), start);
    this.#end(offset, size);
  }

  /** Pads a member whose content starts at `offset`. */
  #end(offset: number, size: number): void {
    const padding = roundUp(size) - size;
    if (padding > 0) writeAll(this.#fd, Buffer.alloc(padding), offset + size);
    this.#at = offset + roundUp(size);
  }
}
