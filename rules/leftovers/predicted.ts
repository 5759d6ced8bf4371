/** Caches that the Dockerfile alone shows: a command that certainly fills one, and nothing that empties it. */
import type { Command, Finding, Step, Subject } from "../../src/engine/contract.ts";
import {
  packageManagers,
  type CacheFiller,
  type CacheFolder,
  type PackageManager,
} from "../knowledge/package-managers.ts";
import { layersSpeakFor } from "../steps/witness.ts";
import { isNamed, mayClean, runsUnknown } from "./cleaning.ts";
import { foldersOf, isOn, isSet } from "./settings.ts";

/**
 * `shown` names the kinds that layers of uncertain origin hold: a suspicion that one of them may confirm is not said a
 * second time.
 */
export function* predictedLeftovers(subject: Subject, shown: ReadonlySet<string>): Iterable<Finding> {
  const { dockerfile, image, linked } = subject;
  if (dockerfile === undefined || (image !== undefined && !linked)) return;
  const { steps, file } = dockerfile;
  for (const [at, step] of steps.entries()) {
    if (step.instruction.keyword !== "RUN" || layersSpeakFor(subject, step.instruction)) continue;
    for (const manager of packageManagers) {
      if (isConfigured(steps.slice(0, at + 1), manager)) continue;
      yield* leftBy(step, steps.slice(at + 1), manager, file.text, shown);
    }
  }
}

function* leftBy(
  step: Step,
  later: readonly Step[],
  manager: PackageManager,
  text: string,
  shown: ReadonlySet<string>,
): Iterable<Finding> {
  const { script, instruction } = step;
  if (script === undefined || script.shell === "other" || !script.complete) return;
  // what a trap does comes last, wherever it stands
  if (script.commands.some(({ name }) => name === "trap")) return;
  for (const [index, cache] of manager.caches.entries()) {
    if (shown.has(cache.what)) continue;
    const fills = (command: Command) =>
      manager.fillers.some((filler) => filler.fills.includes(index) && isFilling(command, filler, step));
    const last = script.commands.findLastIndex(fills);
    const command = script.commands[last];
    if (command === undefined || !command.certain) continue;
    const folders = foldersOf(cache, command, step);
    if (folders === undefined || folders.some((folder) => isMounted(step, folder))) continue;
    const after = script.commands.slice(last + 1);
    if (after.some((each) => runsUnknown(each, text) || mayClean(each, manager, cache, folders))) continue;
    // a later RUN that cleans is another smell: its files are not in the image any more, only their bytes
    if (later.some((each) => cleansLater(each, manager, cache, folders))) continue;
    yield {
      message: `line ${instruction.line} leaves ${cache.what} in the image (${folders[0]})`,
      advice: manager.advice,
      evidence: "dockerfile",
      ...(cache.maybeWanted === true ? { severity: "info" } : {}),
      places: [{ instruction, range: { start: command.start, end: command.end } }],
    };
  }
}

/** `pip config set global.no-cache-dir true`, `npm config set cache /x`: where the cache is then, only the layers tell. */
function isConfigured(steps: readonly Step[], { fillers }: PackageManager): boolean {
  const names = new Set(fillers.flatMap((filler) => filler.names));
  return steps.some((step) =>
    step.script?.commands.some(
      ({ name, args }) =>
        name !== undefined &&
        isNamed(name, [...names]) &&
        args.some(({ value }) => value === "config") &&
        args.some(({ value, text }) => /cache/i.test(value ?? text)),
    ),
  );
}

/** The command is one that fills the cache, and neither a flag nor a variable keeps it from doing so. */
function isFilling(command: Command, filler: CacheFiller, step: Step): boolean {
  if (command.name === undefined || !isNamed(command.name, filler.names)) return false;
  let args = command.args;
  if (filler.module !== undefined) {
    const at = args.findIndex(({ value }) => value === "-m");
    if (at < 0 || args[at + 1]?.value !== filler.module) return false;
    args = args.slice(at + 2);
  }
  const operands = args.filter(({ value }) => value?.startsWith("-") !== true).map(({ value }) => value);
  const [verb, next] = operands;
  if (verb === undefined || !filler.verbs.some((each) => each === verb || each === `${verb} ${next}`))
    return false;
  // `pip install $OPTIONS`: what an unknown word holds is not known
  if (args.some(({ value, text }) => value === undefined && /OPT|FLAG|ARGS/i.test(text))) return false;
  const wanted = operands.slice(1);
  if (wanted.length > 0 && wanted.every((each) => each !== undefined && filler.atHand?.test(each) === true))
    return false;
  const flags = [...filler.avoidedByFlags, ...(filler.elsewhereByFlags ?? []), "--help", "--version"];
  if (
    args.some(({ value }) => flags.some((flag) => value === flag || value?.startsWith(`${flag}=`) === true))
  )
    return false;
  if (filler.avoidedByAnyValueOf?.some((name) => isSet(name, command, step)) === true) return false;
  return !filler.avoidedByVariables.some((name) => isOn(name, command, step));
}

/** A mount lies over the cache: what is written there does not end in the layer. */
function isMounted({ mounts }: Step, folder: string): boolean {
  return mounts.some(({ type, target }) => {
    if (type === "secret" || type === "ssh") return false;
    if (target === undefined || target === "/") return true;
    if (folder.startsWith("~/")) {
      const below = folder.slice(1);
      return target.endsWith(below) || isHomeAbove(target, below) || /cache/i.test(target);
    }
    return target === folder || folder.startsWith(`${target}/`) || target.startsWith(`${folder}/`);
  });
}

/** `/root`, `/root/.cache` for `/.cache/pip`. */
function isHomeAbove(target: string, below: string): boolean {
  const parts = below.split("/");
  for (let n = parts.length - 1; n > 1; n--) if (target.endsWith(parts.slice(0, n).join("/"))) return true;
  return /^\/root$|^\/home(?:\/[^/]+)?$/.test(target);
}

function cleansLater(
  { script }: Step,
  manager: PackageManager,
  cache: CacheFolder,
  folders: readonly string[],
): boolean {
  return script?.commands.some((command) => mayClean(command, manager, cache, folders)) === true;
}
