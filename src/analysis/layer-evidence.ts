/** What the layers of a linked image say about one instruction of the Dockerfile. */
import type { BuildSubject } from "./subject.ts";
import type { Instruction } from "../dockerfile/dockerfile.ts";

/**
 * The layers say what an instruction did: a layer, or a history entry without one, is linked to it with more than a
 * guess. Then nothing is predicted about it, because the image shows it (docs/spec/history.md, section 2, step 4).
 */
export function isProvenByLayers({ image }: Pick<BuildSubject, "image">, instruction: Instruction): boolean {
  if (image === undefined) return false;
  const { layers, links } = image.origins;
  return (
    layers.some(
      (origin) =>
        sure(origin.certainty) &&
        origin.instruction !== undefined &&
        origin.instruction.index <= instruction.index &&
        instruction.index <= (origin.lastInstruction ?? origin.instruction).index,
    ) || links.some((link) => sure(link.certainty) && link.instruction?.index === instruction.index)
  );
}

/** The one layer that an instruction made, where that is no guess. */
export function layerOf(
  { image }: Pick<BuildSubject, "image">,
  instruction: Instruction,
): number | undefined {
  return image?.origins.layers.find(
    (origin) =>
      sure(origin.certainty) &&
      origin.instruction?.index === instruction.index &&
      (origin.lastInstruction ?? origin.instruction).index === instruction.index,
  )?.layer;
}

function sure(certainty: string): boolean {
  return certainty === "exact" || certainty === "aligned";
}
