/** What small rules share that read nothing but the text of a Dockerfile: such a rule is a page with its documentation. */
import type { DockerfileView, Step } from "../../build/build.ts";
import type { Instruction, Range, TextEdit } from "../../dockerfile/dockerfile.ts";
import type { Fix } from "../../edits/fix.ts";
import type { Finding, Severity } from "../contract.ts";

export interface TextFinding {
  readonly at: Instruction;
  /** Where in it; the whole instruction without. */
  readonly range?: Range | undefined;
  readonly message: string;
  readonly advice: string;
  readonly fix?: Fix | undefined;
  readonly severity?: Severity | undefined;
}

/** A finding at one place, with at most one fix. */
export function textFinding({ at, range, message, advice, fix, severity }: TextFinding): Finding {
  return {
    message,
    advice,
    evidence: "dockerfile",
    ...(severity === undefined ? {} : { severity }),
    locations: [
      { instruction: at, range: range === undefined ? undefined : { start: range.start, end: range.end } },
    ],
    ...(fix === undefined ? {} : { fixes: [fix] }),
  };
}

/** A fix that is safe when there is no condition; undefined without edits. */
export function textFix(
  description: string,
  edits: readonly TextEdit[] | undefined,
  condition?: string,
): Fix | undefined {
  if (edits === undefined || edits.length === 0) return undefined;
  return condition === undefined
    ? { description, safety: "safe", edits }
    : { description, safety: "unsafe", condition, edits };
}

/** The words in it may be written another way: the file parses, and it runs in no other build than this one. */
export function isRewordable({ trigger }: Instruction, { file }: DockerfileView): boolean {
  return trigger === undefined && file.problems.length === 0;
}

/** Every instruction of every stage, without the FROMs, in the order of the file. */
export function allSteps({ stages }: DockerfileView): Step[] {
  return stages.flatMap(({ steps }) => steps);
}

export function replace({ start, end }: Range, text: string): TextEdit {
  return { start, end, text };
}
