/** Saves memory during a proof. */
import type { Entry, Layer } from "../../image/image.ts";
import type { Visible } from "./visible.ts";

/**
 * Nearly all names and hashes of a rewritten image are in the input as well. Keeping equal strings once saves a tenth of
 * the memory that a proof takes.
 */
export function shareTexts(layers: readonly Pick<Layer, "entries">[], like: Visible): void {
  for (const { entries } of layers)
    for (const entry of entries as readonly Texts[]) {
      const twin = like.get(entry.path)?.entry;
      if (twin === undefined) continue;
      if (twin.path === entry.path) entry.path = twin.path;
      if (twin.link === entry.link) entry.link = twin.link;
      if (twin.sha256 === entry.sha256) entry.sha256 = twin.sha256;
    }
}

type Texts = { -readonly [K in "path" | "link" | "sha256"]: Entry[K] };
