import {
  toBytes,
  type Command,
  type Finding,
  type Instruction,
  type Range,
  type Step,
  type Subject,
} from "../../src/engine/contract.ts";
import { cacheFolderOf, instructionAdvice } from "../layers/deletion-advice.ts";
import type { MadeBy } from "../layers/naming.ts";
import { copied, created, type Creation } from "./creations.ts";
import { overlaps, resolve } from "./paths.ts";
import { mightTake, removed, takes, type Removal } from "./removals.ts";
import { layersSpeakFor } from "./witness.ts";

/** One instruction certainly deletes what another one certainly made. */
interface Deletion {
  readonly adder: Instruction;
  readonly killer: Instruction;
  readonly ranges: Range[];
  readonly verbs: Set<Removal["verb"]>;
  readonly creations: Creation[];
}

interface Made {
  readonly adder: Instruction;
  readonly creation: Creation;
}

/** The deletions that the Dockerfile alone shows, for instructions whose layers say nothing. */
export function* predictedDeletions(subject: Subject): Iterable<Finding> {
  const { dockerfile, image, linked } = subject;
  if (dockerfile === undefined || (image !== undefined && !linked)) return;
  for (const deletion of deletionsIn(dockerfile.steps)) {
    const speaks = [deletion.adder, deletion.killer].every((instruction) =>
      layersSpeakFor(subject, instruction),
    );
    if (!speaks) yield toFinding(deletion);
  }
}

function toFinding({ adder, killer, ranges, verbs, creations }: Deletion): Finding {
  const names = creations.map(nameOf);
  const more = names.length === 1 ? "" : ` and ${names.length - 1} more`;
  const verb = verbs.has("deletes") ? "deletes" : "moves away";
  const [cache] = creations.flatMap(
    ({ path, kind }) => cacheFolderOf(toBytes(path.slice(1)), kind === "dir") ?? [],
  );
  return {
    message: `line ${killer.line} ${verb} ${names[0]}${more}, but line ${adder.line} added ${names.length === 1 && creations[0]?.kind !== "dir" ? "it" : "them"}: the bytes stay in the layer of line ${adder.line}`,
    advice: instructionAdvice({
      adder,
      adderKind: adder.keyword as MadeBy,
      adderName: `line ${adder.line}`,
      killerKind: "RUN",
      killerName: `line ${killer.line}`,
      cache,
      isOne: names.length === 1 && creations[0]?.kind === "file",
    }),
    evidence: "dockerfile",
    places: [
      { instruction: adder, label: "added here" },
      ...ranges.map((range) => ({ instruction: killer, range, label: "deleted here" })),
    ],
  };
}

function nameOf({ path, kind, manager }: Creation): string {
  if (manager !== undefined) return `the cache of ${manager}`;
  if (path === "/var/lib/apt/lists") return "the package lists in /var/lib/apt/lists";
  return kind === "dir" ? `the files in ${path}` : path;
}

/** Follows the certain creations through the chain, in build order. */
function deletionsIn(steps: readonly Step[]): Deletion[] {
  const deletions = new Map<string, Deletion>();
  const volumes: string[] = [];
  let alive: readonly Made[] = [];
  for (const step of steps) {
    const { instruction, script } = step;
    if (instruction.keyword === "VOLUME") volumes.push(...volumesOf(step));
    if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
      alive = withNew(alive, instruction, fresh(copied(step), volumes));
    }
    if (instruction.keyword !== "RUN" || script?.shell !== "posix" || !script.complete) continue;
    if (step.mounts.some(({ target, type }) => target === undefined && type !== "secret" && type !== "ssh"))
      continue;
    const masked = [...volumes, ...step.mounts.flatMap(({ target }) => target ?? [])];
    for (const command of script.commands) {
      if (!command.certain) continue;
      for (const removal of removed(command)) {
        if (masked.some((path) => overlaps(path, removal.path))) continue;
        const gone = alive.filter(({ creation }) => takes(removal, creation));
        for (const { adder, creation } of gone)
          record(deletions, adder, instruction, command, removal, creation);
        alive = alive.filter((one) => !gone.includes(one));
      }
    }
    alive = withNew(alive, instruction, fresh(left(script.commands), masked));
  }
  return [...deletions.values()];
}

/** A file written again is another file: its first copy is not what a later rm deletes. */
function withNew(alive: readonly Made[], adder: Instruction, creations: readonly Creation[]): Made[] {
  const files = new Set(creations.filter(({ kind }) => kind === "file").map(({ path }) => path));
  const kept = alive.filter(({ creation }) => creation.kind !== "file" || !files.has(creation.path));
  return [...kept, ...creations.map((creation) => ({ adder, creation }))];
}

/** What the commands of one RUN certainly make and nothing in the same RUN might take away again. */
function left(commands: readonly Command[]): Creation[] {
  if (commands.some(({ name }) => name === "trap")) return [];
  const byPath = new Map<string, Creation>();
  commands.forEach((command, at) => {
    if (!command.certain) return;
    for (const creation of created(command)) {
      const taken = commands.some(
        (other, position) =>
          other !== command && (position > at || !other.certain) && mightTake(other, creation),
      );
      if (!taken) byPath.set(`${creation.manager ?? ""} ${creation.path}`, creation);
    }
  });
  return [...byPath.values()];
}

function fresh(creations: readonly Creation[], masked: readonly string[]): Creation[] {
  return creations.filter(({ path }) => !masked.some((other) => overlaps(path, other)));
}

function volumesOf({ instruction, scope }: Step): string[] {
  const words = instruction.exec ?? instruction.words.map((word) => word.value);
  return words.map((word) => resolve(scope.workdir, word) ?? "/");
}

function record(
  deletions: Map<string, Deletion>,
  adder: Instruction,
  killer: Instruction,
  command: Command,
  removal: Removal,
  creation: Creation,
): void {
  const key = `${adder.index} ${killer.index}`;
  let deletion = deletions.get(key);
  if (deletion === undefined) {
    deletion = { adder, killer, ranges: [], verbs: new Set(), creations: [] };
    deletions.set(key, deletion);
  }
  const { ranges, creations } = deletion;
  if (!ranges.some(({ start }) => start === command.start))
    ranges.push({ start: command.start, end: command.end });
  deletion.verbs.add(removal.verb);
  // `COPY a.tgz /tmp/` makes a directory's content and a file in it: one name is enough.
  if (!creations.some((other) => overlaps(other.path, creation.path))) creations.push(creation);
}
