/** Fixes a leftover cache by a flag for every command that fills it. */
import { usualFolders } from "../../analysis/caches/cache-folders.ts";
import { fillsCache, verbOf } from "../../analysis/caches/cache-writers.ts";
import {
  isHidden,
  nameOf,
  readersAfter,
  whyRead,
  type Takings,
} from "../../analysis/caches/later-readers.ts";
import { whyNotRefuted } from "../../analysis/caches/refuted-readers.ts";
import { matches } from "../../analysis/steps/command-patterns.ts";
import { namesFolder } from "../../analysis/steps/named-folders.ts";
import { isOpaque } from "../../analysis/steps/opaque.ts";
import type { DockerfileView, RunStep, Step } from "../../build/build.ts";
import type { TextEdit } from "../../dockerfile/dockerfile.ts";
import type { Remedy } from "../../knowledge/tool-caches.ts";
import type { CachingTool } from "../../knowledge/tool.ts";
import { itemAt } from "../../must.ts";
import type { Command } from "../../shell/script.ts";
import { addWord, isLiteralAt } from "../add-word.ts";
import { cutCommands, cutWords, itemOf } from "../cut.ts";
import { isEditable } from "../editability.ts";
import { mergeEdits } from "../merge-edits.ts";
import { bestPlace } from "./append-cleanup.ts";
import { takingsOf, whyMounted, whyReadInside, whyReadLater } from "./cache-conditions.ts";
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
    condition: remedy.unsafe ?? whyMissed(waste, remedy) ?? whyMounted(waste),
  };
}

/** Returns why something may miss the cache that the flag prevents: later in the RUN, or after it. */
function whyMissed(waste: UncleanedCache, remedy: Remedy): string | undefined {
  const takings = takingsOf(waste, remedy);
  return whyReadInside(waste, itemAt(waste.commands, 0).end, takings) ?? whyReadLater(waste, takings);
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
  const later = indexReaders(waste, drops, updates.length > 0);
  if (later === undefined) return undefined;
  if (updates.length === 0) {
    condition ??= later.condition;
    const cuts = removals.length === 0 ? undefined : cutCommands(step, removals, view);
    const also = cuts?.condition === undefined ? (cuts?.edits ?? []) : [];
    return { description, edits: mergeEdits([...edits, ...also], view.file.text), condition };
  }

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

/** Returns what the flag takes out of the layer: an index, for whose other readers the record has the verbs. */
function indexOf({ manager, index, image }: UncleanedCache, drops: Drops, isDropped: boolean): Takings {
  const cache = itemAt(manager.caches, index);
  const { names, verbs = [] } = drops.readers;
  const updates = drops.updates.verbs ?? [];
  const filling = manager.writers.flatMap((writer) => writer.verbs).filter((verb) => !updates.includes(verb));
  return {
    manager,
    // a command that fetches an index finds no old one either way
    cache: { ...cache, refills: true },
    folders: usualFolders(cache),
    wanted: { users: [{ names, verbs: isDropped ? [...verbs, ...filling] : verbs }], updates: drops.updates },
    image,
  };
}

/** Returns the readers of the index after the RUN. Without an update that is dropped, a command that fetches needs none. */
function indexReaders(waste: UncleanedCache, drops: Drops, isDropped: boolean): Readers | undefined {
  const { step, view, manager, image } = waste;
  const taken = indexOf(waste, drops, isDropped);
  const users: { step: RunStep; command: Command }[] = [];
  let condition: string | undefined;
  for (const reader of readersAfter(step, view, taken)) {
    const each = reader.step;
    const { line } = each.instruction;
    if (isHidden(each, [itemAt(manager.caches, waste.index).folder])) continue;
    const isRefuted = image !== undefined && whyNotRefuted(each, taken, image, view) === undefined;
    if (reader.command === undefined) condition ??= whyRead(reader, "the index");
    for (const command of (each.script ?? each.triggered)?.commands ?? []) {
      if (command.certain && matches(command, drops.updates)) break;
      if (fillsCache(command, manager, each)) {
        if (!isDropped) continue;
        if (each.keyword === "RUN") users.push({ step: each, command });
        else condition ??= `line ${line} may need the index`;
      } else if (reads(command, each, manager, drops)) condition ??= `line ${line} may need the index`;
      else if (namesFolder(command, usualFolders(itemAt(manager.caches, waste.index))))
        condition ??= `line ${line} may read the index`;
      else if (isOpaque(command) && !isRefuted)
        condition ??= `line ${line} runs ${nameOf(command)}, which may need the index`;
    }
    if (users.length > mostUsers) return undefined;
    if (condition !== undefined && !isDropped) break;
  }
  return { users, condition };
}

/** Most later commands that may get the flag in one fix. */
const mostUsers = 50;

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
