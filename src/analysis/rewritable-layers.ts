/** Which layers of an image a rewrite may change. */
import type { ImageView } from "./subject.ts";

/** False for the layers of the base, and for those that `optimize` leaves as they are. */
export function isRewritable({ fixedLayers, refused }: ImageView, layer: number): boolean {
  return layer >= fixedLayers && refused?.has(layer) !== true;
}
