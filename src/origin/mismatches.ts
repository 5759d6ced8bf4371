/** Finds unlinked entries above the base and unlinked instructions, for the rule `dockerfile-mismatch`. */
import { itemAt } from "../must.ts";
import type { Alignment, Grid } from "./align.ts";
import { isSubstantial } from "./match-instruction.ts";
import type { HistoryLink, Mismatch } from "./origin.ts";

export function mismatchesOf(
  grid: Grid,
  alignment: Alignment,
  boundary: number,
  links: readonly HistoryLink[],
): Mismatch[] {
  const { records, steps } = grid;
  const mismatches: Mismatch[] = [];
  let end = records.length;
  // `docker build --label` adds a LABEL that is not in the Dockerfile
  while (
    end > boundary &&
    itemAt(records, end - 1).keyword === "LABEL" &&
    alignment.stepOf[end - 1] === undefined
  )
    end--;
  for (let e = boundary; e < end; e++) {
    if (alignment.stepOf[e] !== undefined) continue;
    const { history, layer, createdBy } = itemAt(links, e);
    mismatches.push({ history, layer, createdBy, instruction: undefined });
  }
  const recorded = new Set(records.slice(boundary).map(({ keyword }) => keyword));
  steps.forEach(({ instruction }, i) => {
    if (alignment.entryOf[i] !== undefined) return;
    // BuildKit records no ONBUILD, kaniko no instruction without a layer: an instruction that the builder never
    // records is not missing
    if (!isSubstantial(instruction.keyword) && !recorded.has(instruction.keyword)) return;
    mismatches.push({ history: undefined, layer: undefined, createdBy: undefined, instruction });
  });
  return mismatches;
}
