import type { Entry, Image, ImageSource, Layer } from "../../image/image.ts";
import { differingRanges } from "../../image/same-bytes.ts";
import type { Provider } from "./visible.ts";

/** An image whose files can be compared; with `source`, byte by byte. */
export interface ReadableImage extends Pick<Image, "hash"> {
  readonly layers: readonly Layer[];
  readonly source?: Pick<ImageSource, "plainTar">;
}

type FilePair = readonly [before: Entry, after: Entry];

/** Pairs of files of a layer of one image and a layer of the other. */
interface Group {
  readonly layers: readonly [before: number, after: number];
  readonly pairs: FilePair[];
}

/** Files of one image, each with the one of the other image that should have the same content. */
export class FilePairs {
  readonly groups = new Map<string, Group>();
  count = 0;

  add({ layer, entry }: Provider, { layer: otherLayer, entry: other }: Provider): void {
    if (entry === undefined || other === undefined) return;
    const key = `${layer} ${otherLayer}`;
    let group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, (group = { layers: [layer, otherLayer], pairs: [] }));
    group.pairs.push([entry, other]);
    this.count++;
  }
}

/** Which pairs are different after all. */
export class DifferentPairs {
  readonly #others = new Map<Entry, Set<Entry>>();

  add([one, other]: FilePair): void {
    const others = this.#others.get(one);
    if (others === undefined) this.#others.set(one, new Set([other]));
    else others.add(other);
  }

  has(one: Entry, other: Entry): boolean {
    return this.#others.get(one)?.has(other) === true;
  }
}

/**
 * Compares contents: byte by byte where both layers lie on disk as they are, which shows more than hashes do and takes a
 * fraction of their time; else by hash.
 */
export async function differentContents(
  before: ReadableImage,
  after: ReadableImage,
  { groups }: FilePairs,
): Promise<DifferentPairs> {
  const different = new DifferentPairs();
  for (const { layers, pairs } of groups.values()) {
    const [one, other] = [before.layers[layers[0]]!, after.layers[layers[1]]!];
    const [a, b] = [await before.source?.plainTar(one), await after.source?.plainTar(other)];
    if (a !== undefined && b !== undefined) {
      const likely = pairs.filter((pair) => {
        const sameLength = pair[0].storedBytes === pair[1].storedBytes;
        if (!sameLength) different.add(pair);
        return sameLength;
      });
      likely.sort(([x], [y]) => x.dataOffset - y.dataOffset);
      for (const i of await differingRanges(a, b, rangesOf(likely))) different.add(likely[i]!);
      continue;
    }
    await before.hash(pairs.map(([entry]) => ({ layer: one, entry })));
    await after.hash(pairs.map(([, entry]) => ({ layer: other, entry })));
    for (const pair of pairs) {
      const [x, y] = pair;
      if (x.sha256 === undefined || y.sha256 === undefined)
        throw new Error(`${x.path} was not hashed: a bug in comparing`);
      if (x.sha256 !== y.sha256) different.add(pair);
    }
  }
  return different;
}

function rangesOf(pairs: readonly FilePair[]): Float64Array {
  const ranges = new Float64Array(3 * pairs.length);
  pairs.forEach(([before, after], i) =>
    ranges.set([before.dataOffset, after.dataOffset, before.storedBytes], 3 * i),
  );
  return ranges;
}
