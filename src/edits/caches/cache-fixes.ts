/** Turns the remedies of the records into edits of a RUN, with the condition that makes each unsafe. */
import { defined } from "../../defined.ts";
import { guarantee, type Fix } from "../fix.ts";
import { isEditable } from "../editability.ts";
import { appended } from "./append-cleanup.ts";
import { cacheMountFix } from "./cache-mount.ts";
import { inserted } from "./insert-flag.ts";
import { isReadLater } from "../../analysis/caches/later-readers.ts";
import type { UncleanedCache } from "./uncleaned-cache.ts";

/** Yields the fixes for a leftover cache, the preferred first. */
export function* fixesOf(waste: UncleanedCache): Iterable<Fix> {
  const { step, view, manager, index, bytesOf } = waste;
  if (!isEditable(step, view)) return;
  for (const remedy of manager.remedies) {
    if (!remedy.clears.includes(index)) continue;
    if (remedy.neededBy !== undefined && isReadLater(step, view, remedy.neededBy)) continue;
    const written = remedy.insert === undefined ? appended(waste, remedy) : inserted(waste, remedy);
    if (written === undefined) continue;
    const { description, edits, condition } = written;
    yield {
      description,
      edits,
      ...guarantee(condition),
      ...defined({ bytes: bytesOf?.(remedy.takes) }),
    };
  }
  // other RUNs do not see the mount of this one
  if (manager.remedies.some(({ neededBy }) => neededBy !== undefined && isReadLater(step, view, neededBy)))
    return;
  const mount = cacheMountFix(step, manager, waste.commands, view);
  if (mount !== undefined) yield { ...mount, ...defined({ bytes: bytesOf?.(undefined) }) };
}
