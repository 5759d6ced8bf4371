/** Predicts leftover caches from the Dockerfile alone: a command certainly fills one, and no command empties it. */
import { mayClean, runsUnknown } from "../../analysis/caches/cache-cleaning.ts";
import { fillsCache, isMounted, toolsRunBy } from "../../analysis/caches/cache-writers.ts";
import { foldersOf } from "../../analysis/caches/tool-settings.ts";
import { isForDevelopment } from "../../analysis/for-development.ts";
import { isProvenByLayers } from "../../analysis/layer-evidence.ts";
import type { BuildSubject } from "../../analysis/subject.ts";
import type { DockerfileView, Step } from "../../build/build.ts";
import { tildeTarget } from "../../build/mounts.ts";
import { fixesOf } from "../../edits/caches/cache-fixes.ts";
import type { CacheFolder } from "../../knowledge/tool-caches.ts";
import { isNamed, type CachingTool } from "../../knowledge/tool.ts";
import { cachingTools, writerPrograms } from "../../knowledge/toolbox.ts";
import type { Command } from "../../shell/script.ts";
import type { Finding } from "../contract.ts";
import { cacheAdvice } from "./cache-advice.ts";

/**
 * Yields predicted leftovers. `shown` has the kinds found in layers of uncertain origin, which are not reported a
 * second time.
 */
export function* predictedLeftovers(subject: BuildSubject, shown: ReadonlySet<string>): Iterable<Finding> {
  const { dockerfile } = subject;
  const handling = new CacheHandling(dockerfile.steps);
  for (const [at, step] of dockerfile.steps.entries()) {
    if (step.instruction.keyword !== "RUN" || isProvenByLayers(subject, step.instruction)) continue;
    const run = toolsRunBy(step.script);
    for (const manager of cachingTools) {
      if (!run.has(manager) || handling.isConfigured(at, manager)) continue;
      yield* leftBy(step, at, manager, dockerfile, shown, handling);
    }
  }
}

function* leftBy(
  step: Step,
  at: number,
  manager: CachingTool,
  view: DockerfileView,
  shown: ReadonlySet<string>,
  handling: CacheHandling,
): Iterable<Finding> {
  const { script, instruction } = step;
  if (script === undefined || script.shell === "other" || !script.complete) return;
  // a trap runs last, wherever it is written
  if (script.commands.some(({ name }) => name === "trap")) return;
  for (const [index, cache] of manager.caches.entries()) {
    if (shown.has(cache.what)) continue;
    const fills = (command: Command) => fillsCache(command, manager, step, index);
    const last = script.commands.findLastIndex(fills);
    const command = script.commands[last];
    if (command === undefined || !command.certain) continue;
    const folders = foldersOf(cache, command, step);
    if (folders === undefined || folders.some((folder) => isMounted(step, folder))) continue;
    const after = script.commands.slice(last + 1);
    if (after.some((each) => runsUnknown(each, view.file.text) || mayClean(each, manager, cache, folders)))
      continue;
    // a later RUN that cleans is another smell: the files are no longer visible, but their bytes remain
    if (handling.isCleanedAfter(at, manager, cache, folders)) continue;
    yield {
      message: `line ${instruction.line} leaves ${cache.what} in the image (${placesOf(cache, command, folders)})${whyUnmounted(step)}`,
      advice: cacheAdvice(manager, command, step),
      evidence: "dockerfile",
      ...(cache.maybeWanted === true || isForDevelopment(view) ? { severity: "info" } : {}),
      locations: [{ instruction, range: { start: command.start, end: command.end } }],
      fixes: [...fixesOf({ view, step, manager, index, commands: script.commands.filter(fills) })],
    };
  }
}

/** Names the folder, or all where versions of a program (`yum` is dnf today) or base images have different ones. */
function placesOf(
  { folder, alsoAt = [], byProgram = {}, mounts = [folder] }: CacheFolder,
  { name = "" }: Command,
  folders: readonly [string, ...string[]],
): string {
  const own = byProgram[name];
  if (own !== undefined) return own.join(" or ");
  if (mounts.length === 0) return folders.join(" or ");
  // the folders that advice and fix mount, unless a variable moves the cache
  const isUsual = folders[0] === folder && mounts.every((each) => each === folder || alsoAt.includes(each));
  return isUsual && mounts.length > 1 ? mounts.join(" or ") : folders[0];
}

/** Says that a mount is somewhere else than its author meant. */
function whyUnmounted({ mounts }: Step): string {
  const target = mounts.map(tildeTarget).find((each) => each !== undefined);
  return target === undefined ? "" : `: no builder expands the ~ of --mount=target=${target}`;
}

/** What the steps do with caches. Every answer is remembered, because each RUN asks for the same caches. */
class CacheHandling {
  readonly #steps: readonly Step[];
  /** Index of the first step that configures the cache; -1 for none. */
  readonly #configured = new Map<CachingTool, number>();
  /** Index of the last step that may clean the cache, by its folders; -1 for none. */
  readonly #cleaned = new Map<CacheFolder, Map<string, number>>();

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
  }

  /**
   * Returns true if a command up to a step configures the cache: after `pip config set global.no-cache-dir true` or
   * `npm config set cache /x`, only the layers show where the cache is.
   */
  isConfigured(at: number, manager: CachingTool): boolean {
    let first = this.#configured.get(manager);
    if (first === undefined) {
      const programs = writerPrograms(manager);
      first = this.#steps.findIndex((step) => configuring(step).some((name) => isNamed(name, programs)));
      this.#configured.set(manager, first);
    }
    return first >= 0 && first <= at;
  }

  /** Returns true if a command after a step may clean the cache. */
  isCleanedAfter(at: number, manager: CachingTool, cache: CacheFolder, folders: readonly string[]): boolean {
    const byFolders = this.#cleaned.get(cache) ?? new Map<string, number>();
    this.#cleaned.set(cache, byFolders);
    const key = folders.join("\0");
    let last = byFolders.get(key);
    if (last === undefined) {
      last = this.#steps.findLastIndex(
        ({ script }) => script?.commands.some((each) => mayClean(each, manager, cache, folders)) === true,
      );
      byFolders.set(key, last);
    }
    return last > at;
  }
}

/** Returns the commands of a step that configure a cache; cached, because every manager needs them. */
function configuring(step: Step): readonly string[] {
  let names = configured.get(step);
  if (names === undefined) {
    names = (step.script?.commands ?? []).flatMap(({ name, args }) =>
      name !== undefined &&
      args.some(({ value }) => value === "config") &&
      args.some(({ value, text }) => /cache/i.test(value ?? text))
        ? [name]
        : [],
    );
    configured.set(step, names);
  }
  return names;
}

const configured = new WeakMap<Step, readonly string[]>();
