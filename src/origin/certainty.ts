/** Decides how certain a link is (docs/spec/history.md, section 2, step 4). */
import type { Alignment, Grid } from "./align.ts";
import type { Certainty } from "./origin.ts";

/** Returns the certainty of the link of entry `e` with its step. `boundary` is the first entry above the base. */
export function certaintyOf(grid: Grid, links: Alignment, e: number, boundary: number): Certainty {
  const i = links.stepOf[e];
  if (i === undefined) return "none";
  if (mayBeAnother(grid, links, e, i, boundary)) return "guessed";
  if (grid.at(e, i) === "same") return "exact";
  return hasNeighbour(links, e, i, boundary) ? "aligned" : "guessed";
}

function mayBeAnother(grid: Grid, links: Alignment, e: number, i: number, boundary: number): boolean {
  const match = grid.at(e, i);
  const fits = (entry: number, step: number) =>
    grid.at(entry, step) === "same" || grid.at(entry, step) === match;
  const stepIsFree = (step: number) => links.entryOf[step] === undefined;
  const entryIsFree = (entry: number) => links.stepOf[entry] === undefined;
  for (let step = 0; step < grid.steps.length; step++) {
    if (step === i || !fits(e, step)) continue;
    // equal instructions are interchangeable, unless only one of them was built
    if (grid.texts[step] !== grid.texts[i] || stepIsFree(step)) return true;
  }
  for (let entry = boundary; entry < grid.records.length; entry++) {
    if (entry !== e && entryIsFree(entry) && fits(entry, i)) return true;
  }
  const moved = grid.records.length - e !== grid.steps.length - i;
  return moved && isCrossed(grid, links, e, i, boundary);
}

/**
 * Returns true if an unlinked entry and an unlinked step of one kind lie on different sides of the link, so that one
 * of the two pairs has moved. Their texts need not agree, because the recorded text depends on earlier ARGs.
 */
function isCrossed(grid: Grid, links: Alignment, e: number, i: number, boundary: number): boolean {
  const side = (before: boolean, after: boolean) => (before ? 1 : 0) + (after ? 2 : 0);
  for (const keyword of ["RUN", "COPY", "ADD"]) {
    const steps = grid.steps.flatMap((step, at) =>
      step.instruction.keyword === keyword && links.entryOf[at] === undefined ? [at] : [],
    );
    const entries = grid.records.flatMap((record, at) =>
      record.keyword === keyword &&
      links.stepOf[at] === undefined &&
      // if the boundary is too high, an entry below it may come from a moved instruction
      (at >= boundary || steps.some((step) => grid.at(at, step) !== "no"))
        ? [at]
        : [],
    );
    const free = side(
      steps.some((at) => at < i),
      steps.some((at) => at > i),
    );
    const open = side(
      entries.some((at) => at < e),
      entries.some((at) => at > e),
    );
    if ((free & 1 && open & 2) || (free & 2 && open & 1)) return true;
  }
  return false;
}

/**
 * Returns true if the previous instruction is linked with the previous entry, or the next with the next; the ends
 * count as linked.
 */
function hasNeighbour(links: Alignment, e: number, i: number, boundary: number): boolean {
  const before = e === boundary ? i === 0 : i > 0 && links.entryOf[i - 1] === e - 1;
  const isLast = e === links.stepOf.length - 1;
  const after = isLast ? i === links.entryOf.length - 1 : links.entryOf[i + 1] === e + 1;
  return before || after;
}
