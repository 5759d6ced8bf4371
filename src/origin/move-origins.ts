/** Links the layers of an image to the text of its Dockerfile after fixes. */
import type { Instruction } from "../dockerfile/dockerfile.ts";
import type { Origins } from "./origin.ts";

/** Replaces the instructions of all links; `move` returns undefined for an instruction that no longer exists. */
export function moveOrigins(
  origins: Origins,
  move: (instruction: Instruction) => Instruction | undefined,
): Origins {
  const moved = (instruction: Instruction | undefined) =>
    instruction === undefined ? undefined : move(instruction);
  return {
    ...origins,
    links: origins.links.map((link) => {
      const instruction = moved(link.instruction);
      return { ...link, instruction, certainty: instruction === undefined ? "none" : link.certainty };
    }),
    layers: origins.layers.map((layer) => {
      const instruction = moved(layer.instruction);
      return {
        ...layer,
        instruction,
        lastInstruction: moved(layer.lastInstruction) ?? instruction,
        certainty: instruction === undefined ? "none" : layer.certainty,
      };
    }),
    // an instruction that a fix removed is not missing
    mismatches: origins.mismatches.flatMap((mismatch) => {
      const instruction = moved(mismatch.instruction);
      const isGone = mismatch.instruction !== undefined && instruction === undefined;
      return isGone && mismatch.history === undefined ? [] : [{ ...mismatch, instruction }];
    }),
  };
}
