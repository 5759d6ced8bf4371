/** Findings and fixes of rules that look at one place of a Dockerfile. */
import { defined } from "../defined.ts";
import type { Instruction, Range, TextEdit } from "../dockerfile/dockerfile.ts";
import { guarantee, type Fix } from "../edits/fix.ts";
import type { Finding } from "./contract.ts";

/** What a rule says of one place. What is left out is filled in: the evidence is the Dockerfile, the place the instruction. */
export interface PlaceFinding extends Partial<Finding> {
  readonly message: string;
  readonly advice: string;
  /** Where in the instruction; all of it without. */
  readonly range?: Range | undefined;
  /** The only fix. */
  readonly fix?: Fix | undefined;
}

/**
 * The finding at one instruction. The builders call it; a rule that is made with `defineRule` calls it where the text is
 * all the evidence. A finding about bytes, or one with several places, is written out as a `Finding`.
 */
export function textFinding({
  at,
  range,
  fix,
  ...found
}: PlaceFinding & { readonly at: Instruction }): Finding {
  return {
    evidence: "dockerfile",
    locations: [
      { instruction: at, range: range === undefined ? undefined : { start: range.start, end: range.end } },
    ],
    ...defined({ fixes: fix && [fix] }),
    ...found,
  };
}

/**
 * A fix made of text edits; undefined without any. It is safe when it needs no condition: the build does the same, and
 * leaves the same files behind. Else `condition` says, without a full stop, what may be different. Ask `isEditable` or
 * `isRewordable` first (src/edits/editability.ts).
 */
export function textFix(
  description: string,
  edits: readonly TextEdit[] | undefined,
  condition?: string,
): Fix | undefined {
  if (edits === undefined || edits.length === 0) return undefined;
  return { description, ...guarantee(condition), edits };
}

/** The edit that puts a text in the place of a word, a keyword or a flag. */
export function replace({ start, end }: Range, text: string): TextEdit {
  return { start, end, text };
}
