/** Compares the contents of files that should be equal. */
import { workHere, type ByteWork } from "../../image/bytes/work.ts";
import type { Entry, Image, ImageSource, Layer } from "../../image/image.ts";
import { itemAt } from "../../must.ts";
import type { Provider } from "./visible.ts";

/** An image whose files can be compared; with `source`, byte by byte. */
export interface ReadableImage extends Pick<Image, "hash"> {
  readonly layers: readonly Layer[];
  readonly source?: Pick<ImageSource, "plainTar">;
}

/** Files of a layer of one image, and those of a layer of the other that they are paired with, in the same order. */
interface Group {
  readonly layers: readonly [before: number, after: number];
  readonly files: readonly [before: Entry[], after: Entry[]];
}

/** Files of one image, each with the one of the other image that should have the same content. */
export class FilePairs {
  readonly groups = new Map<string, Group>();
  count = 0;

  add({ layer, entry }: Provider, { layer: otherLayer, entry: other }: Provider): void {
    if (entry === undefined || other === undefined) return;
    const key = `${layer} ${otherLayer}`;
    let group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, (group = { layers: [layer, otherLayer], files: [[], []] }));
    group.files[0].push(entry);
    group.files[1].push(other);
    this.count++;
  }
}

/** The pairs that turned out to be different. */
export class DifferentPairs {
  readonly #others = new Map<Entry, Set<Entry>>();

  add(one: Entry, other: Entry): void {
    const others = this.#others.get(one);
    if (others === undefined) this.#others.set(one, new Set([other]));
    else others.add(other);
  }

  get isEmpty(): boolean {
    return this.#others.size === 0;
  }

  has(one: Entry, other: Entry): boolean {
    return this.#others.get(one)?.has(other) === true;
  }
}

/**
 * Compares contents: byte by byte if both layers are plain files on disk, which proves more than hashes and takes a
 * fraction of their time; else by hash. Returns as soon as the comparison has started, perhaps in another thread.
 */
export async function askForContents(
  before: ReadableImage,
  after: ReadableImage,
  { groups }: FilePairs,
  bytes: ByteWork = workHere,
): Promise<{ readonly different: Promise<DifferentPairs> }> {
  const found = new DifferentPairs();
  const asked: Promise<void>[] = [];
  const others: Group[] = [];
  for (const group of groups.values()) {
    const [a, b] = [
      await before.source?.plainTar(itemAt(before.layers, group.layers[0])),
      await after.source?.plainTar(itemAt(after.layers, group.layers[1])),
    ];
    if (a === undefined || b === undefined) others.push(group);
    else asked.push(compareBytes(group, (ranges) => bytes.differing(a, b, ranges), found));
  }
  if (others.length > 0) asked.push(compareHashes(others, before, after, found));
  const different = Promise.all(asked).then(() => found);
  // the caller gets the error when it awaits the result
  different.catch(() => undefined);
  return { different };
}

async function compareBytes(
  { files: [before, after] }: Group,
  differing: (ranges: Float64Array) => Promise<readonly number[]>,
  found: DifferentPairs,
): Promise<void> {
  const pairs = before.map((file, i) => ({ file, twin: itemAt(after, i) }));
  for (const { file, twin } of pairs) if (file.storedBytes !== twin.storedBytes) found.add(file, twin);
  pairs.sort((a, b) => a.file.dataOffset - b.file.dataOffset);
  const ranges = new Float64Array(3 * pairs.length);
  pairs.forEach(({ file, twin }, i) => {
    ranges[3 * i] = file.dataOffset;
    ranges[3 * i + 1] = twin.dataOffset;
    ranges[3 * i + 2] = Math.min(file.storedBytes, twin.storedBytes);
  });
  for (const i of await differing(ranges)) {
    const { file, twin } = itemAt(pairs, i);
    found.add(file, twin);
  }
}

/** Compares all groups together, because files without a hash take one more reading of their compressed layer. */
async function compareHashes(
  groups: readonly Group[],
  before: ReadableImage,
  after: ReadableImage,
  found: DifferentPairs,
): Promise<void> {
  const wanted = ({ layers: all }: ReadableImage, side: 0 | 1) =>
    groups.flatMap(({ layers, files }) =>
      files[side]
        .filter(({ sha256 }) => sha256 === undefined)
        .map((entry) => ({ layer: itemAt(all, layers[side]), entry })),
    );
  await before.hash(wanted(before, 0));
  await after.hash(wanted(after, 1));
  for (const { files } of groups)
    files[0].forEach((file, i) => {
      const twin = itemAt(files[1], i);
      if (file.sha256 === undefined || twin.sha256 === undefined)
        throw new Error(`${file.path} was not hashed: a bug in comparing`);
      if (file.sha256 !== twin.sha256) found.add(file, twin);
    });
}
