/** Finds where the base image ends, from the image alone (docs/spec/history.md, section 2, step 2, evidence e to h). */
import { itemAt } from "../must.ts";
import type { BaseFoundBy } from "./origin.ts";
import { isBuildKit, type HistoryRecord } from "./history-record.ts";

export interface Boundary {
  /** The first history entry above the base. */
  readonly history: number;
  readonly foundBy: BaseFoundBy;
}

export function boundaryFromHistory(records: readonly HistoryRecord[]): Boundary {
  return (
    buildahComment(records) ?? later(builderChange(records), lastCommand(records)) ?? firstLayer(records)
  );
}

/**
 * Returns the later of two boundaries. BuildKit also builds official images over a distribution's layer; the change
 * of builder is then inside the base, whose CMD follows it.
 */
function later(change: Boundary | undefined, command: Boundary | undefined): Boundary | undefined {
  return change !== undefined && command !== undefined && command.history > change.history
    ? command
    : (change ?? command);
}

/**
 * Finds the first entry that buildah wrote over a named image; if that is the stage's last entry, goes back to its
 * first.
 */
function buildahComment(records: readonly HistoryRecord[]): Boundary | undefined {
  const at = records.findLastIndex(
    ({ comment }) => /^FROM \S/.test(comment) && !/^FROM [0-9a-f]{12}$/.test(comment),
  );
  if (at < 0) return undefined;
  let first = at;
  // without --layers, old buildah comments only the entry that owns the stage's layer, which is the last
  while (first > 0 && isEmptyBuildahStep(itemAt(records, first - 1)) && !itemAt(records, at).emptyLayer)
    first--;
  return { history: first, foundBy: "buildah-comment" };
}

function isEmptyBuildahStep(record: HistoryRecord): boolean {
  const isStep = record.style === "shell" || (record.style === "nop" && !record.isClassic);
  return isStep && record.emptyLayer && record.comment === "";
}

/** Finds the first BuildKit entry above entries of another builder. */
function builderChange(records: readonly HistoryRecord[]): Boundary | undefined {
  let first = records.length;
  while (first > 0 && isBuildKit(itemAt(records, first - 1))) first--;
  return first > 0 && first < records.length ? { history: first, foundBy: "builder-change" } : undefined;
}

/** Finds the last empty CMD that is followed by an entry with a layer. */
function lastCommand(records: readonly HistoryRecord[]): Boundary | undefined {
  let seesLayer = false;
  for (let i = records.length - 1; i >= 0; i--) {
    const record = itemAt(records, i);
    if (!record.emptyLayer) seesLayer = true;
    else if (seesLayer && record.keyword === "CMD") return { history: i + 1, foundBy: "last-cmd" };
  }
  return undefined;
}

function firstLayer(records: readonly HistoryRecord[]): Boundary {
  const first = records.findIndex(({ emptyLayer }) => !emptyLayer);
  return { history: first + 1, foundBy: "first-layer" };
}

/** Returns the number of layers that the entries before `history` made. */
export function layersBefore(records: readonly HistoryRecord[], history: number): number {
  return records.slice(0, history).filter(({ emptyLayer }) => !emptyLayer).length;
}

/**
 * Returns the range of entries that may be the first above a base of `layers` layers; an empty entry may belong to
 * either side.
 */
export function entriesAfter(
  records: readonly HistoryRecord[],
  layers: number,
): { first: number; last: number } {
  let seen = 0;
  let first = 0;
  while (first < records.length && seen < layers) if (!itemAt(records, first++).emptyLayer) seen++;
  let last = first;
  while (last < records.length && itemAt(records, last).emptyLayer) last++;
  return { first, last };
}
