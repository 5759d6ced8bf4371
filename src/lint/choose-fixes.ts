/**
 * Chooses the fixes of one round: the first allowed fix of each finding, as long as edits do not meet, and the edited
 * Dockerfile is unchanged outside of them.
 */
import type { Dockerfile, Instruction, TextEdit } from "../dockerfile/dockerfile.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import type { Fix } from "../edits/fix.ts";
import { applyEdits, keepsInstructions, whatBroke } from "./apply-edits.ts";
import { isEdit, type LocatedFinding } from "./run.ts";
import { firstIndex, SortedEdits } from "./sorted-edits.ts";

interface Choice {
  readonly finding: LocatedFinding;
  readonly fix: Fix;
}

export interface ChosenFixes {
  readonly edits: readonly TextEdit[];
  readonly chosen: readonly Choice[];
  /** Findings whose fix collides with a chosen one; the next round tries them again. */
  readonly waiting: readonly LocatedFinding[];
}

interface Attempt extends ChosenFixes {
  /** The chosen fixes that added edits; the others change no text, or change the same. */
  readonly editing: readonly Choice[];
}

/**
 * Chooses the first allowed fix of each finding that keeps the Dockerfile valid and does not collide with an earlier
 * one.
 */
export function chooseFixes(
  findings: readonly LocatedFinding[],
  file: Dockerfile,
  unsafe: boolean,
): ChosenFixes {
  const wanted = findings.flatMap((finding) => {
    const fix = finding.fixes.find(
      (each) => (each.safety === "safe" || unsafe) && (isEdit(each) || each.creates !== undefined),
    );
    return fix === undefined ? [] : [{ finding, fix }];
  });
  const none = { edits: [], chosen: [], waiting: [], editing: [] };
  const all = addValid(none, wanted, file, false);
  // the second parser is slow: it is asked once, and for each fix only if it reads the result differently
  return all.edits.length === 0 || isValid(file, all.edits, true) ? all : addValid(none, wanted, file, true);
}

function isValid(file: Dockerfile, edits: readonly TextEdit[], asksAlways: boolean): boolean {
  const after = parseDockerfile(applyEdits(file.text, edits), file.name);
  return whatBroke(file, after, edits, asksAlways) === undefined;
}

/**
 * Adds the fixes that keep the Dockerfile valid. All are tried at once, because each try parses the file; if that
 * breaks it, one half after the other.
 */
function addValid(
  before: Attempt,
  wanted: readonly Choice[],
  file: Dockerfile,
  asksAlways: boolean,
): Attempt {
  const all = addApart(before, wanted, file);
  if (all.editing.length === before.editing.length) return all;
  const after = parseDockerfile(applyEdits(file.text, all.edits), file.name);
  const keeps = whatBroke(file, after, all.edits, asksAlways) === undefined;
  if (wanted.length === 1) return keeps ? all : before;
  if (keeps && keepsInstructions(file, after, all.edits)) return all;
  const half = Math.ceil(wanted.length / 2);
  const first = addValid(before, wanted.slice(0, half), file, asksAlways);
  return addValid(first, wanted.slice(half), file, asksAlways);
}

/** Adds the fixes whose edits do not meet earlier ones. */
function addApart(before: Attempt, wanted: readonly Choice[], file: Dockerfile): Attempt {
  const [chosen, waiting, editing] = [[...before.chosen], [...before.waiting], [...before.editing]];
  const edits = [...before.edits];
  const same = new Set(edits.map(keyOf));
  const sorted = new SortedEdits(edits);
  const edited = new EditedInstructions(file);
  for (const choice of editing) edited.add(choice);
  for (const choice of wanted) {
    const { finding, fix } = choice;
    // the same edit may fix several findings
    if (!isEdit(fix) || fix.edits.every((edit) => same.has(keyOf(edit)))) {
      chosen.push(choice);
    } else if (fix.edits.some((edit) => sorted.meet(edit)) || edited.exclude(choice)) {
      waiting.push(finding);
    } else {
      for (const edit of fix.edits) {
        edits.push(edit);
        same.add(keyOf(edit));
        sorted.add(edit);
      }
      edited.add(choice);
      editing.push(choice);
      chosen.push(choice);
    }
  }
  return { edits, chosen, waiting, editing };
}

/** The instructions that fixes of a round edit, and the rules of these fixes. */
class EditedInstructions {
  readonly #file: Dockerfile;
  readonly #all = new Map<Instruction, Set<string>>();
  readonly #unsafe = new Map<Instruction, Set<string>>();

  constructor(file: Dockerfile) {
    this.#file = file;
  }

  add({ finding, fix }: Choice): void {
    for (const each of touchedBy(fix, this.#file)) {
      addTo(this.#all, each, finding.finding.rule);
      if (fix.safety === "unsafe") addTo(this.#unsafe, each, finding.finding.rule);
    }
  }

  /**
   * Returns true if another rule edits an instruction of the fix and one of the two fixes is unsafe, since that one
   * may depend on the text that the other changes. Example: one fix mounts a cache, another adds a command that
   * empties it.
   */
  exclude({ finding, fix }: Choice): boolean {
    const others = fix.safety === "unsafe" ? this.#all : this.#unsafe;
    return [...touchedBy(fix, this.#file)].some((each) => {
      const rules = others.get(each);
      return rules !== undefined && rules.size > (rules.has(finding.finding.rule) ? 1 : 0);
    });
  }
}

function addTo(sets: Map<Instruction, Set<string>>, key: Instruction, rule: string): void {
  const rules = sets.get(key);
  if (rules === undefined) sets.set(key, new Set([rule]));
  else rules.add(rule);
}

/** Returns the instructions that an edit overlaps or touches. */
function touchedBy({ edits = [] }: Fix, { instructions }: Dockerfile): Set<Instruction> {
  const touched = new Set<Instruction>();
  for (const { start, end } of edits) {
    for (let i = firstIndex(instructions, (each) => each.end >= start); ; i++) {
      const instruction = instructions[i];
      if (instruction === undefined || instruction.start > end) break;
      touched.add(instruction);
    }
  }
  return touched;
}

function keyOf({ start, end, text }: TextEdit): string {
  return `${start}:${end}:${text}`;
}
