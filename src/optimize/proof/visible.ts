import type { BytePath, Entry, Layer } from "../../image/image.ts";

/** What an evaluator needs of a layer. */
export type Stacked = Pick<Layer, "entries">;

/**
 * What stands at a name: the entry that carries attributes and data, and its layer. Names that are hardlinks of each
 * other share one provider object. Without entry it is an implied directory: something lies below it, and no layer
 * describes it.
 */
export interface Provider {
  readonly layer: number;
  readonly entry: Entry | undefined;
}

/** A root file system: every visible name; the root itself is the empty name. */
export type Visible = ReadonlyMap<BytePath, Provider>;

/** The first name, in byte order, about which two evaluations of the same layers differ; undefined when they agree. */
export function disagreement(a: Visible, b: Visible): BytePath | undefined {
  const different: BytePath[] = [];
  for (const [path, one] of a) {
    const other = b.get(path);
    // an entry is one inode in its layer, so this also says that hardlinks are grouped alike
    const isSame =
      other !== undefined &&
      one.entry === other.entry &&
      (one.entry === undefined || one.layer === other.layer);
    if (!isSame) different.push(path);
  }
  for (const path of b.keys()) if (!a.has(path)) different.push(path);
  return different.toSorted()[0];
}
