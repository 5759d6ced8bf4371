/** A set of files that counts the bytes of each once. */
import type { Inode } from "../analysis/subject.ts";

/** A set of inodes, keyed by layer and entry, because two equal layers share their entries. */
export class InodeSet {
  readonly #layers = new Map<number, Set<Inode["entry"]>>();
  bytes = 0;

  constructor(inodes: Iterable<Inode> = []) {
    for (const inode of inodes) this.add(inode);
  }

  add(inode: Inode): void {
    let entries = this.#layers.get(inode.layer);
    if (entries === undefined) this.#layers.set(inode.layer, (entries = new Set()));
    if (entries.has(inode.entry)) return;
    entries.add(inode.entry);
    this.bytes += inode.entry.size;
  }

  has(inode: Inode): boolean {
    return this.#layers.get(inode.layer)?.has(inode.entry) === true;
  }
}
