/** Finds files that one instruction of the chain certainly creates and a later one certainly deletes. */
import type { RunStep, Step } from "../../build/build.ts";
import { overlaps, resolve } from "../../paths.ts";
import type { Command } from "../../shell/script.ts";
import { copied, created, type Creation } from "./creations.ts";
import { mightTake, removed, takes, type FoundRemoval } from "./removals.ts";

/** A deletion by one instruction of files that another one created. */
export interface Deletion {
  readonly adder: Step;
  readonly remover: RunStep;
  readonly removals: FoundRemoval[];
  readonly creations: Creation[];
}

interface Made {
  readonly adder: Step;
  readonly creation: Creation;
}

/** Returns the deletions: follows certain creations through the chain, in build order. */
export function deletionsIn(steps: readonly Step[]): readonly Deletion[] {
  let found = known.get(steps);
  if (found === undefined) known.set(steps, (found = findDeletions(steps)));
  return found;
}

const known = new WeakMap<readonly Step[], readonly Deletion[]>();

function findDeletions(steps: readonly Step[]): Deletion[] {
  const deletions = new Map<string, Deletion>();
  const volumes: string[] = [];
  let alive: readonly Made[] = [];
  for (const step of steps) {
    if (step.keyword === "VOLUME") volumes.push(...volumesOf(step));
    if (step.keyword === "COPY" || step.keyword === "ADD") {
      alive = withNew(alive, step, fresh(copied(step), volumes));
    }
    if (step.keyword !== "RUN") continue;
    const { script } = step;
    if (script.shell !== "posix" || !script.complete) continue;
    if (step.mounts.some(({ target, type }) => target === undefined && type !== "secret" && type !== "ssh"))
      continue;
    const masked = [...volumes, ...step.mounts.flatMap(({ target }) => target ?? [])];
    for (const command of script.commands) {
      if (!command.certain) continue;
      for (const removal of removed(command, step)) {
        if (masked.some((path) => overlaps(path, removal.path))) continue;
        const gone = alive.filter(({ creation }) => takes(removal, creation));
        for (const { adder, creation } of gone)
          record(deletions, adder, step, { command, removal }, creation);
        alive = alive.filter((one) => !gone.includes(one));
      }
    }
    alive = withNew(alive, step, fresh(left(script.commands, step), masked));
  }
  return [...deletions.values()];
}

/** Adds new files. A file written again replaces the first copy, which a later rm does not delete. */
function withNew(alive: readonly Made[], adder: Step, creations: readonly Creation[]): Made[] {
  const files = new Set(creations.filter(({ kind }) => kind === "file").map(({ path }) => path));
  const kept = alive.filter(({ creation }) => creation.kind !== "file" || !files.has(creation.path));
  return [...kept, ...creations.map((creation) => ({ adder, creation }))];
}

/** Returns what the commands of one RUN certainly create and no command of the RUN may remove. */
function left(commands: readonly Command[], step: Step): Creation[] {
  if (commands.some(({ name }) => name === "trap")) return [];
  const byPath = new Map<string, Creation>();
  commands.forEach((command, at) => {
    if (!command.certain) return;
    for (const creation of created(command, step)) {
      const taken = commands.some(
        (other, position) =>
          other !== command && (position > at || !other.certain) && mightTake(other, creation),
      );
      if (!taken) byPath.set(creation.path, creation);
    }
  });
  return [...byPath.values()];
}

function fresh(creations: readonly Creation[], masked: readonly string[]): Creation[] {
  return creations.filter(({ path }) => !masked.some((other) => overlaps(path, other)));
}

function volumesOf({ instruction, scope }: Step): string[] {
  const words = instruction.words.map((word) => word.value);
  return words.map((word) => resolve(scope.workdir, word) ?? "/");
}

function record(
  deletions: Map<string, Deletion>,
  adder: Step,
  remover: RunStep,
  found: FoundRemoval,
  creation: Creation,
): void {
  const key = `${adder.instruction.index} ${remover.instruction.index}`;
  let deletion = deletions.get(key);
  if (deletion === undefined) {
    deletion = { adder, remover, removals: [], creations: [] };
    deletions.set(key, deletion);
  }
  const { removals, creations } = deletion;
  const isSame = ({ command, removal }: FoundRemoval) =>
    command === found.command && removal.word === found.removal.word;
  if (!removals.some(isSame)) removals.push(found);
  // `COPY a.tgz /tmp/` makes a directory's content and a file in it: one name is enough.
  if (!creations.some((other) => overlaps(other.path, creation.path))) creations.push(creation);
}
