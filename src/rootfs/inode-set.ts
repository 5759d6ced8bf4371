/** A set of files that counts the bytes of each once. */
import type { LiveFile } from "./rootfs.ts";

/** A regular file of one layer: the entry that carries its data. */
export type FileOfLayer = Pick<LiveFile, "layer" | "entry">;

/** A set of files of layers, keyed by layer and entry, because two equal layers share their entries. */
export class InodeSet {
  readonly #layers = new Map<number, Set<FileOfLayer["entry"]>>();
  bytes = 0;

  constructor(inodes: Iterable<FileOfLayer> = []) {
    for (const inode of inodes) this.add(inode);
  }

  add(inode: FileOfLayer): void {
    let entries = this.#layers.get(inode.layer);
    if (entries === undefined) this.#layers.set(inode.layer, (entries = new Set()));
    if (entries.has(inode.entry)) return;
    entries.add(inode.entry);
    this.bytes += inode.entry.size;
  }

  has(inode: FileOfLayer): boolean {
    return this.#layers.get(inode.layer)?.has(inode.entry) === true;
  }
}
