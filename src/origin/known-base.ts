/** Evidence for the base boundary from outside the history (docs/spec/history.md, section 2, step 2, evidence a to c). */
import type { DockerfileView } from "../build/build.ts";
import { UserError } from "../errors.ts";
import type { ImageConfig } from "../image/image.ts";
import type { OriginFacts, OriginOptions } from "./origin-facts.ts";
import type { BaseFoundBy } from "./origin.ts";
import { provenanceOf } from "./provenance.ts";

export interface KnownBase {
  readonly layers: number;
  readonly foundBy: BaseFoundBy;
}

/**
 * Returns the base boundary and its evidence; undefined when unknown. Throws `UserError` when `--base` cannot be the
 * base of this image.
 */
export function knownBaseLayers(
  image: OriginFacts,
  view: DockerfileView | undefined,
  options: OriginOptions,
): KnownBase | undefined {
  const count = image.layers.length;
  if (options.base !== undefined) {
    if (options.base > count) {
      throw new UserError(
        `${image.name}: --base ${options.base}: the image has only ${count} ${count === 1 ? "layer" : "layers"}`,
      );
    }
    return { layers: options.base, foundBy: "option" };
  }
  if (options.bases !== undefined) {
    const [fitting] = fittingBases(image, options.bases);
    if (fitting === undefined) {
      throw new UserError(
        `${image.name}: the image given to --base is not its base: its layers are not the first ones of this image`,
      );
    }
    return { layers: fitting.diffIds.length, foundBy: "base-image" };
  }
  const provenance = provenanceOf(image)?.baseLayers;
  if (provenance !== undefined && provenance <= count) return { layers: provenance, foundBy: "provenance" };
  const runImage = topLayerOfRunImage(image);
  if (runImage !== undefined) return { layers: runImage, foundBy: "annotation" };
  const first = view?.file.stages[firstStage(view)];
  return first?.expandedImage?.toLowerCase() === "scratch" ? { layers: 0, foundBy: "scratch" } : undefined;
}

/**
 * Returns those of the given images whose layers are the first ones of this image, as many as possible. An archive with
 * several images may hold this one too, which counts only if no other fits.
 */
export function fittingBases(image: OriginFacts, bases: readonly ImageConfig[]): ImageConfig[] {
  const fitting = bases.filter(({ diffIds }) =>
    diffIds.every((diffId, i) => image.config.diffIds[i] === diffId),
  );
  const below = fitting.filter(({ diffIds }) => diffIds.length < image.layers.length);
  const candidates = below.length > 0 ? below : fitting;
  const most = Math.max(...candidates.map(({ diffIds }) => diffIds.length));
  return candidates.filter(({ diffIds }) => diffIds.length === most);
}

/** Returns the index of the stage at the root of the chain. */
function firstStage(view: DockerfileView): number {
  let index = view.target?.index ?? -1;
  for (let stage = view.target; stage?.parent !== undefined; stage = view.file.stages[stage.parent])
    index = stage.parent;
  return index;
}

/** Returns the number of layers of a buildpacks run image, whose last layer a label names. */
function topLayerOfRunImage({ config }: OriginFacts): number | undefined {
  const label = config.labels["io.buildpacks.lifecycle.metadata"];
  if (label === undefined) return undefined;
  try {
    const metadata = JSON.parse(label) as { runImage?: { topLayer?: unknown } } | null;
    const at = config.diffIds.findIndex((diffId) => diffId === metadata?.runImage?.topLayer);
    return at < 0 ? undefined : at + 1;
  } catch {
    return undefined;
  }
}
