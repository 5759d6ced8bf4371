/**
 * Applies the fixes that findings offer to a Dockerfile, round after round, until none is left: in each round the first
 * allowed fix of each finding, as long as edits do not meet. After each edit apply-edits.ts checks that everything that the
 * edit does not mean to change is as it was.
 */
import type { Subject } from "../analysis/subject.ts";
import type { Dockerfile, Instruction, Range, TextEdit } from "../dockerfile/dockerfile.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import type { Fix } from "../edits/fix.ts";
import { must } from "../must.ts";
import { applyEdits, collide, whatBroke } from "./apply-edits.ts";
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
    const { edits, chosen, waiting } = chooseChecked(findings, file, options.unsafe);
    if (round === 0) {
      for (const { finding, fix } of chosen) {
        resolved.add(finding);
        if (fix.creates !== undefined) creates.set(fix.creates.name, fix.creates.text);
      }
    }
    for (const { finding, fix } of chosen) {
      const { rule, locations } = finding.finding;
      if (round > 0 && !isEdit(fix)) continue;
      applied.push({ rule, line: locations[0]?.line, fix });
      for (const each of postponed) if (each.finding.rule === rule) resolved.add(each);
    }
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

interface Choice {
  readonly finding: LocatedFinding;
  readonly fix: Fix;
}

interface Chosen {
  readonly edits: readonly TextEdit[];
  readonly chosen: readonly Choice[];
  /** Findings whose fix collides with a chosen one; the next round tries them again. */
  readonly waiting: readonly LocatedFinding[];
}

/** Chooses fixes whose result both parsers read alike: they are asked once, and only if they differ, for each fix. */
function chooseChecked(findings: readonly LocatedFinding[], file: Dockerfile, unsafe: boolean): Chosen {
  const all = choose(findings, file, unsafe, false);
  const isRead = all.edits.length === 0 || breaks(file, all.edits, true) === undefined;
  return isRead ? all : choose(findings, file, unsafe, true);
}

/**
 * Chooses the first allowed fix of each finding that keeps the Dockerfile valid and does not collide with an earlier
 * one.
 */
function choose(
  findings: readonly LocatedFinding[],
  file: Dockerfile,
  unsafe: boolean,
  asksAlways: boolean,
): Chosen {
  const chosen: Choice[] = [];
  const waiting: LocatedFinding[] = [];
  const taken = new Map<Instruction, readonly Choice[]>();
  let edits: TextEdit[] = [];
  for (const finding of findings) {
    const fix = finding.fixes.find(
      (each) => (each.safety === "safe" || unsafe) && (isEdit(each) || each.creates !== undefined),
    );
    if (fix === undefined) continue;
    if (!isEdit(fix)) {
      chosen.push({ finding, fix });
      continue;
    }
    // the same edit may fix several findings
    if (fix.edits.every((edit) => edits.some((other) => isSame(edit, other)))) {
      chosen.push({ finding, fix });
      continue;
    }
    const touched = file.instructions.filter((each) => fix.edits.some((edit) => touches(edit, each)));
    if (collide(fix.edits, edits) || touched.some((each) => isTaken(taken.get(each), finding, fix))) {
      waiting.push(finding);
      continue;
    }
    const together = [...edits, ...fix.edits];
    if (breaks(file, together, asksAlways) !== undefined) continue;
    edits = together;
    chosen.push({ finding, fix });
    for (const each of touched) taken.set(each, [...(taken.get(each) ?? []), { finding, fix }]);
  }
  return { edits, chosen, waiting };
}

function touches({ start, end }: TextEdit, instruction: Range): boolean {
  return start <= instruction.end && end >= instruction.start;
}

/**
 * Returns true if another rule edits the instruction in this round and one of the two fixes is unsafe, since that one
 * may depend on the text that the other changes. Example: one fix mounts a cache, another adds a command that empties
 * it.
 */
function isTaken(others: readonly Choice[] | undefined, { finding }: LocatedFinding, fix: Fix): boolean {
  return (others ?? []).some(
    (other) =>
      other.finding.finding.rule !== finding.rule &&
      (other.fix.safety === "unsafe" || fix.safety === "unsafe"),
  );
}

function isSame(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}

function breaks(file: Dockerfile, edits: readonly TextEdit[], asksAlways: boolean): string | undefined {
  return whatBroke(file, parseDockerfile(applyEdits(file.text, edits), file.name), edits, asksAlways);
}
