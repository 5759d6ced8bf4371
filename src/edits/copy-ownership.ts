/** Replaces RUNs that change owner or mode of copied files by flags of the COPY. */
import { isMadeLater } from "../analysis/ownership/account-names.ts";
import type { ChangedCopy } from "../analysis/ownership/changed-copy.ts";
import { violatedCondition } from "../analysis/ownership/copy-conditions.ts";
import { filesBelow, type FilesBelow } from "../analysis/ownership/files-below.ts";
import { clearedMode, isSymbolic } from "../analysis/ownership/flag-conditions.ts";
import { changeBy, variablesIn, type Change, type Operand } from "../analysis/ownership/permission-change.ts";
import { isSystemTree } from "../analysis/ownership/system-trees.ts";
import { copied, isFileName, type Creation } from "../analysis/steps/creations.ts";
import type { BuildSubject, ImageView } from "../analysis/subject.ts";
import type { CopyStep, DockerfileView, RunStep, Step } from "../build/build.ts";
import type { TextEdit } from "../dockerfile/dockerfile.ts";
import { formatList } from "../format.ts";
import { itemAt } from "../must.ts";
import { isBelow, overlaps, resolve } from "../paths.ts";
import type { ShellWord } from "../shell/script.ts";
import { cutCommands, cutWords, itemOf } from "./cut.ts";
import { isEditable } from "./editability.ts";
import { guarantee, type Fix } from "./fix.ts";
import { mergeEdits } from "./merge-edits.ts";

/** A RUN and the COPYs whose files it changes. */
export interface OwnershipFix {
  readonly run: RunStep;
  readonly matches: readonly ChangedCopy[];
  /** The fix that replaces the RUN by flags; undefined when that is impossible. */
  readonly fix: Fix | undefined;
  /** The flags that the fix writes, as text by the COPY: `--chown=33:33`; empty without a fix. */
  readonly flags: ReadonlyMap<Step, string>;
  /** True if the user or group is created, or may be, between a COPY and the RUN: the COPY may not know it. */
  readonly needsName: boolean;
}

/**
 * Returns the fixes for the exported stages. The layers of a linked image, or else the build context, add what the text
 * does not show.
 */
export function ownershipFixes(subject: BuildSubject): OwnershipFix[] {
  const { dockerfile: view, image } = subject;
  const plans: OwnershipFix[] = [];
  const copies: MadeBy[] = [];
  for (const run of view.steps) {
    if (run.keyword === "COPY" || run.keyword === "ADD") copies.push({ copy: run, made: madeBy(run, image) });
    if (run.keyword !== "RUN" || !run.script.complete) continue;
    const matches: ChangedCopy[] = [];
    for (const command of run.script.commands) {
      const change = command.certain ? changeBy(command) : undefined;
      if (change === undefined) continue;
      for (const copy of copies) matches.push(...matchesOf(change, copy, subject));
    }
    const seen = matches.filter(({ operand }) => !isMounted(run, operand.path));
    if (seen.length > 0) plans.push({ run, matches: seen, ...fixOf(run, seen, subject) });
  }
  return plans;
}

/** A COPY, and what it creates. */
interface MadeBy {
  readonly copy: CopyStep;
  readonly made: readonly Creation[];
}

function isMounted(run: RunStep, path: string): boolean {
  return run.mounts.some(({ target }) => target === undefined || overlaps(target, path));
}

/** Returns the copied files that a change affects. */
function matchesOf(change: Change, { copy, made }: MadeBy, { context }: BuildSubject): ChangedCopy[] {
  return change.operands.flatMap((operand) => {
    // of a folder and the files in it, the folder stands first
    const creation = made.find(
      ({ path, kind }) =>
        (path === operand.path && (change.recursive || kind !== "dir")) ||
        // copied files are a small part of a system folder
        (change.recursive && isBelow(path, operand.path) && !isSystemTree(operand.path)),
    );
    if (creation === undefined) return [];
    const isFile = creation.kind === "tree" && isOneFile(copy, context);
    return [{ copy, creation: isFile ? { ...creation, kind: "file" } : creation, change, operand }];
  });
}

/** Returns true if the only source of a COPY is a regular file of the build context. */
function isOneFile({ sources }: CopyStep, context: BuildSubject["context"]): boolean {
  if (sources?.paths.length !== 1 || context === undefined) return false;
  const { files, complete, missing } = context.taken(sources);
  const path = sources.paths[0]?.replace(/^(?:\.?\/)+/, "");
  return complete && missing.length === 0 && files.length === 1 && files[0]?.path === path;
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
  { dockerfile: view, image, context }: BuildSubject,
): Omit<OwnershipFix, "run" | "matches"> {
  const layersOf = (step: Step): FilesBelow | undefined =>
    image === undefined ? undefined : filesBelow(image, step.instruction);
  const needsName = matches.some(({ copy, change }) => {
    const at = view.steps.indexOf(copy);
    const between = view.steps.slice(at + 1, view.steps.indexOf(run) + 1);
    return (
      change.flag === "chown" && isMadeLater(change.value, view.steps.slice(0, at), between, layersOf(copy))
    );
  });
  const none = { fix: undefined, flags: new Map<Step, string>(), needsName };
  if (needsName) return none;
  const copies = new Set(matches.map(({ copy }) => copy));
  if (![run, ...copies].every((step) => step.stage === run.stage && isEditable(step, view))) return none;
  const changes = new Map<Change, Set<Operand>>();
  for (const { change, operand } of matches) {
    const operands = changes.get(change);
    if (operands === undefined) changes.set(change, new Set([operand]));
    else operands.add(operand);
  }
  const without = withoutChanges(run, changes, view);
  if (without === undefined) return none;
  const wanted = flagsOf(matches, (match) => clearedMode(match, { run, matches, layersOf }));
  const edits = wanted === undefined ? undefined : flagEdits(wanted, view);
  if (wanted === undefined || edits === undefined) return none;
  const question = { run, matches, changes, view, context, layersOf };
  const condition = violatedCondition(question) ?? without.condition;
  const lines = [...copies].map(({ instruction }) => instruction.line);
  const names = [...new Set([...wanted.values()].flatMap((flags) => [...flags.keys()]))];
  const commands = [...new Set(matches.map(({ change }) => change.command.name))].join(" and ");
  const description = `${names.map((name) => `--${name}`).join(" and ")} in ${lines.length === 1 ? "line" : "lines"} ${formatList(lines.map(String))} instead of ${without.whole ? "the RUN" : commands} in line ${run.instruction.line}`;
  return {
    needsName,
    fix: { description, ...guarantee(condition), edits: [...edits, ...without.edits] },
    flags: new Map(
      [...wanted].map(([copy, flags]) => [
        copy,
        [...flags].map(([name, { value }]) => `--${name}=${value}`).join(" "),
      ]),
    ),
  };
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

/** The flags of each COPY, by name. */
type Flags = Map<CopyStep, Map<Change["flag"], Pick<Change, "flag" | "value" | "keeps">>>;

/** Returns the flags that replace the changes; undefined when one flag would need two values. */
function flagsOf(
  matches: readonly ChangedCopy[],
  cleared: (match: ChangedCopy) => string | undefined,
): Flags | undefined {
  const wanted = new Map<CopyStep, Map<Change["flag"], Change>>();
  const modes = new Map<CopyStep, string>();
  for (const match of matches) {
    const { copy, change } = match;
    let flags = wanted.get(copy);
    if (flags === undefined) wanted.set(copy, (flags = new Map()));
    const other = flags.get(change.flag);
    if (other !== undefined && other.value !== change.value && !covers(change, other)) return undefined;
    flags.set(change.flag, change);
    const mode = cleared(match);
    if (mode !== undefined) modes.set(copy, mode);
  }
  const all: Flags = new Map(wanted);
  for (const [copy, value] of modes)
    all.set(copy, new Map(all.get(copy)).set("chmod", { flag: "chmod", value, keeps: undefined }));
  return all;
}

/** Returns the edits for the flags, which replace existing ones. Undefined when the frontend does not support them. */
function flagEdits(wanted: Flags, view: DockerfileView): TextEdit[] | undefined {
  const isPinned = view.file.directives.some(({ name }) => name === "syntax");
  const edits: TextEdit[] = [];
  for (const [copy, flags] of wanted) {
    let added = "";
    for (const [name, flag] of flags) {
      const { value, keeps } = flag;
      if (name === "chmod" && !view.supportsFrontend(2)) return undefined;
      if (isSymbolic(flag) && isPinned && !view.supportsFrontend(14)) return undefined;
      if (!knows(copy, value)) return undefined;
      const [old, ...others] = copy.instruction.flags.filter((each) => each.name === name);
      // the change is relative to the value of the existing flag
      if (others.length > 0 || (old !== undefined && (keeps !== undefined || isSymbolic(flag))))
        return undefined;
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
