/** Evidence in the layers of a linked image about one instruction. */
import type { BuildSubject } from "./subject.ts";
import type { Instruction } from "../dockerfile/dockerfile.ts";

/**
 * Returns true if layers show what an instruction did: a layer, or an empty history entry, is linked to it by more
 * than a guess. Then nothing is predicted about the instruction (docs/spec/history.md, section 2, step 4).
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

/** Returns the only layer that an instruction made; undefined when the link is a guess. */
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
