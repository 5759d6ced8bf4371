/** Fixes for files that one instruction creates and a later RUN deletes (docs/spec/dockerfile.md, fix 8). */
import { isCacheGlob } from "../analysis/caches/cache-folders.ts";
import { isRoot } from "../analysis/caches/running-user.ts";
import { removesPackages } from "../analysis/packages/package-removal.ts";
import {
  commandAccess,
  fetchesAnew,
  mayFetch,
  refillsItself,
  pathAccessOf,
  type PathAccess,
} from "../analysis/steps/path-access.ts";
import type { FoundRemoval, Removal } from "../analysis/steps/removals.ts";
import type { DockerfileView, RunStep, Step } from "../build/build.ts";
import type { TextEdit } from "../dockerfile/dockerfile.ts";
import { plainSyntax } from "../knowledge/commands.ts";
import { cachingToolNamed } from "../knowledge/toolbox.ts";
import { optionsOf } from "../shell/option-reader.ts";
import type { Command, ShellWord } from "../shell/script.ts";
import { append } from "./append.ts";
import { mountInstead } from "./bind-mount.ts";
import { cutCommands, cutWords, itemOf } from "./cut.ts";
import { isEditable } from "./editability.ts";
import { guarantee, type Fix } from "./fix.ts";
import { flagsOf, joinRuns } from "./join.ts";
import { mergeEdits } from "./merge-edits.ts";
import { shellQuoted } from "./shell-quoted.ts";
import { findToolRemoval } from "./tool-removal.ts";

export interface LateRemoval {
  readonly adder: Step;
  readonly remover: RunStep;
  readonly removals: readonly FoundRemoval[];
  /** Content bytes that the fix saves, from the layers. */
  readonly bytes?: number;
  /** True if layers show that a step in between adds files there, which would stay if the rm moved. */
  readonly othersAdd?: boolean;
  /** Why the layers make the fix unsafe. */
  readonly condition?: string | undefined;
}

/** A late removal of files that a RUN creates. */
interface LateRunRemoval extends LateRemoval {
  readonly adder: RunStep;
}

/**
 * Returns the best fix for a late removal: move the rm into the RUN that creates the files, join both RUNs, or
 * replace a COPY by a mount.
 */
export function removalFix(late: LateRemoval, view: DockerfileView): Fix | undefined {
  const { adder, remover, bytes } = late;
  if (!isEditable(adder, view) || !isEditable(remover, view)) return undefined;
  if (adder.stage !== remover.stage && isForked(adder, view)) return undefined;
  const fix =
    adder.keyword === "RUN"
      ? moveOrJoin({ ...late, adder }, view)
      : mountInstead(adder, remover, late.removals, view);
  return fix === undefined || bytes === undefined ? fix : { ...fix, bytes };
}

/** Returns true if stages outside the chain use this stage; they would miss the files. */
function isForked({ stage }: Step, { references }: DockerfileView): boolean {
  return references.filter(({ to }) => to === stage).length > 1;
}

function moveOrJoin(late: LateRunRemoval, view: DockerfileView): Fix | undefined {
  const between = betweenOf(late, view);
  const { touch } = between;
  if (late.othersAdd === true && !between.remade)
    return join(late, view, between.by ?? "an instruction in between also adds files there");
  if (touch !== "no" || late.removals.some(({ removal }) => removal.verb === "moves"))
    return join(late, view, between.by) ?? (touch === "maybe" ? move(late, view, between) : undefined);
  return move(late, view, between) ?? join(late, view, undefined);
}

interface Between {
  readonly touch: PathAccess;
  /** Phrase for the step that uses the path. */
  readonly by: string | undefined;
  /** True if a step in between creates the files again, so that the late rm must stay. */
  readonly remade: boolean;
}

/** Finds uses of the path between creation and deletion, including commands of the deleting RUN. */
function betweenOf({ adder, remover, removals }: LateRemoval, view: DockerfileView): Between {
  const { steps } = view;
  const all = steps.slice(steps.indexOf(adder) + 1, steps.indexOf(remover) + 1);
  let touch: PathAccess = "no";
  let by: string | undefined;
  const note = (found: PathAccess, where: string) => {
    if (found === "no" || touch === "uses" || touch === found) return;
    touch = found;
    by = `${where} ${found === "uses" ? "uses" : "may use"} the files first`;
  };
  const paths = new Set(removals.map(({ removal }) => removal.path));
  const removing = new Set(removals.map(({ command }) => command));
  for (const step of all) {
    const commandsBefore = (path: string) => {
      const commands = step.script?.commands ?? [];
      const own = removals.filter(({ removal }) => removal.path === path);
      const last = Math.max(...own.map(({ command }) => command.start));
      return commands.filter((command) => command.start < last && !removing.has(command));
    };
    if ([...paths].every((path) => remakes(step, commandsBefore(path), path)))
      return { touch, by, remade: true };
    for (const path of paths) {
      if (step !== remover) note(pathAccessOf(step, path), `line ${step.instruction.line}`);
      else
        for (const command of commandsBefore(path))
          note(commandAccess(command, path), `line ${step.instruction.line}`);
    }
  }
  return { touch, by, remade: false };
}

/**
 * Returns true if the step does not need the old files: it first fetches apt's lists again, or the path is a cache
 * whose manager fetches missing files.
 */
function remakes(step: Step, commands: readonly Command[], path: string): boolean {
  const { script } = step;
  if (!mayFetch(step) || script?.complete !== true || script.shell !== "posix") return false;
  const [first, ...more] = commands.filter((command) => commandAccess(command, path) !== "no");
  if (first === undefined || !first.certain) return false;
  if (fetchesAnew(first, path)) return true;
  return [first, ...more].every((command) => refillsItself(command, path));
}

/** Moves the rm to the end of the RUN that creates the files. */
function move(late: LateRunRemoval, view: DockerfileView, between: Between): Fix | undefined {
  const { adder, remover } = late;
  const moved = movedCommands(late);
  if (moved === undefined) return undefined;
  // after these commands the rm would never run, so the files would stay
  if (
    adder.script.commands.some(
      ({ name, through }) => /^(?:exec|exit)$/.test(name ?? "") || through.includes("exec"),
    )
  )
    return undefined;
  const appended = append(adder, moved.map(({ text }) => text).join(" && "), view);
  if (appended === undefined) return undefined;
  const cut = between.remade ? undefined : cutOut(remover, moved, view);
  // a late rm that stays must not fail when its files are missing
  if (cut === undefined && !between.remade && !moved.every(({ forced }) => forced)) return undefined;
  const condition =
    whyNotSame(late, moved, view) ?? between.by ?? appended.condition ?? cut?.condition ?? late.condition;
  const commands = moved.map(({ text }) => text).join(" && ");
  const end = `the end of line ${adder.instruction.line}`;
  const line = `line ${remover.instruction.line}`;
  return {
    description:
      cut === undefined
        ? `${commands} at ${end}, too`
        : `move ${commands} from ${line} to ${end}${cut.whole ? `, and drop ${line}` : ""}`,
    ...guarantee(condition),
    edits: mergeEdits([...appended.edits, ...(cut?.edits ?? [])], view.file.text),
  };
}

interface Moved {
  readonly command: Command;
  /** The words to remove; undefined for the whole command. */
  readonly words: ReadonlySet<ShellWord> | undefined;
  /** Text of the command for the RUN that creates the files. */
  readonly text: string;
  readonly forced: boolean;
  /** Why the moved command may behave differently. */
  readonly condition: string | undefined;
}

/** Returns the removing commands, with the words that name these files; undefined if one is not a plain command. */
function movedCommands({ adder, remover, removals }: LateRunRemoval): Moved[] | undefined {
  const moved: Moved[] = [];
  for (const command of new Set(removals.map((each) => each.command))) {
    const found = removals.filter((each) => each.command === command).map(({ removal }) => removal);
    const isPlain = command.assignments.length === 0 && command.redirects.length === 0;
    if (!isPlain || itemOf(command, remover.script.list) === undefined) return undefined;
    const named = found.flatMap((removal) =>
      removal.word === undefined ? [] : [{ ...removal, word: removal.word }],
    );
    if (named.length < found.length) {
      if (command.word === undefined) return undefined;
      const words = [command.word, ...command.args];
      if (words.some(({ value }) => value === undefined)) return undefined;
      const text = words.map((word) => word.text).join(" ");
      moved.push({ command, words: undefined, text, forced: true, condition: undefined });
      continue;
    }
    const { options, rest } = optionsOf(command.args, plainSyntax(command.name ?? ""));
    const words = new Set(named.map(({ word }) => word));
    const plain = command.args.filter((word) => !rest.includes(word) && word.text !== "--");
    if (command.word === undefined || plain.some(({ value, text }) => value !== text)) return undefined;
    const operands = named.map((removal) => operandOf(removal, sameFolder(adder, remover)));
    moved.push({
      command,
      words: rest.every((word) => words.has(word)) ? undefined : words,
      text: [command.word.text, ...plain.map(({ text }) => text), ...operands.map(({ text }) => text)].join(
        " ",
      ),
      forced: options.some(({ name }) => name === "-f" || name === "--force"),
      condition: operands.find(({ condition }) => condition !== undefined)?.condition,
    });
  }
  return moved;
}

interface Operand {
  readonly text: string;
  readonly condition: string | undefined;
}

/** Returns an operand of the rm for the other RUN; literal absolute paths are not changed. */
function operandOf(
  { word, path, contentsOnly }: Removal & { readonly word: ShellWord },
  isSameFolder: boolean,
): Operand {
  const { text, glob } = word;
  const whole = contentsOnly ? `${path}/*` : path;
  const absolute = `${shellQuoted(path)}${contentsOnly ? "/*" : ""}`;
  if (/[$`]/.test(text)) return { text: absolute, condition: `the path of the rm is a variable: ${text}` };
  if (text.startsWith("~"))
    return { text: absolute, condition: `the path of the rm depends on the user: ${text}` };
  if (glob && !isCacheGlob(whole))
    return {
      text: text.startsWith("/") ? text : absolute,
      condition: `the path of the rm is a glob: ${text}`,
    };
  if (/^["']?\//.test(text)) return { text, condition: undefined };
  if (isSameFolder) return { text, condition: undefined };
  return {
    text: absolute,
    condition: `the path of the rm is relative, and the two RUNs do not stand in the same folder: ${text}`,
  };
}

function sameFolder(adder: RunStep, remover: RunStep): boolean {
  const moves = ({ script }: RunStep) =>
    script.commands.some(({ name }) => /^(?:cd|pushd|popd)$/.test(name ?? ""));
  const { workdir } = adder.scope;
  return workdir !== undefined && workdir === remover.scope.workdir && !moves(adder) && !moves(remover);
}

/** Checks the conditions of fix 8 that concern the two RUNs themselves. */
function whyNotSame(
  { adder, remover }: LateRunRemoval,
  moved: readonly Moved[],
  view: DockerfileView,
): string | undefined {
  if (adder.stage !== remover.stage) return "the files are created in another stage, which others may use";
  const odd = moved.find(({ condition }) => condition !== undefined);
  if (odd !== undefined) return odd.condition;
  if (!isRoot(adder.scope.user ?? "") && !isSameUser(adder, remover, view))
    return "different users create and delete the files";
  if (moved.some(({ words }) => words === undefined)) {
    const why = whyAnotherCache(adder) ?? whyAnotherCache(remover) ?? whyGone(adder, moved);
    if (why !== undefined) return why;
  }
  if (remover.script.list?.items.some(({ joint }) => joint === "||") === true)
    return "the RUN that deletes them continues if the rm fails: it has a || at its top level";
  if (flagsOf(adder) !== flagsOf(remover))
    return "the two RUNs have different mounts, network or security flags";
  return undefined;
}

/** Returns why a package manager may use another cache there: variables move it. */
function whyAnotherCache({ script, instruction }: RunStep): string | undefined {
  const isAbout = (name: string) => /^(?:HOME|XDG_CACHE_HOME|GOPATH|\w*_?CACHE\w*)$/i.test(name);
  const sets = script.commands.some(
    ({ name, args, assignments }) =>
      assignments.some((each) => isAbout(each.name)) ||
      (/^(?:export|declare|typeset|readonly)$/.test(name ?? "") &&
        args.some(({ text }) => isAbout(text.replace(/=.*/s, "")))),
  );
  return sets ? `line ${instruction.line} moves the cache or HOME` : undefined;
}

/** Returns why the cleaning program, or its working directory, may not exist at the end of the RUN. */
function whyGone({ script }: RunStep, moved: readonly Moved[]): string | undefined {
  for (const { command, words } of moved) {
    if (words !== undefined || command.name === undefined) continue;
    const last = script.commands.findLastIndex(
      (each) => each.name === command.name && !removesPackages(each),
    );
    const isSystem = cachingToolNamed(command.name)?.system === true;
    const by = findToolRemoval(script.commands.slice(last + 1), command.name, isSystem);
    if (by !== undefined) return `${by.name} may remove ${command.name}, or the folder it runs in`;
  }
  return undefined;
}

function isSameUser(adder: Step, remover: Step, { steps }: DockerfileView): boolean {
  if (adder.scope.user !== remover.scope.user) return false;
  if (adder.scope.user !== undefined) return true;
  // two unknown users are the same only if no step between sets another one
  const between = steps.slice(steps.indexOf(adder), steps.indexOf(remover));
  return between.every(({ instruction }) => instruction.keyword !== "USER");
}

interface CutOut {
  readonly edits: readonly TextEdit[];
  readonly condition: string | undefined;
  readonly whole: boolean;
}

function cutOut(remover: Step, moved: readonly Moved[], view: DockerfileView): CutOut | undefined {
  const edits: TextEdit[] = [];
  for (const { command, words } of moved) {
    if (words === undefined) continue;
    const cut = cutWords(command, words, view);
    if (cut === undefined) return undefined;
    edits.push(...cut);
  }
  const whole = moved.filter(({ words }) => words === undefined).map(({ command }) => command);
  if (whole.length === 0) return { edits, condition: undefined, whole: false };
  const cut = cutCommands(remover, whole, view);
  return cut === undefined ? undefined : { ...cut, edits: [...edits, ...cut.edits] };
}

/** Joins the RUNs from the creation to the last use of the files, where the rm moves; else to the deletion. */
function join(late: LateRunRemoval, view: DockerfileView, why: string | undefined): Fix | undefined {
  const { adder, remover } = late;
  const { steps } = view;
  const between = steps.slice(steps.indexOf(adder), steps.indexOf(remover) + 1);
  const short = joinToLastUse(late, between, view);
  const edits = short?.edits ?? joinRuns(between, view);
  if (edits === undefined) return undefined;
  const last = short?.last ?? remover;
  const lines = `lines ${adder.instruction.line} to ${last.instruction.endLine}`;
  const moving =
    short === undefined ? "" : ` that ends in ${short.command}, from line ${remover.instruction.line}`;
  return {
    description: `join ${lines} into one RUN${moving}`,
    safety: "unsafe",
    condition: `${why === undefined ? "" : `${why}, so they become one RUN: `}a change to one of these lines runs all of them again (the build cache gets coarser)`,
    edits,
  };
}

interface ShortJoin {
  readonly edits: readonly TextEdit[];
  /** The last step that becomes part of the RUN. */
  readonly last: Step;
  /** The command that ends it. */
  readonly command: string;
}

/** Undefined where the RUN that deletes the files also uses them, or its rm cannot move. */
function joinToLastUse(
  late: LateRunRemoval,
  between: readonly Step[],
  view: DockerfileView,
): ShortJoin | undefined {
  const { remover, removals } = late;
  const moved = movedCommands(late);
  if (
    moved === undefined ||
    late.othersAdd === true ||
    removals.some(({ removal }) => removal.verb === "moves")
  )
    return undefined;
  if (whyNotSame(late, moved, view) !== undefined) return undefined;
  const paths = [...new Set(removals.map(({ removal }) => removal.path))];
  const removing = new Set(removals.map(({ command }) => command));
  const isUsedLast = remover.script.commands.some(
    (command) => !removing.has(command) && paths.some((path) => commandAccess(command, path) !== "no"),
  );
  const at = between
    .slice(0, -1)
    .findLastIndex((step) => paths.some((path) => pathAccessOf(step, path) !== "no"));
  const last = between[at];
  if (isUsedLast || at < 1 || last === undefined) return undefined;
  const command = moved.map(({ text }) => text).join(" && ");
  const joined = joinRuns(between.slice(0, at + 1), view, command);
  const cut = cutOut(remover, moved, view);
  if (joined === undefined || cut === undefined || cut.condition !== undefined) return undefined;
  return { edits: mergeEdits([...joined, ...cut.edits], view.file.text), last, command };
}
