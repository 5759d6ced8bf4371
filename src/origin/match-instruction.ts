/** Decides whether a history entry records a given instruction. */
import type { Match } from "./match.ts";
import type { Step } from "../build/build.ts";
import { heredocsOf } from "../dockerfile/dockerfile.ts";
import { matchCopy } from "./match-copy.ts";
import { matchMetadata } from "./match-metadata.ts";
import { matchRun } from "./match-run.ts";
import type { HistoryRecord } from "./history-record.ts";
import { squeeze } from "./text.ts";

export function matchInstruction(record: HistoryRecord, step: Step, escape: string): Match {
  if (record.keyword !== step.keyword) return "no";
  if (step.keyword === "RUN") return matchRun(record, step);
  if (step.keyword === "COPY" || step.keyword === "ADD") return matchCopy(record, step, escape);
  return matchMetadata(record, step, escape);
}

/** Returns true for RUN, COPY and ADD, which can establish a link; other instructions only support one. */
export function isSubstantial(keyword: string): boolean {
  return keyword === "RUN" || keyword === "COPY" || keyword === "ADD";
}

/** Returns the full text of an instruction, to find equal instructions. */
export function fullText({ instruction }: Step): string {
  const flags = instruction.flags.map(({ name, value }) => `--${name}=${value ?? ""}`).join(" ");
  const heredocs = heredocsOf(instruction)
    .map(({ content }) => content)
    .join("\0");
  return squeeze(`${instruction.keyword} ${flags} ${instruction.body}`) + heredocs;
}
