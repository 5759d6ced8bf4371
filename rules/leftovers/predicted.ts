/** Caches that the Dockerfile alone shows: a command that certainly fills one, and nothing that empties it. */
import type { Command, Finding, Step, Subject } from "../../src/engine/contract.ts";
import {
  packageManagers,
  type CacheFiller,
  type CacheFolder,
  type PackageManager,
} from "../knowledge/package-managers.ts";
import { layersSpeakFor } from "../steps/witness.ts";
import { mayClean, runsUnknown } from "./cleaning.ts";

export function* predictedLeftovers(subject: Subject): Iterable<Finding> {
  const { dockerfile, image, linked } = subject;
  if (dockerfile === undefined || (image !== undefined && !linked)) return;
  for (const [at, step] of dockerfile.steps.entries()) {
    if (step.instruction.keyword !== "RUN" || layersSpeakFor(subject, step.instruction)) continue;
    const later = dockerfile.steps.slice(at + 1);
    for (const manager of packageManagers) yield* leftBy(step, later, manager);
  }
}

function* leftBy(step: Step, later: readonly Step[], manager: PackageManager): Iterable<Finding> {
  const { script, instruction } = step;
  if (script === undefined || script.shell === "other" || !script.complete) return;
  for (const [index, cache] of manager.caches.entries()) {
    const fills = (command: Command) =>
      manager.fillers.some((filler) => filler.fills.includes(index) && isFilling(command, filler, step));
    const last = script.commands.findLastIndex(fills);
    const command = script.commands[last];
    if (command === undefined || !command.certain || isMounted(step, cache)) continue;
    const after = script.commands.slice(last + 1);
    if (after.some((each) => runsUnknown(each) || mayClean(each, manager, cache))) continue;
    // a later RUN that cleans is another smell: its files are not in the image any more, only their bytes
    if (later.some((each) => cleansLater(each, manager, cache))) continue;
    yield {
      message: `line ${instruction.line} leaves ${cache.what} in the image (${cache.folder})`,
      advice: manager.advice,
      evidence: "dockerfile",
      places: [{ instruction, range: command }],
    };
  }
}

/** The command is one that fills the cache, and neither a flag nor a variable keeps it from doing so. */
function isFilling(command: Command, filler: CacheFiller, { scope }: Step): boolean {
  if (command.name === undefined || !isNamed(command.name, filler.names)) return false;
  let args = command.args;
  if (filler.module !== undefined) {
    const at = args.findIndex(({ value }) => value === "-m");
    if (at < 0 || args[at + 1]?.value !== filler.module) return false;
    args = args.slice(at + 2);
  }
  const operands = args.filter(({ value }) => value?.startsWith("-") !== true);
  const verb = operands[0]?.value;
  if (verb === undefined || !filler.verbs.includes(verb)) return false;
  // `pip install $OPTIONS`: what an unknown word holds is not known
  if (args.some(({ value, text }) => value === undefined && /OPT|FLAG|ARGS/i.test(text))) return false;
  if (args.some(({ value }) => value === "--help" || value === "--version" || value === "--dry-run"))
    return false;
  if (
    args.some(({ value }) =>
      filler.avoidedByFlags.some((flag) => value === flag || value?.startsWith(`${flag}=`) === true),
    )
  )
    return false;
  return !filler.avoidedByVariables.some((name) => isSet(name, command, scope));
}

/** `pip3.12` is `pip3`. */
function isNamed(name: string, names: readonly string[]): boolean {
  return names.includes(name) || names.includes(name.replace(/(\d)?\.\d+$/, "$1"));
}

/** Set on the command, by ENV or ARG; a value that is not known may be anything. */
function isSet(name: string, command: Command, scope: Step["scope"]): boolean {
  const own = command.assignments.findLast((assignment) => assignment.name === name);
  const has = own !== undefined || scope.env.has(name) || scope.args.has(name);
  if (!has) return false;
  const value = own === undefined ? (scope.env.get(name) ?? scope.args.get(name)) : own.value;
  return value === undefined || !/^(?:0|false|no|off|)$/i.test(value);
}

/** A mount lies over the cache: what is written there does not end in the layer. */
function isMounted({ mounts }: Step, { folder }: CacheFolder): boolean {
  return mounts.some(({ type, target }) => {
    if (type === "secret" || type === "ssh") return false;
    if (target === undefined) return true;
    const below = folder.startsWith("~/") ? folder.slice(1) : folder;
    if (folder.startsWith("~/"))
      return target.endsWith(below) || isHomeAbove(target, below) || /cache/i.test(target);
    return (
      target === folder ||
      folder.startsWith(`${target}/`) ||
      target.startsWith(`${folder}/`) ||
      target === "/"
    );
  });
}

/** `/root`, `/root/.cache` for `/.cache/pip`. */
function isHomeAbove(target: string, below: string): boolean {
  const parts = below.split("/");
  for (let n = parts.length - 1; n > 1; n--) if (target.endsWith(parts.slice(0, n).join("/"))) return true;
  return /^\/root$|^\/home(?:\/[^/]+)?$/.test(target);
}

function cleansLater(step: Step, manager: PackageManager, cache: CacheFolder): boolean {
  return step.script?.commands.some((command) => mayClean(command, manager, cache)) === true;
}
