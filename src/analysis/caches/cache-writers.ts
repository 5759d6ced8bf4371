/** Whether a command fills a cache for sure, and where that cache is when it does. */
import type { Step } from "../../build/build.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import type { CacheWriter } from "../../knowledge/package-managers.ts";
import { isNamed } from "./cache-cleaning.ts";
import { isOn, isSet } from "./tool-settings.ts";

/** The words of a command that a filler is about. */
export interface Verb {
  /** Its last word: `install` of `pip install` and of `uv pip install`. */
  readonly word: ShellWord;
  /** All words behind the name, or behind `-m module`. */
  readonly args: readonly ShellWord[];
  /** Those that are no options, from the verb's first word on. */
  readonly operands: readonly ShellWord[];
}

/** Undefined where the command is another one. */
export function verbOf(
  command: Command,
  filler: Pick<CacheWriter, "names" | "verbs" | "module" | "operation">,
): Verb | undefined {
  if (command.name === undefined || !isNamed(command.name, filler.names)) return undefined;
  let args = command.args;
  if (filler.module !== undefined) {
    const at = args.findIndex(({ value }) => value === "-m");
    if (at < 0 || args[at + 1]?.value !== filler.module) return undefined;
    args = args.slice(at + 2);
  }
  const operands = args.filter(({ value }) => value?.startsWith("-") !== true);
  const { operation } = filler;
  if (operation !== undefined) {
    const word = args.find(({ value }) => value !== undefined && operation.test(value));
    return word && { word, args, operands: [word, ...operands] };
  }
  const [first, second] = operands;
  if (first === undefined && filler.verbs.includes("") && command.word !== undefined)
    return { word: command.word, args, operands };
  if (first?.value === undefined) return undefined;
  if (filler.verbs.includes(first.value)) return { word: first, args, operands };
  if (second?.value !== undefined && filler.verbs.includes(`${first.value} ${second.value}`))
    return { word: second, args, operands };
  return undefined;
}

/** The command is one that fills the cache, and neither a flag nor a variable keeps it from doing so. */
export function writesCache(command: Command, filler: CacheWriter, step: Step): boolean {
  const verb = verbOf(command, filler);
  if (verb === undefined) return false;
  const { args, operands } = verb;
  // `pip install $OPTIONS`: what an unknown word holds is not known
  if (args.some(({ value, text }) => value === undefined && /OPT|FLAG|ARGS/i.test(text))) return false;
  const wanted = operands.slice(1).map(({ value }) => value);
  if (wanted.length > 0 && wanted.every((each) => each !== undefined && filler.atHand?.test(each) === true))
    return false;
  const { wants, requires } = filler;
  if (wants !== undefined && !wanted.some((each) => each !== undefined && wants.test(each))) return false;
  const has = (flag: string) =>
    args.some(({ value }) => value === flag || value?.startsWith(`${flag}=`) === true);
  if (requires !== undefined && !requires.some(has)) return false;
  const flags = [...filler.avoidedByFlags, ...(filler.elsewhereByFlags ?? []), "--help", "--version"];
  if (flags.some(has)) return false;
  if (filler.avoidedByAnyValueOf?.some((name) => isSet(name, command, step)) === true) return false;
  return !filler.avoidedByVariables.some((name) => isOn(name, command, step));
}

/** A mount lies over the cache: what is written there does not end in the layer. */
export function isMounted({ mounts }: Step, folder: string): boolean {
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
