/**
 * Applies the fixes that findings offer to a Dockerfile, round after round, until none is left. choose-fixes.ts chooses
 * those of a round.
 */
import type { Subject } from "../analysis/subject.ts";
import type { Dockerfile, TextEdit } from "../dockerfile/dockerfile.ts";
import type { Fix } from "../edits/fix.ts";
import { must } from "../must.ts";
import { applyEdits } from "./apply-edits.ts";
import { chooseFixes } from "./choose-fixes.ts";
import type { TargetIndexes } from "./locate.ts";
import { makeSubject } from "./make-subject.ts";
import { movedInstruction } from "./moved-offsets.ts";
import { isEdit, runRules, type LocatedFinding, type RuleResults } from "./run.ts";
import type { Settings } from "./settings.ts";

/** A fix that was applied. */
export interface AppliedFix {
  readonly rule: string;
  /** Line of the finding, in the text of the round that applied the fix. */
  readonly line: number | undefined;
  readonly fix: Fix;
}

export interface FixedDockerfile {
  readonly text: string;
  readonly file: Dockerfile;
  /** The edits of each round, sorted by place. */
  readonly rounds: readonly (readonly TextEdit[])[];
  readonly applied: readonly AppliedFix[];
  /** Files to create in the build context, by name. */
  readonly creates: ReadonlyMap<string, string>;
  /** Results of the rules before the first fix. */
  readonly first: RuleResults;
  /** The findings of `first` that a fix resolved. */
  readonly resolved: ReadonlySet<LocatedFinding>;
}

export interface FixDockerfileOptions {
  readonly settings: Settings;
  /** Indexes of the subject's targets in the report. */
  readonly targets: TargetIndexes;
  readonly unsafe: boolean;
  /** `--target`. */
  readonly target?: string | undefined;
}

/** Most rounds before fixes count as not converging, which is a bug of a rule; the rule harness detects it. */
const maxRounds = 10;

/**
 * Fixes the Dockerfile of a subject. With an image, the first round applies the fixes that its layers justify. Later
 * rounds see the text alone, because the new text would not build this image, and apply only fixes that collided with
 * another one: what the layers do not show is not fixed. A file that does not parse is not changed.
 */
export async function fixDockerfile(
  subject: Subject,
  options: FixDockerfileOptions,
): Promise<FixedDockerfile> {
  const applied: AppliedFix[] = [];
  const creates = new Map<string, string>();
  const resolved = new Set<LocatedFinding>();
  if (subject.dockerfile === undefined) throw new Error("only a Dockerfile can be fixed");
  const first = runRules(subject, options.settings, options.targets);
  const { settings } = options;
  let { file } = subject.dockerfile;
  let { findings } = first;
  const rounds: TextEdit[][] = [];
  let collided: readonly LocatedFinding[] = [];
  /** With an image: the findings whose fixes collided and that are still open, by rule and line. */
  let postponed: ReadonlyMap<string, readonly LocatedFinding[]> = new Map();
  for (let round = 0; file.problems.length === 0; round++) {
    if (round === maxRounds) {
      const rules = [...new Set(applied.slice(-3).map(({ rule }) => rule))].join(", ");
      throw new Error(`${file.name}: the fixes of ${rules} do not converge`);
    }
    const { edits, chosen, waiting } = chooseFixes(findings, file, options.unsafe);
    for (const { finding, fix } of chosen) {
      if (round === 0) {
        resolved.add(finding);
        if (fix.creates !== undefined) creates.set(fix.creates.name, fix.creates.text);
      } else if (!isEdit(fix)) continue;
      const { rule, locations } = finding.finding;
      applied.push({ rule, line: locations[0]?.line, fix });
      for (const each of postponed.get(keyOf(finding, locations[0]?.line)) ?? []) resolved.add(each);
    }
    if (round === 0) collided = waiting;
    if (edits.length === 0) break;
    const sorted = edits.toSorted((a, b) => a.start - b.start);
    rounds.push(sorted);
    const text = applyEdits(file.text, edits);
    const current = await makeSubject({
      dockerfile: { name: file.name, place: file.place, text },
      target: options.target,
      builder: subject.dockerfile.builder,
      context: subject.context,
      inherited: subject.dockerfile.inherited,
    });
    file = must(current.dockerfile, "the Dockerfile").file;
    ({ findings } = runRules(current, settings, options.targets));
    if (subject.image !== undefined) {
      postponed = byPlace(
        collided.filter((each) => !resolved.has(each)),
        (line) => lineAfter(line, subject.dockerfile?.file, rounds, file),
      );
      findings = findings.filter((each) => postponed.has(keyOf(each, each.finding.locations[0]?.line)));
    }
  }
  return { text: file.text, file, applied, creates, first, resolved, rounds };
}

/** Groups findings of the first text by rule and by their line in the text of this round. */
function byPlace(
  findings: readonly LocatedFinding[],
  lineNow: (line: number | undefined) => number | undefined,
): Map<string, LocatedFinding[]> {
  const groups = new Map<string, LocatedFinding[]>();
  for (const each of findings) {
    const key = keyOf(each, lineNow(each.finding.locations[0]?.line));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
}

function keyOf({ finding }: LocatedFinding, line: number | undefined): string {
  return `${finding.rule}:${line ?? ""}`;
}

/** Returns the line that an instruction of the first text has after the rounds. */
function lineAfter(
  line: number | undefined,
  first: Dockerfile | undefined,
  rounds: readonly (readonly TextEdit[])[],
  now: Dockerfile,
): number | undefined {
  const instruction = first?.instructions.find((each) => each.line === line);
  return instruction === undefined ? undefined : movedInstruction(instruction, rounds, now)?.line;
}
