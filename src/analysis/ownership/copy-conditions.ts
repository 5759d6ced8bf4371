/** Decides when a flag of COPY is equivalent to the RUN: docs/spec/dockerfile.md, fix 10. */
import type { Step } from "../../build/build.ts";
import { itemAt } from "../../must.ts";
import { isBelow, overlaps, resolve } from "../../paths.ts";
import { isRoot } from "../caches/running-user.ts";
import { commandMightAccess, mightAccess } from "../steps/path-access.ts";
import { unknownName } from "./account-names.ts";
import type { ChangedCopy } from "./changed-copy.ts";
import type { FilesBelow } from "./files-below.ts";
import { isSymbolic, whyNotAlike, type FlagQuestion } from "./flag-conditions.ts";
import { variablesIn, type Change, type Operand } from "./permission-change.ts";
import { isThere } from "./present-folders.ts";

export interface Question extends FlagQuestion {
  /** The operands that the fix removes from the RUN. */
  readonly changes: ReadonlyMap<Change, ReadonlySet<Operand>>;
}

/** Returns the first violated condition; undefined when the flags are equivalent. */
export function violatedCondition(question: Question): string | undefined {
  return (
    whyNotTheRun(question) ??
    whyNotBetween(question) ??
    first(question.matches, (match) => whyNotTheCopy(match, question))
  );
}

function whyNotTheRun({ run, matches, changes }: Question): string | undefined {
  const { line } = run.instruction;
  const { user } = run.scope;
  if (user !== undefined && !isRoot(user)) return `line ${line} runs as ${user}`;
  for (const [{ operands }, done] of changes) {
    const other = operands.find((operand) => !done.has(operand));
    if (other !== undefined) return `line ${line} changes other paths as well: ${other.path}`;
  }
  for (const { creation, operand } of matches)
    if (creation.path !== operand.path) return `line ${line} also changes other files in ${operand.path}`;
  return undefined;
}

/** Checks that no step between the first COPY and the change touches the paths, nor a command of the RUN itself. */
function whyNotBetween({ run, matches, changes, view }: Question): string | undefined {
  const { steps } = itemAt(view.stages, run.stage.index);
  const copies = new Set<Step>(matches.map(({ copy }) => copy));
  const paths = [...new Set(matches.map(({ operand }) => operand.path))];
  const from = steps.findIndex((step) => copies.has(step));
  const to = steps.indexOf(run);
  for (const step of steps.slice(from + 1, to)) {
    if (!copies.has(step) && mightAccess(step, paths))
      return `line ${step.instruction.line} comes between and may touch ${paths.join(", ")}`;
  }
  const volume = view.steps.slice(0, view.steps.indexOf(run)).find(
    ({ instruction, scope }) =>
      instruction.keyword === "VOLUME" &&
      instruction.words.some(({ value: word }) => {
        const path = resolve(scope.workdir, word);
        return path === undefined || paths.some((each) => overlaps(each, path));
      }),
  );
  if (volume !== undefined)
    return `line ${volume.instruction.line} makes it a volume, in which some builders discard the changes of a RUN`;
  const gone = new Set([...changes.keys()].map(({ command }) => command));
  const commands = run.script.commands;
  const last = commands.findLastIndex((command) => gone.has(command));
  for (const [i, command] of commands.entries()) {
    if (gone.has(command)) continue;
    if (i > last)
      return `${command.name ?? "another command"} comes after it in line ${run.instruction.line}`;
    if (commandMightAccess(command, paths))
      return `${command.name ?? "another command"} comes before it in line ${run.instruction.line} and may touch ${paths.join(", ")}`;
  }
  return undefined;
}

function whyNotTheCopy(match: ChangedCopy, question: Question): string | undefined {
  const { copy, change } = match;
  const { instruction } = copy;
  const { view } = question;
  const has = (name: string) => instruction.flags.some((flag) => flag.name === name);
  if (isSymbolic(change) && !view.supportsFrontend(14))
    return "modes like u+x need # syntax=docker/dockerfile:1.14 or newer";
  if (instruction.keyword === "ADD") return "ADD unpacks archives, whose files keep their own owner and mode";
  if (has("link")) return "COPY --link ignores what is already there: names, folders and links";
  if (has("parents") || has("exclude"))
    return "COPY --parents and --exclude may copy less than the RUN changes";
  if (change.keeps !== undefined && has("from")) return `files from another stage keep their ${change.keeps}`;
  return whyNotThePath(match, question) ?? whyNotTheValue(match, question) ?? whyNotAlike(match, question);
}

function whyNotThePath(match: ChangedCopy, { view, layersOf, matches }: Question): string | undefined {
  const { copy, creation, change, operand } = match;
  const layers = layersOf(copy);
  const earlier = view.steps.slice(0, view.steps.indexOf(copy));
  const isFile = creation.kind === "file";
  if (!isFile && !change.recursive)
    return `${operand.path} may be a folder, and only the folder itself is changed`;
  if (!isFile) {
    const firstCopy = matches.find((other) => other.operand.path === operand.path)?.copy;
    if (firstCopy !== undefined && firstCopy !== copy) return undefined;
    const workdir = earlier.find(
      ({ instruction, scope }) =>
        instruction.keyword === "WORKDIR" &&
        leadsTo(resolve(scope.workdir, instruction.words[0]?.value), operand.path),
    );
    if (workdir !== undefined)
      return `line ${workdir.instruction.line} creates ${operand.path} first, which would stay as it is`;
    const isEmpty = view.steps[0]?.stage.expandedImage?.toLowerCase() === "scratch";
    if (!isFresh(operand.path, earlier, layers, isEmpty))
      return `${operand.path} may exist before line ${copy.instruction.line}, and the RUN changes that as well`;
  } else if (copied(copy) > 1) {
    const paths = new Set(
      matches
        .filter((other) => other.copy === copy && other.change === change)
        .map(({ operand: { path } }) => path),
    );
    if (paths.size < copied(copy))
      return `line ${copy.instruction.line} also copies other files, which the RUN leaves as they are`;
  }
  const parent = operand.path.slice(0, operand.path.lastIndexOf("/")) || "/";
  if (!isThere(parent, earlier, view.steps[0]?.stage.expandedImage, layers))
    return `line ${copy.instruction.line} may create ${parent}, which the flag would change as well`;
  return undefined;
}

/** Returns the number of sources of a COPY. */
function copied({ instruction }: Step): number {
  return instruction.words.length - 1;
}

function leadsTo(made: string | undefined, path: string): boolean {
  return made !== undefined && (made === path || isBelow(made, path));
}

/**
 * Returns true if the path does not exist: by the layers, or because the stage begins empty and no step writes there.
 */
function isFresh(
  path: string,
  earlier: readonly Step[],
  layers: FilesBelow | undefined,
  isEmpty: boolean,
): boolean {
  const known = layers?.has(path);
  if (known !== undefined) return !known;
  return isEmpty && earlier.every((step) => !mightAccess(step, [path]));
}

function whyNotTheValue(match: ChangedCopy, { view, layersOf, matches }: Question): string | undefined {
  const { copy, creation, change } = match;
  const { value, flag } = change;
  const isChowned = matches.some((other) => other.copy === copy && other.change.flag === "chown");
  if (flag === "chmod" && isChowned && /^[1-7]\d{3}$|s/.test(value))
    return "chown clears set-user-ID bits, and the flags keep them";
  if (flag === "chown") {
    const earlier = view.steps.slice(0, view.steps.indexOf(copy));
    if (variablesIn(value).length > 0) {
      return `only the build knows ${variablesIn(value)
        .map((name) => `$${name}`)
        .join(", ")}`;
    }
    const name = unknownName(value, earlier, layersOf(copy));
    return name === undefined
      ? undefined
      : `nothing shows that ${name} exists before line ${copy.instruction.line}, and COPY would take it for root`;
  }
  if (/^\d/.test(value)) return undefined;
  if (creation.kind !== "file") return `${value} means something else for folders than for files`;
  // COPY does not apply a umask
  if (/(?:^|,)[-+=][rxXst]*w|(?:^|,)=/.test(value))
    return `what ${value} does depends on the umask of the RUN`;
  return undefined;
}

function first<T>(items: readonly T[], test: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = test(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
