/** Replaces RUNs that change owner or mode of copied files by flags of the COPY. */
import type { CopyStep, DockerfileView, RunStep, Step } from "../build/build.ts";
import { itemAt } from "../must.ts";
import { guarantee, type Fix } from "./fix.ts";
import { formatList } from "../format.ts";
import type { ChangedCopy } from "../analysis/ownership/changed-copy.ts";
import type { ImageView } from "../analysis/subject.ts";
import type { TextEdit } from "../dockerfile/dockerfile.ts";
import type { ShellWord } from "../shell/script.ts";
import { cutCommands, cutWords, itemOf } from "./cut.ts";
import { isEditable } from "./editability.ts";
import { mergeEdits } from "./merge-edits.ts";
import { copied, isFileName, type Creation } from "../analysis/steps/creations.ts";
import { isBelow, overlaps, resolve } from "../paths.ts";
import { filesBelow, type FilesBelow } from "../analysis/ownership/files-below.ts";
import { changeBy, variablesIn, type Change, type Operand } from "../analysis/ownership/permission-change.ts";
import { violatedCondition } from "../analysis/ownership/copy-conditions.ts";
import { isMadeLater } from "../analysis/ownership/account-names.ts";
import { isSystemTree } from "../analysis/ownership/system-trees.ts";

/** A RUN and the COPYs whose files it changes. */
export interface OwnershipFix {
  readonly run: RunStep;
  readonly matches: readonly ChangedCopy[];
  /** The fix that replaces the RUN by flags; undefined when that is impossible. */
  readonly fix: Fix | undefined;
}

/** Returns the fixes for the exported stages. The layers of a linked image add what the text does not show. */
export function ownershipFixes(view: DockerfileView, image: ImageView | undefined): OwnershipFix[] {
  const plans: OwnershipFix[] = [];
  for (const [at, run] of view.steps.entries()) {
    if (run.keyword !== "RUN" || !run.script.complete) continue;
    const matches: ChangedCopy[] = [];
    for (const command of run.script.commands) {
      const change = command.certain ? changeBy(command) : undefined;
      if (change === undefined) continue;
      for (const copy of view.steps.slice(0, at)) matches.push(...matchesOf(change, copy, image));
    }
    const seen = matches.filter(({ operand }) => !isMounted(run, operand.path));
    if (seen.length > 0) plans.push({ run, matches: seen, fix: fixOf(run, seen, view, image) });
  }
  return plans;
}

function isMounted(run: RunStep, path: string): boolean {
  return run.mounts.some(({ target }) => target === undefined || overlaps(target, path));
}

/** Returns the copied files that a change affects. */
function matchesOf(change: Change, copy: Step, image: ImageView | undefined): ChangedCopy[] {
  if (copy.keyword !== "COPY" && copy.keyword !== "ADD") return [];
  return change.operands.flatMap((operand) => {
    const made = madeBy(copy, image);
    // of a folder and the files in it, the folder stands first
    const creation = made.find(
      ({ path, kind }) =>
        (path === operand.path && (change.recursive || kind !== "dir")) ||
        // copied files are a small part of a system folder
        (change.recursive && isBelow(path, operand.path) && !isSystemTree(operand.path)),
    );
    return creation === undefined ? [] : [{ copy, creation, change, operand }];
  });
}

/** Returns what a COPY creates; heredocs create files, and a source that can only be a folder creates one. */
function madeBy(copy: CopyStep, image: ImageView | undefined): Creation[] {
  const { instruction, scope } = copy;
  const target = instruction.words.at(-1)?.value ?? "";
  const path = resolve(scope.workdir, target);
  if (path === undefined) return [];
  if (instruction.heredocs.length > 0) {
    const single = instruction.words.length === 2 && !target.endsWith("/");
    return single ? [{ path, kind: "file" }] : [];
  }
  const layers = image === undefined ? undefined : filesBelow(image, instruction);
  const folder = instruction.words.slice(0, -1).some(({ value }) => /(?:^|\/)\.?$/.test(value));
  return copied(copy).map((made) => {
    if (made.kind !== "tree") return made;
    if (folder) return { ...made, kind: "dir" };
    return layers?.madeFile(made.path) === true || isFileName(itemAt(instruction.words, 0).value)
      ? { ...made, kind: "file" }
      : made;
  });
}

function fixOf(
  run: RunStep,
  matches: readonly ChangedCopy[],
  view: DockerfileView,
  image: ImageView | undefined,
): Fix | undefined {
  const copies = new Set(matches.map(({ copy }) => copy));
  if (![run, ...copies].every((step) => step.stage === run.stage && isEditable(step, view))) return undefined;
  const changes = new Map<Change, Set<Operand>>();
  for (const { change, operand } of matches) {
    const operands = changes.get(change);
    if (operands === undefined) changes.set(change, new Set([operand]));
    else operands.add(operand);
  }
  const without = withoutChanges(run, changes, view);
  if (without === undefined) return undefined;
  const flags = flagEdits(matches, view);
  if (flags === undefined) return undefined;
  const layersOf = (copy: Step): FilesBelow | undefined =>
    image === undefined ? undefined : filesBelow(image, copy.instruction);
  const needsName = matches.some(({ copy, change }) => {
    const at = view.steps.indexOf(copy);
    const between = view.steps.slice(at + 1, view.steps.indexOf(run) + 1);
    return (
      change.flag === "chown" && isMadeLater(change.value, view.steps.slice(0, at), between, layersOf(copy))
    );
  });
  if (needsName) return undefined;
  const condition = violatedCondition({ run, matches, changes, view, layersOf }) ?? without.condition;
  const lines = [...copies].map(({ instruction }) => instruction.line);
  const names = [...new Set(matches.map(({ change }) => `--${change.flag}`))].join(" and ");
  const commands = [...new Set(matches.map(({ change }) => change.command.name))].join(" and ");
  const description = `${names} in ${lines.length === 1 ? "line" : "lines"} ${formatList(lines.map(String))} instead of ${without.whole ? "the RUN" : commands} in line ${run.instruction.line}`;
  const edits = [...flags, ...without.edits];
  return { description, ...guarantee(condition), edits };
}

/** Removes the handled operands from the RUN, and commands without other operands. */
function withoutChanges(
  run: RunStep,
  changes: ReadonlyMap<Change, ReadonlySet<Operand>>,
  view: DockerfileView,
):
  | { readonly edits: readonly TextEdit[]; readonly whole: boolean; readonly condition: string | undefined }
  | undefined {
  const whole = [...changes].filter(([{ operands }, done]) => done.size === operands.length);
  const partly = [...changes].filter(([{ operands }, done]) => done.size < operands.length);
  const commands = whole.map(([{ command }]) => command);
  const cut =
    commands.length === 0
      ? { edits: [], whole: false, condition: undefined }
      : cutCommands(run, commands, view);
  if (cut === undefined) return undefined;
  const edits = [...cut.edits];
  for (const [{ command }, done] of partly) {
    if (itemOf(command, run.script.list) === undefined) return undefined;
    const words = cutWords(command, new Set<ShellWord>([...done].map(({ word }) => word)), view);
    if (words === undefined) return undefined;
    edits.push(...words);
  }
  const condition =
    cut.condition === undefined
      ? undefined
      : "the RUN continues after a failed command: it has a list without set -e";
  return { edits: mergeEdits(edits, view.file.text), whole: cut.whole, condition };
}

/** Returns the edits for the flags, which replace existing ones. Undefined when the frontend does not support them. */
function flagEdits(matches: readonly ChangedCopy[], view: DockerfileView): TextEdit[] | undefined {
  const wanted = new Map<Step, Map<string, Change>>();
  for (const { copy, change } of matches) {
    let flags = wanted.get(copy);
    if (flags === undefined) wanted.set(copy, (flags = new Map()));
    const other = flags.get(change.flag);
    // two values for the files of one COPY, but a flag takes one
    if (other !== undefined && other.value !== change.value && !covers(change, other)) return undefined;
    flags.set(change.flag, change);
  }
  const isPinned = view.file.directives.some(({ name }) => name === "syntax");
  const edits: TextEdit[] = [];
  for (const [copy, flags] of wanted) {
    let added = "";
    for (const [name, { value, keeps }] of flags) {
      const isSymbolic = name === "chmod" && !/^\d/.test(value);
      if (name === "chmod" && !view.supportsFrontend(2)) return undefined;
      if (isSymbolic && isPinned && !view.supportsFrontend(14)) return undefined;
      if (!knows(copy, value)) return undefined;
      const [old, ...others] = copy.instruction.flags.filter((flag) => flag.name === name);
      // the change is relative to the value of the existing flag
      if (others.length > 0 || (old !== undefined && (keeps !== undefined || isSymbolic))) return undefined;
      if (old === undefined) added += ` --${name}=${value}`;
      else if (old.value !== value)
        edits.push({ start: old.start, end: old.end, text: `--${name}=${value}` });
    }
    const { end } = copy.instruction.keywordRange;
    if (added !== "") edits.push({ start: end, end, text: added });
  }
  return edits;
}

/** Returns true if the later change affects all files of the earlier one. */
function covers(later: Change, earlier: Change): boolean {
  const paths = new Set(later.operands.map(({ path }) => path));
  return earlier.operands.every(({ path }) => paths.has(path)) && later.recursive === earlier.recursive;
}

/** Returns true if the variables of a value are set at the COPY. */
function knows({ scope }: Step, value: string): boolean {
  return variablesIn(value).every((name) => scope.env.has(name) || scope.args.has(name));
}
