/** Decides whether a command certainly fills a cache, and where that cache is. */
import type { Step } from "../../build/build.ts";
import { tildeTarget } from "../../build/mounts.ts";
import type { CacheWriter } from "../../knowledge/tool-caches.ts";
import { isNamed, type CachingTool, type Tool } from "../../knowledge/tool.ts";
import { toolsFilledBy } from "../../knowledge/toolbox.ts";
import type { Command, Script, ShellWord } from "../../shell/script.ts";
import { hasOption, toolLine, type CommandLine } from "../steps/option-words.ts";
import { isOn, isSet } from "./tool-settings.ts";

/** The verb of a command, and the words around it. */
export interface Verb {
  /** The last word of the verb: `install` of `pip install` and of `uv pip install`. */
  readonly word: ShellWord;
  /** All words after the name, or after `-m module`. */
  readonly args: readonly ShellWord[];
  /** The words that are not options, from the verb's first word on. */
  readonly operands: readonly ShellWord[];
  readonly line: CommandLine;
}

/** Returns the caching tools whose programs a script executes; they are few, so callers check only these. */
export function toolsRunBy(script: Script | undefined): ReadonlySet<CachingTool> {
  return new Set((script?.commands ?? []).flatMap(({ name }) => toolsFilledBy(name ?? "")));
}

/** Returns the verb by which a command fills a cache of the tool; undefined for other commands. */
export function verbOf(command: Command, tool: CachingTool): Verb | undefined {
  for (const writer of tool.writers) {
    const verb = verbFor(command, writer, tool);
    if (verb !== undefined) return verb;
  }
  return undefined;
}

function verbFor(command: Command, writer: CacheWriter, tool: Tool): Verb | undefined {
  if (command.name === undefined || !isNamed(command.name, writer.names ?? tool.names)) return undefined;
  let args = command.args;
  if (writer.module !== undefined) {
    const at = args.findIndex(({ value }) => value === "-m");
    if (at < 0 || args[at + 1]?.value !== writer.module) return undefined;
    args = args.slice(at + 2);
  }
  const line = toolLine(args, tool, writer.module ?? command.name);
  const { operands, sure } = line;
  const { operation } = writer;
  if (operation !== undefined) {
    const word = args.find(({ value }) => value !== undefined && operation.test(value));
    return word && { word, args, operands: [word, ...operands], line };
  }
  // a word after an unknown option may be its value
  if (sure < 1) return undefined;
  const [first, second] = operands;
  if (first === undefined && writer.verbs.includes("") && command.word !== undefined)
    return { word: command.word, args, operands, line };
  if (first?.value === undefined) return undefined;
  if (writer.verbs.includes(first.value)) return { word: first, args, operands, line };
  if (sure > 1 && second?.value !== undefined && writer.verbs.includes(`${first.value} ${second.value}`))
    return { word: second, args, operands, line };
  return undefined;
}

/** Returns true if the command fills a cache of the tool, or the one at `index`. */
export function fillsCache(command: Command, tool: CachingTool, step: Step, index?: number): boolean {
  return tool.writers.some(
    (writer) =>
      (index === undefined || writer.fills.includes(index)) && writesCache(command, writer, tool, step),
  );
}

/** Returns true if the command fills the cache in every image, whatever the base image holds. */
export function alwaysFillsCache(command: Command, tool: CachingTool, step: Step, index: number): boolean {
  return tool.writers.some(
    (writer) =>
      writer.fills.includes(index) &&
      writesAlways(command, writer, tool) &&
      writesCache(command, writer, tool, step),
  );
}

/** Returns true if the command fills the cache and neither a flag nor a variable prevents it. */
function writesCache(command: Command, writer: CacheWriter, tool: Tool, step: Step): boolean {
  const verb = verbFor(command, writer, tool);
  if (verb === undefined) return false;
  const { args, operands, line } = verb;
  // `pip install $OPTIONS`: an unknown word may hold any option
  if (args.some(({ value, text }) => value === undefined && /OPT|FLAG|ARGS/i.test(text))) return false;
  const wanted = operands.slice(1).map(({ value }) => value);
  if (wanted.length > 0 && wanted.every((each) => each !== undefined && writer.atHand?.test(each) === true))
    return false;
  const { wants, requires } = writer;
  if (wants !== undefined && !wanted.some((each) => each !== undefined && wants.test(each))) return false;
  const has = (flag: string) => hasOption(line, flag);
  if (requires !== undefined && !requires.some(has)) return false;
  const flags = [...(writer.avoidedByFlags ?? []), ...(writer.elsewhereByFlags ?? []), "--help", "--version"];
  if (flags.some(has)) return false;
  if (writer.avoidedByAnyValueOf?.some((name) => isSet(name, command, step)) === true) return false;
  return writer.avoidedByVariables?.some((name) => isOn(name, command, step)) !== true;
}

function writesAlways(command: Command, writer: CacheWriter, tool: Tool): boolean {
  const { alwaysWith } = writer;
  if (alwaysWith === undefined) return true;
  const verb = verbFor(command, writer, tool);
  return (
    verb !== undefined &&
    (alwaysWith.verbs.includes(verb.word.value ?? "") ||
      alwaysWith.options.some((option) => hasOption(verb.line, option)))
  );
}

/** Returns true if a mount covers the cache, so that files written there are not in the layer. */
export function isMounted({ mounts }: Step, folder: string): boolean {
  return mounts.some((mount) => {
    const { type, target } = mount;
    // no shell expands the target: this is a folder named `~` in the working folder
    if (tildeTarget(mount) !== undefined) return false;
    if (type === "secret" || type === "ssh") return false;
    if (target === undefined || target === "/") return true;
    if (folder.startsWith("~/")) {
      const below = folder.slice(1);
      return target.endsWith(below) || isHomeAbove(target, below) || /cache/i.test(target);
    }
    return target === folder || folder.startsWith(`${target}/`) || target.startsWith(`${folder}/`);
  });
}

/** Returns true for a home or a folder on the way to `below`: `/root`, `/root/.cache` for `/.cache/pip`. */
function isHomeAbove(target: string, below: string): boolean {
  const parts = below.split("/");
  for (let n = parts.length - 1; n > 1; n--) if (target.endsWith(parts.slice(0, n).join("/"))) return true;
  return /^\/root$|^\/home(?:\/[^/]+)?$/.test(target);
}
