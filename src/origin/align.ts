/** Aligns history entries with the steps of a Dockerfile, preserving order. */
import type { Step } from "../build/build.ts";
import { itemAt } from "../must.ts";
import type { HistoryRecord } from "./history-record.ts";
import { matchInstruction, fullText, isSubstantial } from "./match-instruction.ts";
import type { Match } from "./match.ts";
import type { Certainty } from "./origin.ts";

/** All comparisons of entries with steps, computed once. */
export class Grid {
  readonly records: readonly HistoryRecord[];
  readonly steps: readonly Step[];
  readonly texts: readonly string[];
  readonly #matches: Match[][];

  constructor(records: readonly HistoryRecord[], steps: readonly Step[], escape: string) {
    this.records = records;
    this.steps = steps;
    this.texts = steps.map(fullText);
    this.#matches = records.map((record) => steps.map((step) => matchInstruction(record, step, escape)));
  }

  at(entry: number, step: number): Match {
    return this.#matches[entry]?.[step] ?? "no";
  }
}

const scores = { substantial: { same: 100, partly: 60 }, other: { same: 20, partly: 8 } } as const;
/** Breaks ties between alignments: prefers entries and steps at the same distance from the end. */
const inPlace = 0.5;

export interface Alignment {
  /** Index of the entry of each step. */
  readonly entryOf: (number | undefined)[];
  /** Index of the step of each entry. */
  readonly stepOf: (number | undefined)[];
  /** Index of the first linked entry; the number of entries if there is none. */
  readonly first: number;
}

/** An alignment of a Dockerfile that built the image. */
export interface LinkedSteps {
  readonly grid: Grid;
  /** The first step of the grid that the Dockerfile holds; those before it are the base's triggers. */
  readonly own: number;
  readonly alignment: Alignment;
  readonly certainties: readonly Certainty[];
  /** The first entry above the base. */
  readonly boundary: number;
}

/**
 * Returns the best alignment of the entries from `from` on. With `open`, entries before the first link cost nothing,
 * because they may belong to the base. Every other unlinked entry or step costs a little, so that links lie close
 * together and late.
 */
export function align(grid: Grid, from: number, open: boolean): Alignment {
  const m = grid.records.length;
  const n = grid.steps.length;
  const best: Float64Array[] = Array.from({ length: m + 1 }, () => new Float64Array(n + 1));
  const scoreAt = (e: number, i: number) => itemAt(itemAt(best, e), i);
  for (let e = m; e >= from; e--) {
    const row = itemAt(best, e);
    for (let i = n; i >= 0; i--) {
      if (e === m) row[i] = i - n;
      else if (i === n) row[i] = e - m;
      else {
        const linked = score(grid, e, i);
        const skipped = Math.max(scoreAt(e + 1, i) - 1, itemAt(row, i + 1) - 1);
        row[i] = linked === 0 ? skipped : Math.max(skipped, scoreAt(e + 1, i + 1) + linked);
      }
    }
  }
  let e = from;
  if (open) for (let start = from; start <= m; start++) if (scoreAt(start, 0) >= scoreAt(e, 0)) e = start;
  return trace(grid, best, e);
}

function score(grid: Grid, e: number, i: number): number {
  const match = grid.at(e, i);
  if (match === "no") return 0;
  const kind = isSubstantial(itemAt(grid.steps, i).instruction.keyword) ? scores.substantial : scores.other;
  const kept = grid.records.length - e === grid.steps.length - i ? inPlace : 0;
  return kind[match] + kept;
}

function trace(grid: Grid, best: readonly Float64Array[], start: number): Alignment {
  const m = grid.records.length;
  const n = grid.steps.length;
  const entryOf: (number | undefined)[] = Array.from({ length: n }, () => undefined);
  const stepOf: (number | undefined)[] = Array.from({ length: m }, () => undefined);
  let first = m;
  for (let e = start, i = 0; e < m && i < n;) {
    const linked = score(grid, e, i);
    const here = itemAt(itemAt(best, e), i);
    if (linked > 0 && here === itemAt(itemAt(best, e + 1), i + 1) + linked) {
      entryOf[i] = e;
      stepOf[e] = i;
      first = Math.min(first, e);
      e++;
      i++;
    } else if (here === itemAt(itemAt(best, e + 1), i) - 1) e++;
    else i++;
  }
  return { entryOf, stepOf, first };
}
