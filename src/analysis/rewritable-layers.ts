/** Decides which layers of an image a rewrite may change. */
import type { ImageView } from "./subject.ts";

/** Returns false for the layers of the base, and for layers that `optimize` refuses to change. */
export function isRewritable({ fixedLayers, refused }: ImageView, layer: number): boolean {
  return layer >= fixedLayers && refused?.has(layer) !== true;
}
