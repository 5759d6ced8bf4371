/** Finds commands that may read a cache after the RUN that fills it: known commands, and unknown scripts. */
import { itemAt } from "../../must.ts";
import { stepsAfter } from "../../build/steps-after.ts";
import type { DockerfileView, Step } from "../../build/build.ts";
import type { Command, Script } from "../../shell/script.ts";
import { isShell } from "../../shell/shells.ts";
import { isNamed } from "../../knowledge/tool.ts";
import type { CommandPattern, Remedy, WordPattern } from "../../knowledge/tool-caches.ts";
import { isKnownCommand } from "../../knowledge/toolbox.ts";

export type LaterReader = Reader & {
  readonly step: Step;
  /** True for an ONBUILD, which runs in the builds of other images. */
  readonly onbuild: boolean;
};

/** A command that reads the cache, or a script or program that may do anything. */
type Reader =
  | { readonly known: true; readonly command: Command }
  /** The command is undefined if the script of the step is not understood. */
  | { readonly known: false; readonly command: Command | undefined };

/**
 * Returns for every later step the first command that reads the files which the remedy removes, without an update
 * before it.
 */
export function readersAfter(
  step: Step,
  view: DockerfileView,
  wanted: NonNullable<Remedy["wantedBy"]>,
): LaterReader[] {
  const needs: LaterReader[] = [];
  const own = itemAt(view.stages, step.stage.index).steps;
  const later = stepsAfter(step, view);
  // an ONBUILD runs in a later build, wherever it is written
  for (const each of [...own.slice(0, own.indexOf(step)), ...later]) {
    const isLater = later.includes(each);
    const script = isLater ? (each.script ?? each.triggered) : each.triggered;
    if (startsWith(each, view, wanted.users)) {
      needs.push({ command: undefined, known: false, step: each, onbuild: false });
      continue;
    }
    if (script === undefined) continue;
    const onbuild = each.keyword === "ONBUILD";
    const need = firstReader(script, wanted, view.file.text);
    if (need !== undefined) needs.push({ ...need, step: each, onbuild });
  }
  return needs;
}

const AT_START = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK"]);

/** Returns true if the command of the container reads the cache: `CMD apt-get install -y x && …`. */
export function startsWith(
  { instruction }: Step,
  { file }: DockerfileView,
  users: readonly CommandPattern[],
): boolean {
  if (!AT_START.has(instruction.keyword)) return false;
  const words = file.text.slice(instruction.start, instruction.end).split(/[^\w.-]+/);
  return users.some(
    ({ names, verbs }) =>
      words.some((word) => names.includes(word)) &&
      (verbs === undefined || verbs.some((verb) => words.includes(verb))),
  );
}

/** Returns the first command of a script that reads the cache without an update in the script before it. */
export function firstReader(
  { commands, complete, shell }: Pick<Script, "commands" | "complete" | "shell">,
  { users, updates }: NonNullable<Remedy["wantedBy"]>,
  text: string,
): Reader | undefined {
  if (shell === "other" || !complete) return { command: undefined, known: false };
  const own: Command[] = [];
  for (const command of commands) {
    if (matches(command, updates)) {
      if (command.certain) return undefined;
      own.push(command);
    } else if (own.some((update) => precedes(update, command, text))) continue;
    else if (users.some((user) => matches(command, user, true))) return { command, known: true };
    else if (isScript(command)) return { command, known: false };
  }
  return undefined;
}

/**
 * Returns true if the update has always run before the command: `if …; then apt-get update; apt-get install -y x;
 * fi`. Requires that no branch, loop or group ends between the two.
 */
function precedes(update: Command, { start }: Command, text: string): boolean {
  const between = text.slice(update.end, start);
  if (/\b(?:fi|else|elif|esac|done)\b|;;|[)}#]|\|\||(?<!&)&(?!&)/.test(between)) return false;
  // joined by `&&`, so the command runs only after a success
  if (!/[;\n]/.test(between.replace(/[\\`][ \t]*\r?\n/g, " "))) return true;
  const before = text.slice(0, update.start).replace(/(?:[ \t]|[\\`][ \t]*\r?\n)+$/, "");
  // after a comment or an empty line, the start of the list is further up
  if (/(?:^|\n)[ \t]*(?:#[^\n]*)?\r?\n$/.test(before)) return false;
  return /(?:\b(?:then|do|else|if|elif|while|until)|[;{(\n])$/.test(before);
}

/**
 * Returns true if a later RUN of the stage, or of a stage FROM it, would fail without the files that the remedy
 * removes.
 */
export function isReadLater(
  step: Step,
  view: DockerfileView,
  { users, until }: NonNullable<Remedy["neededBy"]>,
): boolean {
  for (const { script, triggered } of stepsAfter(step, view)) {
    for (const command of (script ?? triggered)?.commands ?? []) {
      if (command.certain && until !== undefined && hasWord(command, until)) return false;
      if (users.some((user) => hasWord(command, user))) return true;
    }
  }
  return false;
}

function hasWord({ name, args }: Command, { names, word }: WordPattern): boolean {
  if (name === undefined || !isNamed(name, names)) return false;
  return word === undefined || args.some(({ value }) => value === undefined || word.test(value));
}

/**
 * Returns true if a command matches. Any word may be the verb, since options may take words before it; with `may`, an
 * unknown word matches too.
 */
export function matches({ name, args }: Command, { names, verbs }: CommandPattern, may = false): boolean {
  if (name === undefined || !isNamed(name, names)) return false;
  return verbs === undefined || args.some(({ value }) => (value === undefined ? may : verbs.includes(value)));
}

/**
 * Returns true for a command that may run anything: a word with a slash, a shell with a script file, an unknown name
 * (docs/spec/dockerfile.md, "Scripts").
 */
export function isScript({ name, word, args, redirects }: Command): boolean {
  if (word === undefined) return false;
  if (name === undefined) return true;
  if (isShell(name)) {
    // a script in a heredoc is parsed; one from a pipe is not
    const isHere = redirects.some(({ operator }) => operator.includes("<<"));
    return !isHere || args.some(({ value }) => value === undefined || !/^[-+]/.test(value));
  }
  // `env` alone prints the environment
  if (name === "env") return args.length > 0;
  if (!isKnownCommand(name)) return true;
  const path = word.value ?? word.text;
  return path.includes("/") && !/^(?:\/usr(?:\/local)?)?\/s?bin\/[^/]+$/.test(path);
}
