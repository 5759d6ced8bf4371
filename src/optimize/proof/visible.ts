/** A root file system as the proof sees it, and where two evaluations of it differ. */
import type { BytePath, Entry, Layer } from "../../image/image.ts";

/** What an evaluator needs of a layer. */
export type Stacked = Pick<Layer, "entries">;

/**
 * What a name refers to: the entry that carries attributes and data, and its layer. Names that are hardlinks of each
 * other share one provider object. Without entry it is an implied directory: something lies below it, and no layer
 * describes it.
 */
export interface Provider {
  readonly layer: number;
  readonly entry: Entry | undefined;
}

/** A root file system: every visible name; the root itself is the empty name. */
export type Visible = ReadonlyMap<BytePath, Provider>;

/**
 * The first name, in byte order, about which two evaluations of the same layers differ; undefined when they agree. The
 * other evaluation lists every name once.
 */
export function disagreement(
  a: Visible,
  others: Iterable<readonly [BytePath, Provider]>,
): BytePath | undefined {
  const different: BytePath[] = [];
  let both = 0;
  for (const [path, other] of others) {
    const one = a.get(path);
    if (one !== undefined) both++;
    // an entry is one inode in its layer, so this also compares the groups of hardlinks
    const isSame =
      one !== undefined &&
      one.entry === other.entry &&
      (one.entry === undefined || one.layer === other.layer);
    if (!isSame) different.push(path);
  }
  if (both < a.size) {
    const said = new Set<BytePath>();
    for (const [path] of others) said.add(path);
    for (const path of a.keys()) if (!said.has(path)) different.push(path);
  }
  return different.toSorted()[0];
}
