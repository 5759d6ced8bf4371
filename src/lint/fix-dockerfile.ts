/**
 * Applies the fixes that findings offer to a Dockerfile, round after round, until none is left. choose-fixes.ts chooses
 * those of a round.
 */
import type { Subject } from "../analysis/subject.ts";
import type { Fix } from "../edits/fix.ts";
import { must } from "../must.ts";
import { applyEdits } from "./apply-edits.ts";
import { chooseFixes } from "./choose-fixes.ts";
import type { TargetIndexes } from "./locate.ts";
import { makeSubject } from "./make-subject.ts";
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
 * rounds see the text alone, because the new text would not build this image, and run only the rules whose fixes
 * collided. A file that does not parse is not changed.
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
  let { settings } = options;
  let current = subject;
  let { file } = subject.dockerfile;
  let { findings } = first;
  let postponed: readonly LocatedFinding[] = [];
  for (let round = 0; file.problems.length === 0; round++) {
    if (round === maxRounds) {
      const rules = [...new Set(applied.slice(-3).map(({ rule }) => rule))].join(", ");
      throw new Error(`${file.name}: the fixes of ${rules} do not converge`);
    }
    const { edits, chosen, waiting } = chooseFixes(findings, file, options.unsafe);
    if (round === 0) {
      for (const { finding, fix } of chosen) {
        resolved.add(finding);
        if (fix.creates !== undefined) creates.set(fix.creates.name, fix.creates.text);
      }
    }
    const fixing = new Set<string>();
    for (const { finding, fix } of chosen) {
      const { rule, locations } = finding.finding;
      if (round > 0 && !isEdit(fix)) continue;
      applied.push({ rule, line: locations[0]?.line, fix });
      fixing.add(rule);
    }
    for (const each of postponed) if (fixing.has(each.finding.rule)) resolved.add(each);
    if (round === 0) postponed = waiting;
    if (edits.length === 0) break;
    const text = applyEdits(file.text, edits);
    if (current.image !== undefined) {
      const rules = new Set(waiting.map(({ finding }) => finding.rule));
      settings = { ...settings, rules: settings.rules.filter(({ rule }) => rules.has(rule.id)) };
    }
    current = await makeSubject({
      dockerfile: { name: file.name, text },
      target: options.target,
      context: subject.context,
    });
    file = must(current.dockerfile, "the Dockerfile").file;
    ({ findings } = runRules(current, settings, options.targets));
  }
  return { text: file.text, applied, creates, first, resolved };
}
