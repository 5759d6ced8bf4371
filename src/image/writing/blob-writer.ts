import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { link, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Digest } from "../image.ts";
import { blockSize, roundUp } from "../tar/fields.ts";
import { archiveMember } from "../tar/headers.ts";
import { endBlocks, type Write } from "./pieces.ts";
import type { Workplace } from "./workplace.ts";

export type OutputForm = "docker-archive" | "hybrid" | "oci-archive" | "oci";

/** Where blobs and documents of a new image go. */
export interface BlobWriter {
  /** The place of the next blob, in the order of calls; it must be left, whether a blob came or not. */
  slot(): Slot;
  document(path: string, content: Buffer): Promise<void>;
  /** What was made, to be put in the place of the output. */
  finish(): Promise<string>;
  close(): void;
}

/** The place of one blob, so that the output does not depend on which one is made first. */
export interface Slot {
  /**
   * Makes a blob of what `produce` writes; it is named when it is known. An archive takes one blob at a time: where `slow`
   * says that it takes long to make, it is made beside it meanwhile.
   */
  blob<T extends { readonly digest: Digest }>(
    produce: (write: Write) => Promise<T>,
    slow: boolean,
  ): Promise<T>;
  /** Takes a blob over from a file that holds nothing else, where that is possible without reading it. */
  link(path: string, digest: Digest): Promise<boolean>;
  leave(): void;
}

/** The path of a blob in an image of this form. */
export function blobPath(form: OutputForm, digest: Digest, kind: "layer" | "config" | "manifest"): string {
  if (form !== "docker-archive") return `blobs/${digest.replace(":", "/")}`;
  return `${digest.slice(digest.indexOf(":") + 1)}.${kind === "layer" ? "tar" : "json"}`;
}

export function blobWriter(form: OutputForm, place: Workplace): BlobWriter {
  return form === "oci" ? new FolderWriter(place) : new ArchiveWriter(form, place);
}

function writeAll(fd: number, chunk: Buffer, at: number): void {
  for (let done = 0; done < chunk.length;) done += writeSync(fd, chunk, done, chunk.length - done, at + done);
}

/** An OCI layout. */
class FolderWriter implements BlobWriter {
  readonly #place: Workplace;
  readonly #folder: string;

  constructor(place: Workplace) {
    this.#place = place;
    this.#folder = place.path("layout");
    mkdirSync(join(this.#folder, "blobs", "sha256"), { recursive: true });
  }

  slot(): Slot {
    return {
      blob: (produce) => this.#blob(produce),
      link: (path, digest) => this.#link(path, digest),
      leave() {},
    };
  }

  async #blob<T extends { readonly digest: Digest }>(produce: (write: Write) => Promise<T>): Promise<T> {
    const path = this.#place.path("blob");
    const made = await intoFile(path, produce);
    await rename(path, join(this.#folder, blobPath("oci", made.digest, "layer")));
    return made;
  }

  async #link(path: string, digest: Digest): Promise<boolean> {
    const target = join(this.#folder, blobPath("oci", digest, "layer"));
    await mkdir(dirname(target), { recursive: true });
    // another file system, or one without links: then it is copied
    return link(path, target).then(
      () => true,
      async (error: NodeJS.ErrnoException) => error.code === "EEXIST" && (await stat(target)).isFile(),
    );
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

  async finish(): Promise<string> {
    return this.#folder;
  }

  close(): void {}
}

async function intoFile<T>(path: string, produce: (write: Write) => Promise<T>): Promise<T> {
  const fd = openSync(path, "wx");
  let at = 0;
  try {
    return await produce((chunk) => {
      writeAll(fd, chunk, at);
      at += chunk.length;
    });
  } finally {
    closeSync(fd);
  }
}

const copiedAtOnce = 2 ** 20;

/** An archive, written member by member; a header is written when its member's name and size are known. */
class ArchiveWriter implements BlobWriter {
  readonly #form: OutputForm;
  readonly #place: Workplace;
  readonly #path: string;
  readonly #fd: number;
  readonly #names = new Set<string>();
  #at = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(form: OutputForm, place: Workplace) {
    this.#form = form;
    this.#place = place;
    this.#path = place.path("archive");
    this.#fd = openSync(this.#path, "wx+", 0o666);
  }

  slot(): Slot {
    const before = this.#turn;
    let leave = () => {};
    this.#turn = new Promise((resolve) => (leave = resolve));
    return {
      blob: (produce, slow) => this.#blob(produce, slow, before),
      link: async () => false,
      leave: () => void before.then(leave),
    };
  }

  async #blob<T extends { readonly digest: Digest }>(
    produce: (write: Write) => Promise<T>,
    slow: boolean,
    turn: Promise<void>,
  ): Promise<T> {
    if (!slow) {
      await turn;
      return this.#member(produce, ({ digest }) => blobPath(this.#form, digest, "layer"));
    }
    const path = this.#place.path("blob");
    const made = await intoFile(path, produce);
    const copy = async (write: Write) => {
      const fd = openSync(path, "r");
      try {
        for (;;) {
          const chunk = Buffer.allocUnsafe(copiedAtOnce);
          const length = readSync(fd, chunk, 0, chunk.length, null);
          if (length === 0) break;
          await write(chunk.subarray(0, length));
        }
      } finally {
        closeSync(fd);
      }
    };
    await turn;
    await this.#member(copy, () => blobPath(this.#form, made.digest, "layer"));
    await rm(path);
    return made;
  }

  async document(path: string, content: Buffer): Promise<void> {
    await this.#turn;
    await this.#member(
      async (write) => write(content),
      () => path,
    );
  }

  async finish(): Promise<string> {
    await this.#turn;
    writeAll(this.#fd, endBlocks, this.#at);
    // what a blob that was there already has left behind the end
    ftruncateSync(this.#fd, this.#at + endBlocks.length);
    return this.#path;
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** A blob that is there already takes no place. */
  async #member<T>(produce: (write: Write) => Promise<T>, nameOf: (made: T) => string): Promise<T> {
    const start = this.#at;
    let size = 0;
    const made = await produce((chunk) => {
      writeAll(this.#fd, chunk, start + blockSize + size);
      size += chunk.length;
    });
    const name = nameOf(made);
    if (this.#names.has(name)) return made;
    this.#names.add(name);
    writeAll(this.#fd, archiveMember(name, size), start);
    const padding = roundUp(size) - size;
    if (padding > 0) writeAll(this.#fd, Buffer.alloc(padding), start + blockSize + size);
    this.#at = start + blockSize + roundUp(size);
    return made;
  }
}
