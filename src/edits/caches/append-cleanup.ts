/** Fixes a leftover cache by a command at the end of the RUN. */
import { mayClean } from "../../analysis/caches/cache-cleaning.ts";
import { fillsCache, isMounted } from "../../analysis/caches/cache-writers.ts";
import {
  isReadLater,
  nameOf,
  readersAfter,
  whyRead,
  type LaterReader,
} from "../../analysis/caches/later-readers.ts";
import { isRoot } from "../../analysis/caches/running-user.ts";
import { foldersOf } from "../../analysis/caches/tool-settings.ts";
import { removesPackages } from "../../analysis/packages/package-removal.ts";
import { matches } from "../../analysis/steps/command-patterns.ts";
import type { DockerfileView, RunStep } from "../../build/build.ts";
import type { TextEdit } from "../../dockerfile/dockerfile.ts";
import { plainWrappers, userChangers } from "../../knowledge/commands.ts";
import type { Remedy } from "../../knowledge/tool-caches.ts";
import type { CachingTool } from "../../knowledge/tool.ts";
import { cachePrograms } from "../../knowledge/toolbox.ts";
import { itemAt } from "../../must.ts";
import type { Command, List } from "../../shell/script.ts";
import { isShell } from "../../shell/shells.ts";
import { append, insertAfter, type Appended } from "../append.ts";
import { mergeEdits } from "../merge-edits.ts";
import { findToolRemoval } from "../tool-removal.ts";
import { takingsOf, whyKept, whyMounted, whyReadInside } from "./cache-conditions.ts";
import type { UncleanedCache, CandidateFix } from "./uncleaned-cache.ts";
import { updatesFor } from "./update-before-readers.ts";

export function appended(waste: UncleanedCache, remedy: Remedy): CandidateFix | undefined {
  const { step, view, manager, index } = waste;
  const cache = itemAt(manager.caches, index);
  const { script } = step;
  const { append: remove } = remedy;
  if (remove === undefined || isKeptBefore(waste, remedy)) return undefined;
  const filling = waste.commands.at(-1) ?? toolOf(waste);
  const start = filling?.start ?? Infinity;
  const folders = (filling && foldersOf(cache, filling, step)) ?? [cache.folder];
  // the RUN cleans already: the image is older than the text
  if (script.commands.some((each) => each.start > start && mayClean(each, manager, cache, folders)))
    return undefined;
  const user = filling === undefined ? undefined : asUser(waste, filling);
  if (filling !== undefined && user === undefined) return undefined;
  // the text does not show which tool ran
  if (filling?.name === undefined && remove.includes("{tool}")) return undefined;
  const command = `${user?.prefix ?? ""}${remove.replace("{tool}", filling?.name ?? "")}`;
  const place = bestPlace(waste, command, remedy);
  if (place === undefined) return undefined;
  const needs = remedy.unsafe === undefined ? needsOf(waste, remedy) : [];
  if (needs === undefined) return undefined;
  const updates = remedy.wantedBy === undefined ? [] : updatesFor(needs, remedy.wantedBy.update, view);
  if (updates === undefined) return undefined;
  // the update before a reader would leave files there too
  const alsoThere = updates.length === 0 ? [] : needs.flatMap((need) => cleaningAt(need, waste, remove));
  const condition =
    (filling === undefined ? "the RUN does not show what fills the cache" : undefined) ??
    place.condition ??
    whyNotTogether(script.commands, remedy) ??
    user?.condition ??
    whySeveralTools(waste, remedy) ??
    whyMounted(waste) ??
    whyKept(waste, remedy) ??
    (needs[0] && whyRead(needs[0], "what this removes")) ??
    remedy.unsafe;
  return {
    description: `append ${command} to line ${step.instruction.line}`,
    edits: mergeEdits([...place.edits, ...updates, ...alsoThere], view.file.text),
    condition,
  };
}

/**
 * Returns true if an earlier RUN keeps a cache of the remedy for later commands, and an instruction stands between, so that
 * the RUNs cannot be joined: the cleaning would only hide what that RUN stored (`mvn dependency:go-offline`, COPY, `mvn
 * package`).
 */
function isKeptBefore({ step, view, manager }: UncleanedCache, { clears, neededBy }: Remedy): boolean {
  if (neededBy === undefined) return false;
  let isApart = false;
  for (const earlier of view.steps.slice(0, view.steps.indexOf(step)).toReversed()) {
    if (earlier.instruction.keyword !== "RUN") isApart = true;
    else if (
      isApart &&
      earlier.script?.commands.some((command) =>
        clears.some((cache) => fillsCache(command, manager, earlier, cache)),
      ) === true &&
      isReadLater(earlier, view, neededBy)
    )
      return true;
  }
  return false;
}

/** Most later commands that may each get an update of their own. */
const mostUpdates = 50;

/**
 * Returns what may need the removed files later: all commands that an update can help, and the first other one. Undefined
 * if that is too much for an edit.
 */
function needsOf(waste: UncleanedCache, remedy: Remedy): readonly LaterReader[] | undefined {
  const needs: LaterReader[] = [];
  let helped = 0;
  for (const reader of readersAfter(waste.step, waste.view, takingsOf(waste, remedy))) {
    if (reader.known) helped++;
    if (reader.known || needs.length === helped) needs.push(reader);
    if (remedy.wantedBy === undefined) break;
    if (helped > mostUpdates) return undefined;
  }
  return needs;
}

function cleaningAt(
  { step, command, known, onbuild }: LaterReader,
  { manager, index, view }: UncleanedCache,
  remove: string,
): readonly TextEdit[] {
  if (!known || onbuild || step.script === undefined) return [];
  const cache = itemAt(manager.caches, index);
  const { start, through } = command;
  if (isMounted(step, cache.folder)) return [];
  const { commands } = step.script;
  if (commands.some((each) => each.start > start && mayClean(each, manager, cache, [cache.folder])))
    return [];
  const sudo = through.includes("sudo") ? "sudo " : "";
  return append(step, `${sudo}${remove}`, view)?.edits ?? [];
}

/**
 * Appends the command at the end, or after the last command that reads the files: whichever is exact, else at the
 * end.
 */
export function bestPlace(waste: UncleanedCache, command: string, remedy: Remedy): Appended | undefined {
  const { step, view } = waste;
  const whole = append(step, command, view);
  const lost = whyLost(waste, command);
  const atEnd = whole === undefined || lost === undefined ? whole : { ...whole, condition: lost };
  if (atEnd !== undefined && atEnd.condition === undefined) return atEnd;
  const { list } = step.script;
  const last = list === undefined ? -1 : lastUse(waste, list, remedy);
  const item = list?.items[last];
  const between = item === undefined ? undefined : insertAfter(step, last, command, view);
  if (item === undefined || between === undefined) return atEnd;
  if (between.condition !== undefined) return endsEarly(step) ? between : (atEnd ?? between);
  const need = whyReadInside(waste, item.end, takingsOf(waste, remedy));
  if (need === undefined) return between;
  // nothing runs behind an exec or exit
  return atEnd === undefined || endsEarly(step) ? { ...between, condition: need } : atEnd;
}

/** Returns why the cleaning program may not exist at the end of the RUN; `rm` always exists. */
function whyLost(waste: UncleanedCache, command: string): string | undefined {
  const tool = command.split(" ").find((word) => !/=|^(?:sudo|doas|env)$/.test(word)) ?? "rm";
  if (tool === "rm") return undefined;
  const { manager, step } = waste;
  const { commands } = step.script;
  const last = commands.findLastIndex(
    (each) => waste.commands.includes(each) || (isTool(each, manager) && !mayLose(each, manager)),
  );
  const by = findToolRemoval(commands.slice(last + 1), tool, manager.system === true);
  return by === undefined ? undefined : `${nameOf(by)} may remove ${tool}, or the folder it runs in`;
}

/** Returns true if the last item is an `exit` or `exec`, after which no command runs. */
function endsEarly({ script }: RunStep): boolean {
  const last = script.list?.items.at(-1);
  return script.commands.some(
    ({ name, through, start }) =>
      last?.kind === "simple" &&
      start >= last.start &&
      (/^(?:exit|exec)$/.test(name ?? "") || through.includes("exec")),
  );
}

/** Returns the index of the last item with a command of the manager, or one that reads the removed files. */
function lastUse(waste: UncleanedCache, { items }: List, { wantedBy }: Remedy): number {
  const uses = waste.step.script.commands.filter(
    (command) =>
      waste.commands.includes(command) ||
      (isTool(command, waste.manager) && !mayLose(command, waste.manager)) ||
      wantedBy?.users.some((user) => matches(command, user, true)) === true,
  );
  return items.findLastIndex(({ start, end }) => uses.some((use) => start <= use.start && use.start < end));
}

function isTool({ name }: Command, manager: CachingTool): boolean {
  return name !== undefined && cachePrograms(manager).includes(name);
}

/**
 * Returns true if a command may remove the manager: `npm uninstall -g npm`. A system manager stays when it removes
 * other packages.
 */
function mayLose(command: Command, { system }: CachingTool): boolean {
  return system !== true && removesPackages(command);
}

/** Returns the last command of the manager other than a query, if only the layers show that the cache was filled. */
function toolOf({ step, manager }: UncleanedCache): Command | undefined {
  return step.script.commands.findLast((command) => isTool(command, manager));
}

/** Returns the prefix with which the cleaning command finds the same cache; undefined if there is none. */
function asUser(
  { step, manager, index, view }: UncleanedCache,
  command: Command,
): { prefix: string; condition: string | undefined } | undefined {
  const { through, word } = command;
  const wrapped = through.some((each) => userChangers.has(each));
  if (manager.system === true) {
    const user = step.scope.user;
    if (user === undefined ? !wrapped : isRoot(user)) return { prefix: "", condition: undefined };
    const who = user === undefined ? "the base image's user" : `the RUN's user is ${user}, who`;
    const sudo = through.find((each) => each === "sudo" || each === "doas");
    return {
      prefix: sudo === undefined ? "" : `${sudo} `,
      condition: `${who} may not be allowed to remove files of root`,
    };
  }
  const names = ["HOME", ...(itemAt(manager.caches, index).variables ?? []).map(({ name }) => name)];
  const moved = command.assignments.some(({ name }) => name === "PATH" || names.includes(name));
  if (
    !wrapped &&
    !moved &&
    through.every((each) => each === "env" || plainWrappers.has(each) || isShell(each))
  )
    return { prefix: "", condition: homeAfter(step, command, names) ?? whyAnotherShell(step, command, view) };
  if (
    word === undefined ||
    through.includes("su") ||
    !through.every((each) => each === "env" || userChangers.has(each) || plainWrappers.has(each))
  )
    return undefined;
  const prefix = view.file.text.slice(command.start, word.start);
  if (/[\r\n#'"]/.test(prefix)) return undefined;
  return { prefix, condition: `${command.name} runs as another user, or with another HOME, than the RUN` };
}

/**
 * Returns why the command ran in another shell, whose settings do not persist: `bash -lc "nvm use 22 && npm ci"`, `(.
 * /x/env; npm ci)`.
 */
function whyAnotherShell(
  { script }: RunStep,
  command: Command,
  { file }: DockerfileView,
): string | undefined {
  const item = script.list?.items.find(({ start, end }) => start <= command.start && command.start < end);
  const { start } = item ?? command;
  const before = file.text.slice(start, command.start);
  const isInner = command.through.some((each) => isShell(each)) || before.includes("(");
  if (!isInner) return undefined;
  const changes = script.commands.some(
    (each) =>
      each.start >= start &&
      each.start < command.start &&
      (each.name === undefined || /^(?:\.|source|export|eval|set|unset|declare)$/.test(each.name)),
  );
  if (!changes && !/\s-[a-z]*[li]/.test(before)) return undefined;
  return `${command.name} runs in a shell of its own, which may have another PATH or HOME`;
}

/**
 * Returns why the cleaner looks elsewhere: the script moves the cache or the home after the command (`export
 * HOME=/x`).
 */
function homeAfter({ script }: RunStep, command: Command, names: readonly string[]): string | undefined {
  const moved = script.commands.some(
    (each) =>
      each.start > command.start &&
      /^(?:export|declare|typeset)$/.test(each.name ?? "") &&
      each.args.some(({ text }) => names.some((name) => text.startsWith(`${name}=`))),
  );
  return moved ? "the RUN moves the cache or the home after it was filled" : undefined;
}

function whyNotTogether(commands: readonly Command[], { together = [] }: Remedy): string | undefined {
  const missing = together.find((pattern) => !commands.some((command) => matches(command, pattern)));
  return missing && `the RUN has no ${missing.names[0]} ${missing.verbs?.[0] ?? ""}`;
}

function whySeveralTools({ commands }: UncleanedCache, remedy: Remedy): string | undefined {
  if (remedy.append?.includes("{tool}") !== true) return undefined;
  const names = new Set(commands.map(({ name }) => name));
  return names.size < 2
    ? undefined
    : `the RUN uses ${[...names].join(" and ")}: each cleans only its own cache`;
}
