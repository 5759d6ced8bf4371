/** Findings and fixes of rules about one location of a Dockerfile. */
import { defined } from "../defined.ts";
import type { Instruction, Range, TextEdit } from "../dockerfile/dockerfile.ts";
import { guarantee, type Fix } from "../edits/fix.ts";
import type { Finding } from "./contract.ts";

/** A finding about one location. Defaults: the evidence is the Dockerfile, the location is the instruction. */
export interface PlaceFinding extends Partial<Finding> {
  readonly message: string;
  readonly advice: string;
  /** Range in the instruction; default: all of it. */
  readonly range?: Range | undefined;
  /** The only fix. */
  readonly fix?: Fix | undefined;
}

/**
 * Makes a finding at one instruction. The builders call it; a rule made with `defineRule` calls it when the text is
 * the only evidence. Write a `Finding` directly for bytes or several locations.
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
 * Makes a fix from text edits; undefined without edits. Without a `condition` the fix is safe: the build does the
 * same and leaves the same files. Otherwise `condition` states, without a full stop, what may differ. Check
 * `isEditable` or `isRewordable` first (src/edits/editability.ts).
 */
export function textFix(
  description: string,
  edits: readonly TextEdit[] | undefined,
  condition?: string,
): Fix | undefined {
  if (edits === undefined || edits.length === 0) return undefined;
  return { description, ...guarantee(condition), edits };
}

/** Returns the edit that replaces a word, a keyword or a flag. */
export function replace({ start, end }: Range, text: string): TextEdit {
  return { start, end, text };
}
