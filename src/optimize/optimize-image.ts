/**
 * `optimize` from the plan to the proof: predicts what it would do, or does it.
 *
 * A byte is read as seldom as the proof allows. Input blobs are verified while the plan is made and written
 * (src/image/verify.ts). An output blob is named by its digest on disk, read back while the next one is written. The proof
 * opens the finished output and hashes every blob in it once more. Contents are compared byte by byte where both layers are
 * plain on disk, which takes a tenth of the time of two hashes; where one is compressed, by the hashes that were made while
 * it was read. Before the proof the heap is cleared (src/image/heap.ts), because the evaluators need as much as the plan did.
 */
import { UserError } from "../errors.ts";
import { workHere } from "../image/bytes/work.ts";
import type { ImageForm, OutputForm } from "../image/forms.ts";
import type { Entry } from "../image/image.ts";
import { BlobCheck } from "../image/verify.ts";
import { blobWriter } from "../image/writing/blob-writer.ts";
import { cannotWrite, type StagingDirectory } from "../image/writing/staging-directory.ts";
import { itemAt } from "../must.ts";
import { all } from "./all.ts";
import { sizeOf, type LayerOutcome, type OptimizeResult } from "./outcome.ts";
import { isSameContent, questionsOfIdentical } from "./plan/identical.ts";
import type { LayerPlan } from "./plan/layer-plan.ts";
import { planLayers } from "./plan/plan.ts";
import { bothWays, prove, type Proof } from "./proof/prove.ts";
import type { Visible } from "./proof/visible.ts";
import type { OptimizeRequest } from "./request.ts";
import { canRemove, storedAfter } from "./savings.ts";
import { writeImage, writeIndexes, type Made } from "./write-image.ts";
import { isRecompressed } from "./write-layers.ts";

/** Predicts what `optimize` would do, and writes nothing. */
export async function predict(request: OptimizeRequest): Promise<OptimizeResult> {
  const { layers } = request.image;
  const plans = await planOf(request);
  const outcomes = plans.map((plan, index): LayerOutcome => {
    const layer = itemAt(layers, index);
    const before = sizeOf(layer);
    const recompressed = plan.action === "keep" && isRecompressed(request, plan, index);
    const rest = { index, plan, before, recompressed };
    if (plan.action === "keep") return { ...rest, after: before };
    if (plan.action !== "rewrite") return { ...rest, after: undefined };
    const { tarBytes } = plan.rewrite;
    return { ...rest, after: { diffId: undefined, storedBytes: storedAfter(layers, plan, index), tarBytes } };
  });
  return { layers: outcomes, written: undefined, referrers: request.image.source.referrers };
}

/**
 * Writes smaller images (the platforms of one image; usually there is one) to a folder beside the output, proves them, and
 * only then moves them to the output. If anything fails, no files are left and the input is unchanged.
 */
export async function optimize(
  requests: readonly OptimizeRequest[],
  place: StagingDirectory,
  /** Called after the proof, before the output is moved to its place. */
  onProved: (results: readonly OptimizeResult[]) => Promise<void> = async () => {},
): Promise<OptimizeResult[]> {
  const [first] = requests;
  if (first === undefined) throw new Error("nothing to write: a bug");
  try {
    const writer = blobWriter(first.form, place, first.bytes ?? workHere);
    const made: (Made & { readonly shown: Visible })[] = [];
    let path: string;
    try {
      for (const request of requests) {
        const check = await checkOf(request);
        const plans = await planOf(request);
        request.heap?.clear();
        const [one, shown] = await all([
          writeImage(request, plans, check, writer, place),
          // meanwhile the digests of the written blobs are computed
          writer.written().then(() => {
            return bothWays(request.image);
          }),
        ]);
        await check.done();
        made.push({ ...one, shown });
      }
      await writeIndexes(made, writer, first.form);
      path = await writer.finish();
    } finally {
      writer.close();
    }
    const results: OptimizeResult[] = [];
    for (const [i, request] of requests.entries()) {
      const one = itemAt(made, i);
      const { manifest, outcomes } = one;
      await request.image.source.checkUnchanged();
      const proof = await proofOf(request, one, path);
      results.push({
        layers: outcomes,
        written: {
          image: manifest.image,
          digest: request.form === "docker-archive" ? undefined : manifest.descriptor.digest,
          proof,
        },
        referrers: request.image.source.referrers,
      });
    }
    await onProved(results);
    first.signal?.throwIfAborted();
    for (const { image } of requests) await image.source.checkUnchanged();
    await place.publish(path);
    return results;
  } catch (error) {
    throw cannotWrite(place.output, error);
  }
}

/**
 * Starts to verify the input. Plain layers were only walked until now. A blob that may be linked into the output is not
 * verified here, because the proof reads it.
 */
async function checkOf({ image, form, bytes, signal }: OptimizeRequest): Promise<BlobCheck> {
  const check = new BlobCheck(image, bytes, signal);
  const layers = image.layers.filter(({ missing }) => !missing).map(({ index }) => index);
  const files = await Promise.all(layers.map((index) => image.source.blob(index)));
  await check.begin(layers.filter((_, i) => form !== "oci" || files[i]?.path === undefined));
  return check;
}

function proofOf(
  { image, form, recompress, signal, allowHuge, bytes, heap }: OptimizeRequest,
  { manifest, outcomes, known, shown }: Made & { readonly shown: Visible },
  path: string,
): Promise<Proof> {
  return prove({ image, visible: shown }, path, {
    // an archive of Docker's own form has one image and no manifest
    manifest: form === "docker-archive" ? undefined : manifest.descriptor.digest,
    untouched: outcomes.flatMap(({ index, plan }) =>
      plan.action === "keep" && (plan.why === "base" || plan.why === "shared")
        ? [[index, manifest.image.layers.findIndex(({ from }) => from === index)] as const]
        : [],
    ),
    pruned: outcomes.flatMap(({ plan }) => ("rewrite" in plan ? plan.rewrite.pruned : [])),
    recompressedBase: recompress?.base === true,
    known,
    signal,
    allowHuge,
    bytes,
    heap,
  });
}

async function planOf(request: OptimizeRequest): Promise<LayerPlan[]> {
  const { image, fixedLayers, shared, repair, dropIdentical, pruned, squash } = request;
  const { layers, config } = image;
  if (dropIdentical) await image.hash(questionsOfIdentical(layers, fixedLayers));
  const input = {
    layers,
    os: config.platform.os,
    fixedLayers,
    shared,
    mayRemove: canRemove(image),
    isPruned: (layer: number, entry: Entry) => pruned.get(layer)?.has(entry) === true,
  };
  const options = { repair, dropIdentical, isSameContent };
  const plans = planLayers(input, options);
  if (squash === undefined) return plans;
  if (!input.mayRemove)
    throw new UserError(
      `${image.name}: its history does not show which entry created which layer, so layers cannot be merged; drop --squash`,
    );
  const merges = squash(plans.map((plan, index) => storedAfter(layers, plan, index)));
  return merges.length === 0 ? plans : planLayers({ ...input, merges }, options);
}

/** The form that `--to` names, else the output's name, else that of the input. Only an OCI image holds several platforms. */
export function formOf(
  to: OutputForm | undefined,
  output: string,
  input: ImageForm,
  platforms: number,
): OutputForm {
  if (platforms > 1 && (to === "docker-archive" || to === "hybrid"))
    throw new UserError(
      `${output}: a ${to} holds one platform only; write several with --to oci or --to oci-archive`,
    );
  if (to !== undefined) return to;
  if (!/\.tar$/i.test(output)) return "oci";
  return input === "oci" || input === "dir" || platforms > 1 ? "oci-archive" : input;
}
