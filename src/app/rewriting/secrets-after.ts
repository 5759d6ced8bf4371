/** Finds the secrets that a rewrite removes, and those it leaves. */
import { itemAt } from "../../must.ts";
import { secretFilesIn, whatIs } from "../../rule/findings/secrets-in-layers.ts";
import { recorded } from "../../rule/findings/secrets-in-settings.ts";
import type { BytePath, Entry, Image } from "../../image/image.ts";
import type { LayerOutcome } from "../../optimize/outcome.ts";
import type { Origins } from "../../origin/origin.ts";

/** A secret of an image that is rewritten, without its value. */
export interface OptimizedSecret {
  readonly what: string;
  /** The file of a layer, or a phrase for the place in the configuration. */
  readonly place: { readonly path: BytePath; readonly layer: number; readonly inBase: boolean } | string;
  readonly isGone: boolean;
}

/** Returns the secrets without their values: first those in files, layer by layer. */
export function secretsAfter(
  image: Image,
  origins: Origins,
  outcomes: readonly LayerOutcome[],
): OptimizedSecret[] {
  const found: OptimizedSecret[] = [];
  for (const { copies, secret } of secretFilesIn(image.layers))
    for (const { layer, entry } of copies) {
      const place = { path: entry.path, layer, inBase: layer < origins.base.layers };
      found.push({ what: whatIs(secret), place, isGone: isGone(outcomes, layer, entry) });
    }
  const settings = new Set<string>();
  for (const { leak } of recorded({ image, origins })) {
    // the history may record the same secret for many steps
    const key = `${leak.where} ${leak.value}`;
    if (settings.has(key)) continue;
    settings.add(key);
    found.push({ what: leak.what, place: leak.where, isGone: false });
  }
  return found;
}

function isGone(outcomes: readonly LayerOutcome[], layer: number, entry: Entry): boolean {
  const own = itemAt(outcomes, layer).plan;
  const plan = own.action === "merge" ? itemAt(outcomes, own.into).plan : own;
  if (!("rewrite" in plan)) return false;
  return plan.rewrite.gone[plan.sources.indexOf(layer)]?.includes(entry) === true;
}
