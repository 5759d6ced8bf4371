/**
 * Proves that the output of `optimize` shows containers what the input does.
 *
 * Two evaluators read each root file system, sharing no code with each other or with src/rootfs: one applies the layers in
 * order to a tree (apply-in-order.ts), one never takes anything away and asks which layer wrote a path last
 * (last-writer.ts). `compare` and the proof believe only what both say.
 */
import { defined } from "../../defined.ts";
import type { KnownLayer } from "../../image/blob.ts";
import type { ByteWork } from "../../image/bytes/work.ts";
import { growthFor, type Heap } from "../../image/heap.ts";
import type { BytePath, DiffId, Digest, Image, OpenedImage } from "../../image/image.ts";
import { openImage } from "../../image/open.ts";
import { BlobCheck } from "../../image/verify.ts";
import { itemAt } from "../../must.ts";
import { applyInOrder } from "./apply-in-order.ts";
import { compareConfigs } from "./compare-configs.ts";
import { compareVisible } from "./compare-visible.ts";
import { lastWriter } from "./last-writer.ts";
import { shareTexts } from "./share-texts.ts";
import { stillWanted } from "./still-wanted.ts";
import { disagreement, type Visible } from "./visible.ts";

export interface ProofOptions {
  /** The manifest of the image in the output; undefined if the output has one image only. */
  readonly manifest: Digest | undefined;
  /** Layers that must not change, by their index in the input and in the output. */
  readonly untouched: readonly (readonly [before: number, after: number])[];
  /** Names that must be gone, and nothing else may be. */
  readonly pruned: readonly BytePath[];
  /** The user asked to recompress the base: its blobs differ, its tars do not. */
  readonly recompressedBase: boolean;
  /** What is known of layers whose blob is unchanged, by index; the equal digest makes it valid for the output. */
  readonly known: ReadonlyMap<number, KnownLayer>;
  readonly signal: AbortSignal | undefined;
  readonly allowHuge: boolean;
  /** Which threads make digests and comparisons; default: the calling one. */
  readonly bytes?: ByteWork | undefined;
  readonly heap?: Heap | undefined;
}

/** The image that was rewritten, and what `bothWays` found in it. */
export interface Input {
  readonly image: OpenedImage;
  readonly visible: Visible;
}

/** What was found equal. */
export interface Proof {
  /** Of the input and of the output (docs/spec/optimizing.md, section 7). */
  readonly rootfsDigest: string;
  readonly names: number;
  /** Files that were compared by content; all others are the same bytes of the same layer. */
  readonly comparedFiles: number;
  /** Names that were removed on request; all others are the same. */
  readonly pruned: readonly BytePath[];
  /** Of the layers that must not change: the base, and layers shared with other images. */
  readonly baseDiffIds: readonly DiffId[];
  readonly config: Digest;
  readonly layers: readonly { readonly diffId: DiffId; readonly digest: Digest | undefined }[];
}

/** The output differs from the input: a bug of ours. */
export class ProofError extends Error {
  override readonly name = "ProofError";
}

/**
 * Reads the written image as any consumer would, and compares it with the input: every blob against its digest,
 * every new layer against its diff ID, the root file system by two evaluators, the configuration, the base. Throws
 * `ProofError` when anything differs.
 */
export async function prove(before: Input, path: string, options: ProofOptions): Promise<Proof> {
  options.heap?.clear();
  const after = await openImage(path, {
    verify: "compressed",
    hashFiles: true,
    known: (index) => options.known.get(index),
    allowHuge: options.allowHuge,
    onCompressed: () => options.heap?.letGrow(growthFor(before.image.layers)),
    ...defined({ manifest: options.manifest, signal: options.signal }),
  });
  try {
    // verifies the blobs that were not read in full on opening; meanwhile the images are compared
    const check = new BlobCheck(after, options.bytes, options.signal);
    const unread = after.layers.filter(
      ({ index, compression, missing }) => !missing && (compression === "none" || options.known.has(index)),
    );
    await check.begin(unread.map(({ index }) => index));
    shareTexts(after.layers, before.visible);
    options.heap?.clear();
    const proving = compareWith(before, after, options);
    // a damaged blob explains all other differences, so it is reported first
    await Promise.allSettled([proving]);
    await check.done();
    return await proving;
  } finally {
    await after.close();
  }
}

async function compareWith(
  { image: before, visible }: Input,
  after: OpenedImage,
  { untouched, pruned, recompressedBase, bytes }: ProofOptions,
): Promise<Proof> {
  for (const [was, is] of untouched) {
    const [a, b] = [itemAt(before.layers, was), after.layers[is]];
    if (b?.diffId !== a.diffId || (b.digest !== a.digest && !recompressedBase))
      throw new ProofError(`layer ${was} should be unchanged, but differs`);
  }
  const differences = compareConfigs(before.config.raw, after.config.raw);
  if (differences.length > 0)
    throw new ProofError(`the configuration differs in ${differences.map((each) => each.path).join(", ")}`);
  checkHistory(before, after);
  const wanted = stillWanted(before.config, visible, pruned);
  if (wanted !== undefined) throw new ProofError(`/${wanted.path} was pruned, but ${wanted.why}`);
  const a = { image: before, visible: without(visible, pruned) };
  const b = { image: after, visible: bothWays(after) };
  const comparison = await compareVisible(a, b, bytes);
  const [first] = comparison.differences;
  if (first !== undefined)
    throw new ProofError(`/${first.path} differs (${first.aspects.join(", ")}) after rewriting`);
  if (comparison.digests[0] !== comparison.digests[1])
    throw new ProofError("the root file systems have different digests");
  return {
    rootfsDigest: comparison.digests[0],
    names: comparison.names,
    comparedFiles: comparison.compared,
    pruned,
    baseDiffIds: untouched.map(([was]) => itemAt(before.layers, was).diffId),
    config: after.configDigest,
    layers: after.layers.map(({ diffId, digest }) => ({ diffId, digest })),
  };
}

/** Throws unless as many history entries lost their layer as layers are gone, and none gained one. */
function checkHistory(before: Image, after: Image): void {
  const [was, is] = [before.config.history ?? [], after.config.history ?? []];
  const gone = is.filter(({ emptyLayer }, i) => emptyLayer && was[i]?.emptyLayer === false).length;
  const came = is.findIndex(({ emptyLayer }, i) => !emptyLayer && was[i]?.emptyLayer === true);
  if (came >= 0) throw new ProofError(`history[${came}] gained a layer that it did not have`);
  const layersGone = before.layers.length - after.layers.length;
  if (was.length > 0 && gone !== layersGone)
    throw new ProofError(
      `${gone} entries of the history lost their layer, and ${layersGone} layers are gone`,
    );
}

/** The names that must remain: a pruned name that is still in the output shows up as a difference. */
function without(visible: Visible, pruned: readonly BytePath[]): Visible {
  if (pruned.length === 0) return visible;
  const left = new Map(visible);
  for (const path of pruned)
    if (!left.delete(path)) throw new ProofError(`/${path} was to be removed, but no container saw it`);
  return left;
}

/** What a container sees, by two independent evaluators. Throws `ProofError` if they disagree. */
export function bothWays(image: Pick<Image, "name" | "layers">): Visible {
  const visible = applyInOrder(image.layers);
  const path: BytePath | undefined = disagreement(visible, lastWriter(image.layers));
  if (path !== undefined)
    throw new ProofError(
      `${image.name}: two evaluations of its layers differ at /${path}; one of them is wrong`,
    );
  return visible;
}
