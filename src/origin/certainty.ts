/** How much a link is worth (docs/spec/history.md, section 2, step 4). */
import type { Alignment, Grid } from "./align.ts";
import type { Certainty } from "./origin.ts";

/** Of the link of entry `e` with its step. `boundary`: the first entry above the base. */
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
    // two instructions that say the same need not be told apart, unless only one of them was built
    if (grid.texts[step] !== grid.texts[i] || stepIsFree(step)) return true;
  }
  for (let entry = boundary; entry < grid.records.length; entry++) {
    if (entry !== e && entryIsFree(entry) && fits(entry, i)) return true;
  }
  const moved = grid.records.length - e !== grid.steps.length - i;
  return moved && isCrossed(grid, links, e, i, boundary);
}

/**
 * A free entry and a free step of one kind lie on different sides of the link: one of the two pairs has moved. Their
 * texts need not agree: what is recorded of an instruction depends on the ARGs before it.
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
      // where the boundary may lie too high, what looks like the base's may be what a moved instruction made
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

/** The instruction before or after is linked with the entry before or after; the ends of both count as linked. */
function hasNeighbour(links: Alignment, e: number, i: number, boundary: number): boolean {
  const before = e === boundary ? i === 0 : i > 0 && links.entryOf[i - 1] === e - 1;
  const isLast = e === links.stepOf.length - 1;
  const after = isLast ? i === links.entryOf.length - 1 : links.entryOf[i + 1] === e + 1;
  return before || after;
}
