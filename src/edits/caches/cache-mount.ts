/**
 * Fixes a leftover cache by a cache mount, which the builder keeps outside the image (docs/spec/dockerfile.md, fix
 * 14).
 */
import { usualFolders } from "../../analysis/caches/cache-folders.ts";
import { mayClean } from "../../analysis/caches/cache-cleaning.ts";
import { verbOf } from "../../analysis/caches/cache-writers.ts";
import { homeOf } from "../../analysis/caches/filled-caches.ts";
import { readersAfter } from "../../analysis/caches/later-readers.ts";
import { isRoot } from "../../analysis/caches/running-user.ts";
import { foldersOf } from "../../analysis/caches/tool-settings.ts";
import { matches } from "../../analysis/steps/command-patterns.ts";
import type { DockerfileView, RunStep, Step } from "../../build/build.ts";
import type { TextEdit } from "../../dockerfile/dockerfile.ts";
import { removers } from "../../knowledge/commands.ts";
import type { CacheFolder } from "../../knowledge/tool-caches.ts";
import type { CachingTool } from "../../knowledge/tool.ts";
import { writerPrograms } from "../../knowledge/toolbox.ts";
import { itemAt } from "../../must.ts";
import type { Command } from "../../shell/script.ts";
import { addWord } from "../add-word.ts";
import { insertBefore } from "../append.ts";
import { cutCommands, cutWords } from "../cut.ts";
import { isEditable } from "../editability.ts";
import type { Fix } from "../fix.ts";
import { mergeEdits } from "../merge-edits.ts";

/** Minor version of the frontend that `RUN --mount=type=cache` needs: 1.2. */
const MINOR = 2;

/** Commands of the RUN that empty the cache, and the edits that remove them, because they would empty the mount. */
export interface Cleaning {
  readonly commands: readonly Command[];
  readonly edits: readonly TextEdit[];
}

/**
 * Returns the fix that mounts all caches of the manager. Undefined if the frontend is too old, the folder or the
 * user's number is unknown, or a later RUN needs files of the mount. Always unsafe.
 */
export function cacheMountFix(
  step: RunStep,
  manager: CachingTool,
  commands: readonly Command[],
  view: DockerfileView,
  cleaning?: Cleaning,
): Fix | undefined {
  const command = commands.at(-1);
  if (command === undefined || !view.supportsFrontend(MINOR) || !isEditable(step, view)) return undefined;
  const targets = targetsOf(manager, command, step);
  const owner = ownerOf(manager, step);
  if (targets === undefined || targets.length === 0 || owner === undefined) return undefined;
  const cleaners = cleanersIn(step, manager, commands).filter((each) => !cleaning?.commands.includes(each));
  if (cleaners.length > 0) return undefined;
  for (const { wantedBy: wanted, clears } of manager.remedies) {
    if (wanted === undefined) continue;
    const cache = itemAt(manager.caches, clears[0] ?? 0);
    for (const { known } of readersAfter(step, view, {
      manager,
      cache,
      folders: usualFolders(cache),
      wanted,
    }))
      if (known) return undefined;
  }
  const { mounting } = manager;
  const before = beforeFirst(step, manager, commands, view);
  const words = wordsFor(step, manager, commands, view);
  if (before === undefined || words === undefined) return undefined;
  const options = mounting?.options === undefined ? "" : `,${mounting.options}`;
  const text = targets.map((target) => ` --mount=type=cache,target=${target}${options}${owner}`).join("");
  const at = step.instruction.keywordRange.end;
  return {
    description: `mount a cache over ${targets.join(" and ")} in line ${step.instruction.line}`,
    safety: "unsafe",
    condition: `it changes what the build reads: packages come from the cache of earlier builds${mounting?.changes === undefined ? "" : `, ${mounting.changes}`}`,
    edits: mergeEdits(
      [{ start: at, end: at, text }, ...before, ...words, ...(cleaning?.edits ?? [])],
      view.file.text,
    ),
  };
}

/** Returns the commands that may empty a cache of the manager. */
export function cleanersIn(
  { script }: RunStep,
  manager: CachingTool,
  commands: readonly Command[],
): readonly Command[] {
  return script.commands.filter(
    (command) =>
      !commands.includes(command) &&
      ((manager.mounting?.empties !== undefined && matches(command, manager.mounting.empties)) ||
        manager.caches.some((cache) =>
          mayClean(command, manager, cache, [cache.folder, ...(cache.alsoAt ?? [])]),
        )),
  );
}

/** Returns all folders that the manager writes to; undefined if one of them is unknown. */
function targetsOf(manager: CachingTool, command: Command, step: RunStep): readonly string[] | undefined {
  const home = homeFor(command, step);
  const targets: string[] = [];
  for (const cache of manager.caches) {
    const folders = placesOf(cache, command, step);
    if (folders === undefined) return undefined;
    for (const folder of folders) {
      if (!folder.startsWith("~/")) targets.push(folder);
      else if (home === undefined) return undefined;
      else targets.push(`${home}${folder.slice(1)}`);
    }
  }
  const all = [...new Set(targets)];
  return all.every((target) => /^\/[\w./-]+$/.test(target)) ? all : undefined;
}

/** Returns the home of a command; undefined if the script sets it. */
function homeFor(command: Command, step: RunStep): string | undefined {
  const { body, heredocs } = step.instruction;
  const texts = [body, ...heredocs.map(({ content }) => content)];
  return texts.some((text) => /(?:^|[\s;&|({])HOME=/.test(text)) ? undefined : homeOf(command, step);
}

function placesOf(cache: CacheFolder, command: Command, step: Step): readonly string[] | undefined {
  const own = cache.byProgram?.[command.name ?? ""];
  if (own !== undefined) return own;
  const folders = foldersOf(cache, command, step);
  if (folders === undefined) return undefined;
  // a variable moved the cache
  if (folders[0] !== cache.folder && !cache.folder.startsWith("~/")) return [folders[0]];
  if (folders.length === 1 && !folders[0].endsWith(cache.folder.slice(1))) return [folders[0]];
  return cache.mounts ?? [cache.folder];
}

/** Returns the owner options of a mount, which belongs to root by default; undefined if the user is a name. */
function ownerOf({ system }: CachingTool, { scope: { user } }: Step): string | undefined {
  if (system === true || user === undefined || isRoot(user)) return "";
  const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(user) ?? [];
  return uid === undefined ? undefined : `,uid=${uid}${gid === undefined ? "" : `,gid=${gid}`}`;
}

/** Inserts the command that must run before the first command of the manager, unless the stage has it. */
function beforeFirst(
  step: Step,
  manager: CachingTool,
  commands: readonly Command[],
  view: DockerfileView,
): readonly TextEdit[] | undefined {
  const before = manager.mounting?.before;
  if (before === undefined) return [];
  const own = itemAt(view.stages, step.stage.index).steps;
  const until = own.slice(0, own.indexOf(step) + 1);
  const { text } = view.file;
  if (until.some(({ instruction: { start, end } }) => before.unless.test(text.slice(start, end)))) return [];
  const programs = writerPrograms(manager);
  const first = step.script?.commands.find(({ name }) => name !== undefined && programs.includes(name));
  const sudo = itemAt(commands, 0).through.includes("sudo") ? "sudo " : "";
  const edit = first && insertBefore(step, first, `${sudo}${before.command}`, view);
  return edit && [edit];
}

function wordsFor(
  { script }: RunStep,
  manager: CachingTool,
  commands: readonly Command[],
  view: DockerfileView,
): readonly TextEdit[] | undefined {
  const word = manager.mounting?.word;
  if (word === undefined || script.commands.some((command) => matches(command, word.updates))) return [];
  const edits: TextEdit[] = [];
  for (const command of commands) {
    if (command.args.some(({ text }) => word.unless.includes(text))) continue;
    const verb = verbOf(command, manager);
    const edit = verb && addWord(verb.word, word.word, view);
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  return edits;
}

/** Removes the cleaning commands from the RUN; undefined if they have other effects, or cannot be removed. */
export function cutCleaners(
  step: Step,
  manager: CachingTool,
  commands: readonly Command[],
  view: DockerfileView,
): Cleaning | undefined {
  const whole: Command[] = [];
  const edits: TextEdit[] = [];
  for (const command of commands) {
    if (command.redirects.length > 0) return undefined;
    if (command.name !== "rm") {
      if (removers.has(command.name ?? "")) return undefined;
      whole.push(command);
      continue;
    }
    const operands = command.args.filter(({ text }) => !text.startsWith("-"));
    const words = new Set(operands.filter(({ text }) => isInCache(text, manager)));
    if (words.size === operands.length) {
      whole.push(command);
      continue;
    }
    const cut = words.size === 0 ? undefined : cutWords(command, words, view);
    if (cut === undefined) return undefined;
    edits.push(...cut);
  }
  if (whole.length === 0) return { commands, edits };
  const cut = cutCommands(step, whole, view);
  if (cut === undefined || cut.whole || cut.condition !== undefined) return undefined;
  return { commands, edits: [...edits, ...cut.edits] };
}

/** Returns true for a folder of the manager only: `/var/lib/apt/lists/*`, `~/.npm`, `/root/.cache/pip`. */
function isInCache(word: string, { caches }: CachingTool): boolean {
  const path = word.replace(/^["']|["']$/g, "").replace(/^(?:\/root|\$HOME|\$\{HOME\})\//, "~/");
  return caches.some(({ folder, alsoAt = [], mounts = [] }) =>
    [folder, ...alsoAt, ...mounts].some((each) => path === each || path.startsWith(`${each}/`)),
  );
}
