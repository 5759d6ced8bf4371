/** Finds unlinked entries above the base and unlinked instructions, for the rule `dockerfile-mismatch`. */
import type { Instruction } from "../dockerfile/dockerfile.ts";
import { itemAt } from "../must.ts";
import type { LinkedSteps } from "./align.ts";
import { isSubstantial } from "./match-instruction.ts";
import type { HistoryLink, Mismatch } from "./origin.ts";
import { shortCreatedBy } from "./short-created-by.ts";
import { squeeze } from "./text.ts";

export function mismatchesOf(linked: LinkedSteps, links: readonly HistoryLink[]): Mismatch[] {
  const { grid, own, alignment, boundary } = linked;
  const moved = new Set<Instruction>();
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
  const free = freeSteps(linked);
  for (let e = boundary; e < end; e++) {
    if (alignment.stepOf[e] !== undefined) continue;
    const { history, layer, createdBy } = itemAt(links, e);
    const instruction = createdBy === undefined ? undefined : free.get(shortCreatedBy(createdBy))?.shift();
    if (instruction !== undefined) moved.add(instruction);
    mismatches.push({ history, layer, createdBy, instruction });
  }
  const recorded = new Set(records.slice(boundary).map(({ keyword }) => keyword));
  steps.forEach(({ instruction }, i) => {
    if (i < own || alignment.entryOf[i] !== undefined || moved.has(instruction)) return;
    // BuildKit records no ONBUILD, kaniko no instruction without a layer: an instruction that the builder never
    // records is not missing
    if (!isSubstantial(instruction.keyword) && !recorded.has(instruction.keyword)) return;
    mismatches.push({ history: undefined, layer: undefined, createdBy: undefined, instruction });
  });
  return mismatches;
}

/** Returns the unlinked instructions by their text as the history would show it, without the shell. */
function freeSteps({ grid, own, alignment }: LinkedSteps): Map<string, Instruction[]> {
  const free = new Map<string, Instruction[]>();
  for (const [i, { instruction }] of grid.steps.entries()) {
    if (i < own || alignment.entryOf[i] !== undefined) continue;
    const text = squeeze(`${instruction.keyword} ${instruction.body}`);
    const same = free.get(text);
    if (same === undefined) free.set(text, [instruction]);
    else same.push(instruction);
  }
  return free;
}
