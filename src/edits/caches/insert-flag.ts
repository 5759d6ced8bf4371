/** Fixes a leftover cache by a flag for every command that fills it. */
import { itemAt } from "../../must.ts";
import { stepsAfter } from "../../build/steps-after.ts";
import type { DockerfileView, RunStep, Step } from "../../build/build.ts";
import type { TextEdit } from "../../dockerfile/dockerfile.ts";
import type { Command } from "../../shell/script.ts";
import { cutCommands, cutWords, itemOf } from "../cut.ts";
import { isEditable } from "../editability.ts";
import { mergeEdits } from "../merge-edits.ts";
import { addWord, isLiteralAt } from "../add-word.ts";
import type { CachingTool } from "../../knowledge/tool.ts";
import type { Remedy } from "../../knowledge/tool-caches.ts";
import { bestPlace } from "./append-cleanup.ts";
import { whyMounted, whyRead } from "./cache-conditions.ts";
import { fillsCache, verbOf } from "../../analysis/caches/cache-writers.ts";
import { isScript, matches, startsWith } from "../../analysis/caches/later-readers.ts";
import type { UncleanedCache, CandidateFix } from "./uncleaned-cache.ts";

export function inserted(waste: UncleanedCache, remedy: Remedy): CandidateFix | undefined {
  const { commands } = waste;
  const { insert } = remedy;
  if (insert === undefined || commands.length === 0) return undefined;
  if (remedy.drops !== undefined) return withDrops(waste, remedy, { ...remedy.drops, insert });
  const edits = flags(commands, waste, insert);
  if (edits === undefined) return undefined;
  return {
    description: describe(commands, insert),
    edits,
    condition: remedy.unsafe ?? whyRead(waste, remedy) ?? whyMounted(waste),
  };
}

function describe(commands: readonly Command[], insert: string): string {
  return `add ${insert} to ${itemAt(commands, 0).name}${commands.length > 1 ? ", every time" : ""}`;
}

/** Adds the flag after the verb of each command. */
function flags(
  commands: readonly Command[],
  { manager, view }: Pick<UncleanedCache, "manager" | "view">,
  insert: string,
): TextEdit[] | undefined {
  const edits = commands.map((command) => {
    const verb = verbOf(command, manager);
    return verb === undefined ? undefined : addWord(verb.word, insert, view);
  });
  return edits.every((edit) => edit !== undefined) ? edits : undefined;
}

/** The flag, and the commands that it makes useless. */
type Drops = NonNullable<Remedy["drops"]> & { readonly insert: string };

/** Adds the flag and removes the update and the removal of the index, which the flag makes unnecessary. */
function withDrops(waste: UncleanedCache, remedy: Remedy, drops: Drops): CandidateFix | undefined {
  const { step, view, commands } = waste;
  const { script } = step;
  const updates = commands.filter((command) => matches(command, drops.updates));
  const flagged = commands.filter((command) => !updates.includes(command));
  const edits = flags(flagged, waste, drops.insert);
  if (edits === undefined) return undefined;
  for (const command of flagged) edits.push(...usefulNoMore(command, drops, view));
  const away = script.commands.some(({ args }) =>
    args.some(({ text }) => text === drops.elsewhere || text.startsWith(`${drops.elsewhere}=`)),
  );
  let condition =
    (away ? `the RUN uses ${drops.elsewhere}` : undefined) ?? whyMounted(waste) ?? remedy.unsafe;
  const description =
    flagged.length > 0 ? describe(flagged, drops.insert) : `drop ${itemAt(commands, 0).name} update`;
  const removals = removalsOf(step, drops);
  if (updates.length === 0) {
    const cuts = removals.length === 0 ? undefined : cutCommands(step, removals, view);
    const also = cuts?.condition === undefined ? (cuts?.edits ?? []) : [];
    return { description, edits: mergeEdits([...edits, ...also], view.file.text), condition };
  }

  const later = readersAfter(waste, drops);
  const more = laterFlags(later.users, waste, drops);
  condition ??= later.condition ?? more.condition;
  const isFree =
    !script.commands.some((command) => reads(command, step, waste.manager, drops)) &&
    updates.every(({ redirects }) => redirects.every(({ target }) => target?.value === "/dev/null"));
  const cuts = isFree
    ? (cutCommands(step, [...updates, ...removals], view) ?? cutCommands(step, updates, view))
    : undefined;
  if (cuts === undefined) {
    // if an update stays, its index is removed at the end
    const place = bestPlace(waste, drops.remove, remedy);
    if (place === undefined) return undefined;
    return {
      description: `${flagged.length > 0 ? `${description}, and ` : ""}append ${drops.remove} to line ${step.instruction.line}`,
      edits: mergeEdits([...edits, ...more.edits, ...place.edits], view.file.text),
      condition: condition ?? place.condition,
    };
  }
  const also = flagged.length > 0 ? `, and drop ${itemAt(commands, 0).name} update` : "";
  return {
    description: `${description}${also}`,
    edits: mergeEdits([...edits, ...cuts.edits, ...more.edits], view.file.text),
    condition: condition ?? (cuts.condition && "the RUN continues after a failed command"),
  };
}

function usefulNoMore(command: Command, { words }: Drops, view: DockerfileView): TextEdit[] {
  const useless = new Set(command.args.filter(({ text }) => words.includes(text)));
  if (![...useless].every((word) => isLiteralAt(word, view))) return [];
  return cutWords(command, useless, view) ?? [];
}

/** Returns true for a command that reads the index without the flag: `apk search`, or `apk add --no-network`. */
function reads(command: Command, step: Step, manager: CachingTool, drops: Drops): boolean {
  if (matches(command, drops.readers, true)) return true;
  return (
    verbOf(command, manager) !== undefined &&
    !fillsCache(command, manager, step) &&
    !command.args.some(({ text }) => text === drops.insert)
  );
}

/** Returns the removals that become unnecessary: `rm -rf /var/cache/apk/*` as an item of the RUN. */
function removalsOf({ script }: RunStep, { removals }: Drops): Command[] {
  return script.commands.filter((command) => {
    const paths = command.args.filter(({ text }) => !text.startsWith("-"));
    return (
      command.name === "rm" &&
      itemOf(command, script.list) !== undefined &&
      paths.length > 0 &&
      paths.every(({ value }) => value !== undefined && removals.includes(value))
    );
  });
}

interface Readers {
  /** Commands of later RUNs that may use this index, and can do without it. */
  readonly users: readonly { readonly step: RunStep; readonly command: Command }[];
  readonly condition: string | undefined;
}

/** Returns the readers of a dropped index after the RUN. */
function readersAfter({ step, view, manager, index }: UncleanedCache, drops: Drops): Readers {
  const users: { step: RunStep; command: Command }[] = [];
  let condition: string | undefined;
  for (const each of stepsAfter(step, view)) {
    const { line, keyword } = each.instruction;
    if (startsWith(each, view, [{ names: drops.readers.names }]))
      condition ??= `the ${keyword} of line ${line} may need the index`;
    const script = each.script ?? each.triggered;
    if (script === undefined || hides(each, itemAt(manager.caches, index).folder)) continue;
    if (script.shell === "other" || !script.complete) condition ??= `line ${line} may need the index`;
    for (const command of script.commands) {
      if (command.certain && matches(command, drops.updates)) break;
      if (fillsCache(command, manager, each) && each.keyword === "RUN") users.push({ step: each, command });
      else if (fillsCache(command, manager, each) || reads(command, each, manager, drops))
        condition ??= `line ${line} may need the index`;
      else if (isScript(command))
        condition ??= `line ${line} runs ${command.word?.text ?? "something unknown"}, which may need the index`;
    }
  }
  return { users, condition };
}

/** Returns true if a mount hides the index in the layers. */
function hides({ mounts }: Step, folder: string): boolean {
  return mounts.some(
    ({ type, target }) =>
      (type === "cache" || type === "tmpfs") && target !== undefined && isUnder(folder, target),
  );
}

function isUnder(folder: string, target: string): boolean {
  return target === folder || folder.startsWith(`${target}/`);
}

/** Adds the flag to the later commands. */
function laterFlags(
  users: Readers["users"],
  waste: UncleanedCache,
  drops: Drops,
): { edits: TextEdit[]; condition: string | undefined } {
  const edits: TextEdit[] = [];
  let condition: string | undefined;
  for (const { step, command } of users) {
    const own = isEditable(step, waste.view) ? flags([command], waste, drops.insert) : undefined;
    if (own === undefined) condition ??= `line ${step.instruction.line} may need the index`;
    else {
      condition ??= whyMounted({ ...waste, step });
      edits.push(...own, ...usefulNoMore(command, drops, waste.view));
    }
  }
  return { edits, condition };
}
