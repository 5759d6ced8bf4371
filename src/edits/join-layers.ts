/**
 * Joins RUNs of neighbouring layers, if the layers prove that one hides bytes of another (docs/spec/dockerfile.md,
 * fix 9).
 */
import { WARNING_FLOOR } from "../analysis/dead-files.ts";
import type { Merge } from "../analysis/layer-merges.ts";
import type { ImageView } from "../analysis/subject.ts";
import type { DockerfileView, Step } from "../build/build.ts";
import { itemAt, lastItem } from "../must.ts";
import type { Fix } from "./fix.ts";
import { joinRuns } from "./join.ts";
import { stepOf } from "./proven-removal.ts";

/**
 * Returns the fix for the best sequence of RUNs in the layers; undefined when none saves enough or can be joined
 * exactly.
 */
export function joinFix(view: ImageView, dockerfile: DockerfileView, merge: Merge): Fix | undefined {
  const fixes = rowsOfRuns(view, dockerfile, merge).flatMap(({ first, last, steps }): Fix[] => {
    const bytes = deadBetween(view, first, last);
    const edits = bytes < WARNING_FLOOR ? undefined : joinRuns(steps, dockerfile);
    if (edits === undefined) return [];
    const lines = `lines ${itemAt(steps, 0).instruction.line} to ${lastItem(steps).instruction.endLine}`;
    return [
      {
        description: `join ${lines} into one RUN`,
        safety: "unsafe",
        condition: "it makes the build cache coarser: a change to one of these lines runs all of them again",
        edits,
        bytes,
      },
    ];
  });
  return fixes.toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0))[0];
}

interface Row {
  readonly first: number;
  last: number;
  readonly steps: Step[];
}

/** Returns sequences of RUNs with adjacent layers and adjacent instructions. */
function rowsOfRuns(view: ImageView, dockerfile: DockerfileView, { first, last }: Merge): Row[] {
  const rows: Row[] = [];
  for (let layer = first; layer <= last; layer++) {
    const step = stepOf(view, dockerfile, layer);
    if (step?.instruction.keyword !== "RUN") continue;
    const row = rows.at(-1);
    if (row?.last === layer - 1 && lastItem(row.steps).instruction.index === step.instruction.index - 1) {
      row.last = layer;
      row.steps.push(step);
    } else rows.push({ first: layer, last: layer, steps: [step] });
  }
  return rows;
}

function deadBetween({ rootfs }: ImageView, first: number, last: number): number {
  return rootfs.deadFiles.reduce(
    (sum, { addedIn, hiddenIn, bytes }) =>
      addedIn >= first && addedIn < hiddenIn && hiddenIn <= last ? sum + bytes : sum,
    0,
  );
}
