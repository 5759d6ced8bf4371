/** The one question of linking: does this history entry record that instruction? */
import type { Step } from "../build/build.ts";
import { compareCopy } from "./match-copy.ts";
import { compareMetadata } from "./match-metadata.ts";
import { compareRun } from "./match-run.ts";
import type { HistoryRecord } from "./history-record.ts";
import { squeeze } from "./text.ts";

/**
 * `same`: kind and recorded text agree. `partly`: the kind agrees, and what is recorded of the text (a destination, a
 * name) does not contradict. `no`: another kind or another text.
 */
export type Match = "same" | "partly" | "no";

export function compare(record: HistoryRecord, step: Step, escape: string): Match {
  const { instruction } = step;
  if (record.keyword !== instruction.keyword) return "no";
  if (instruction.keyword === "RUN") return compareRun(record, step);
  if (instruction.keyword === "COPY" || instruction.keyword === "ADD")
    return compareCopy(record, step, escape);
  return compareMetadata(record, step, escape);
}

/** RUN, COPY and ADD carry a link; the others only support it. */
export function isSubstantial(keyword: string): boolean {
  return keyword === "RUN" || keyword === "COPY" || keyword === "ADD";
}

/** All that an instruction says, for telling equal ones from others. */
export function fullText({ instruction }: Step): string {
  const flags = instruction.flags.map(({ name, value }) => `--${name}=${value ?? ""}`).join(" ");
  const heredocs = instruction.heredocs.map(({ content }) => content).join("\0");
  return squeeze(`${instruction.keyword} ${flags} ${instruction.body}`) + heredocs;
}
