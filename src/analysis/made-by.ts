/** Finds the kind of instruction that made a layer. */
import { shortCreatedBy } from "../origin/short-created-by.ts";
import type { ImageView } from "./subject.ts";

/**
 * The instruction kinds with different advice; undefined when neither the Dockerfile nor the history shows the kind.
 */
export type MadeBy = "RUN" | "COPY" | "ADD" | "WORKDIR" | undefined;

/** Returns the kind of instruction that made a layer: from the linked instruction, else from its history entry. */
export function madeBy(view: ImageView, layer: number): MadeBy {
  const origin = view.origins.layers[layer];
  const many = origin?.lastInstruction !== undefined && origin.lastInstruction !== origin.instruction;
  if (origin === undefined || many) return undefined;
  const keyword =
    origin.instruction === undefined
      ? /^[A-Z]+/.exec(shortCreatedBy(origin.createdBy ?? ""))?.[0]
      : origin.instruction.keyword;
  return keyword === "RUN" || keyword === "COPY" || keyword === "ADD" || keyword === "WORKDIR"
    ? keyword
    : undefined;
}
