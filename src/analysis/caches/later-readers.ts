/**
 * Finds who may miss a cache that a fix takes out of a layer: every command that runs later and is not known to leave
 * the cache alone. Answers for a stage are computed once, so that a file with many RUNs takes no time by their square.
 */
import type { DockerfileView, Step } from "../../build/build.ts";
import { stepsAfter } from "../../build/steps-after.ts";
import { heldInstruction, type Instruction } from "../../dockerfile/dockerfile.ts";
import type { CommandPattern, Remedy } from "../../knowledge/tool-caches.ts";
import type { CachingTool } from "../../knowledge/tool.ts";
import { resolve } from "../../paths.ts";
import type { Command, Script } from "../../shell/script.ts";
import { certainlyMatches, hasWord, matches } from "../steps/command-patterns.ts";
import { copyTargets } from "../steps/creations.ts";
import { isIn, mentions, namesFolder, namesSource, startNames } from "../steps/named-folders.ts";
import { isOpaque, toolRunBy } from "../steps/opaque.ts";
import { isIgnored, isOffline, mayFetch } from "../steps/path-access.ts";
import type { ImageView } from "../subject.ts";
import { whyNotRefuted, type TakenCache } from "./refuted-readers.ts";

/** What a fix takes out of a layer. */
export interface Takings extends TakenCache {
  readonly manager: CachingTool;
  /** Commands that read it, and those after which they find it again; with `update`, a fix can add one before them. */
  readonly wanted:
    | (Pick<NonNullable<Remedy["wantedBy"]>, "users" | "updates"> & { readonly update?: string })
    | undefined;
  /** The image that the Dockerfile built. */
  readonly image?: ImageView | undefined;
}

/** A command that may miss the cache. */
export type Reader = KnownReader | OtherReader;

/** A command that an update before it would serve as well. */
interface KnownReader {
  readonly how: "uses";
  readonly command: Command;
  readonly known: true;
}

interface OtherReader {
  /**
   * `uses`: it is a command of the cache's tool that reads it. `names`: it names the folder, one above or one below.
   * `opaque`: it runs code that the text does not show. `many`: nobody looked, because the file has too many caches.
   */
  readonly how: "uses" | "names" | "opaque" | "many";
  /** Undefined if the script of the step is not understood, and for other instructions than RUN. */
  readonly command: Command | undefined;
  readonly known: false;
  /** Of an opaque command: the next one of its step that is another kind of reader. */
  readonly next?: Reader | undefined;
  /** Of an opaque command: what its layer has, so that it may have read the cache. */
  readonly because?: string;
}

export type LaterReader = Reader & {
  readonly step: Step;
  /** True for an ONBUILD, which runs in the builds of other images. */
  readonly onbuild: boolean;
};

/**
 * Yields for every later step the first command that may miss the cache, without an update of its own before it. With an
 * image, code that the text does not show counts only if its layer does not refute it.
 */
export function* readersAfter(step: Step, view: DockerfileView, takings: Takings): Iterable<LaterReader> {
  for (const reader of suspectsAfter(step, view, takings)) {
    const { image } = takings;
    if (image === undefined || reader.how !== "opaque" || reader.command === undefined || reader.onbuild) {
      yield reader;
      continue;
    }
    const because = whyNotRefuted(reader.step, takings, image, view);
    if (because !== undefined) yield { ...reader, because };
    else if (reader.next !== undefined) yield { ...reader.next, step: reader.step, onbuild: false };
  }
}

function* suspectsAfter(step: Step, view: DockerfileView, takings: Takings): Iterable<LaterReader> {
  const plan = planOf(view);
  const own = plan.stage(step.stage.index, takings);
  const position = plan.positions.get(step) ?? 0;
  // an ONBUILD runs in a later build, and a CMD in the container, wherever they are written
  for (const { at, reader } of own.anywhere) if (at < position) yield reader;
  for (let i = firstAfter(own.readers, position); i < own.readers.length; i++) {
    const found = own.readers[i];
    if (found !== undefined) yield found.reader;
  }
  for (const stage of plan.above(step.stage.index)) {
    for (const { reader } of plan.stage(stage, takings).readers) yield reader;
  }
  for (const stage of [step.stage.index, ...plan.above(step.stage.index)])
    yield* plan.stage(stage, takings).takers;
}

interface Placed {
  readonly at: number;
  readonly reader: LaterReader;
}

interface StageReaders {
  /** In the order of the file. */
  readonly readers: readonly Placed[];
  /** Those that run later wherever they are written. */
  readonly anywhere: readonly Placed[];
  /** Steps of other stages that take the cache: COPY --from, RUN --mount=from. */
  readonly takers: readonly LaterReader[];
}

function firstAfter(readers: readonly Placed[], position: number): number {
  let [from, to] = [0, readers.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((readers[middle]?.at ?? Infinity) > position) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Most looks at a step, for all caches of a file: a hostile file may move its cache at every line. */
const mostLooks = 200_000;

/** The stages of a view, with the readers of every cache that was asked for. */
class Plan {
  readonly positions = new Map<Step, number>();
  readonly #children = new Map<number, number[]>();
  readonly #takers = new Map<number, Step[]>();
  readonly #found = new Map<string, StageReaders>();
  readonly #above = new Map<number, readonly number[]>();
  readonly #view: DockerfileView;
  /** Steps that were looked at, once for each cache. */
  #looks = 0;

  constructor(view: DockerfileView) {
    this.#view = view;
    const byInstruction = new Map<Instruction, Step>();
    for (const { stage, steps } of view.stages) {
      if (stage.parent !== undefined) add(this.#children, stage.parent, stage.index);
      for (const [at, step] of steps.entries()) {
        this.positions.set(step, at);
        byInstruction.set(step.instruction, step);
      }
    }
    for (const { from, to } of view.references) {
      const step = byInstruction.get(from);
      if (step !== undefined) add(this.#takers, to.index, step);
    }
  }

  /** Returns the stages that are FROM a stage, or from one of these. */
  above(stage: number): readonly number[] {
    let found = this.#above.get(stage);
    if (found === undefined) {
      const all = [...(this.#children.get(stage) ?? [])];
      // grows while it is read
      for (const each of all) all.push(...(this.#children.get(each) ?? []));
      this.#above.set(stage, (found = all));
    }
    return found;
  }

  stage(index: number, takings: Takings): StageReaders {
    const verbs = takings.wanted?.users.flatMap((user) => user.verbs ?? []).join(" ");
    const key = [index, takings.manager.id, takings.cache.refills, verbs, ...takings.folders].join("\n");
    let found = this.#found.get(key);
    if (found === undefined) this.#found.set(key, (found = this.#find(index, takings)));
    return found;
  }

  #find(index: number, takings: Takings): StageReaders {
    const readers: Placed[] = [];
    this.#looks += this.#view.stages[index]?.steps.length ?? 0;
    if (this.#looks > mostLooks) {
      const step = this.#view.stages[index]?.steps.at(-1);
      const many = step && {
        at: Infinity,
        reader: { ...OPAQUE, how: "many" as const, step, onbuild: false },
      };
      return { readers: many === undefined ? [] : [many], anywhere: [], takers: [] };
    }
    for (const [at, step] of (this.#view.stages[index]?.steps ?? []).entries()) {
      const reader = readerIn(step, this.#view, takings);
      if (reader !== undefined)
        readers.push({ at, reader: { ...reader, step, onbuild: step.keyword === "ONBUILD" } });
    }
    const anywhere = readers.filter(
      ({ reader: { onbuild, step } }) => onbuild || AT_START.has(step.instruction.keyword),
    );
    const takers = (this.#takers.get(index) ?? []).flatMap((step): LaterReader[] => {
      const reader = takerIn(step, index, this.#view, takings);
      return reader === undefined ? [] : [{ ...reader, step, onbuild: step.keyword === "ONBUILD" }];
    });
    return { readers, anywhere, takers };
  }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

const plans = new WeakMap<DockerfileView, Plan>();

function planOf(view: DockerfileView): Plan {
  let plan = plans.get(view);
  if (plan === undefined) plans.set(view, (plan = new Plan(view)));
  return plan;
}

const AT_START = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK"]);
const NAMES: OtherReader = { how: "names", command: undefined, known: false };
const OPAQUE: OtherReader = { how: "opaque", command: undefined, known: false };

/** Returns the first reader of a step that runs on top of the cache. */
function readerIn(step: Step, view: DockerfileView, takings: Takings): Reader | undefined {
  const { folders, wanted } = takings;
  const { instruction, scope } = step;
  const { keyword, words, exec, start, end } = heldInstruction(instruction);
  if (AT_START.has(keyword)) {
    if (wanted !== undefined && startsWith(step, view, wanted.users)) return NAMES;
    return startNames(view.file.text.slice(start, end), scope.workdir ?? "/", folders) ? NAMES : undefined;
  }
  if (step.keyword === "COPY" || step.keyword === "ADD")
    return copyTargets(step)?.some((target) => isIn(target, folders)) === true ? NAMES : undefined;
  if (keyword === "WORKDIR" || keyword === "VOLUME") {
    const paths = (exec ?? words.map(({ value }) => value)).map((each) => resolve(scope.workdir, each));
    return paths.some((path) => path !== undefined && isIn(path, folders)) ? NAMES : undefined;
  }
  const script = step.script ?? step.triggered;
  if (script === undefined || isHidden(step, folders)) return undefined;
  return firstReader(script, { start, end }, step, view, takings);
}

/** Returns true if the command of the container reads the cache: `CMD apt-get install -y x && …`. */
function startsWith(
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

/** Returns true if mounts hide the cache of the layers. */
export function isHidden({ mounts }: Step, folders: readonly string[]): boolean {
  return folders.every((folder) =>
    mounts.some(
      ({ type, target }) =>
        (type === "cache" || type === "tmpfs") &&
        target !== undefined &&
        (folder === target || folder.startsWith(`${target}/`)),
    ),
  );
}

/** Returns how a step of another stage takes the cache out of the stage. */
function takerIn(step: Step, stage: number, view: DockerfileView, takings: Takings): Reader | undefined {
  const { folders } = takings;
  const held = heldInstruction(step.instruction);
  if (held.keyword === "COPY" || held.keyword === "ADD")
    return held.words.slice(0, -1).some(({ value }) => namesSource(value, folders)) ? NAMES : undefined;
  const { script, mounts } = step;
  if (script === undefined) return OPAQUE;
  const name = view.stages[stage]?.stage.name;
  for (const { target, options } of mounts) {
    const from = options.get("from")?.toLowerCase();
    if (from === undefined || (from !== name && from !== String(stage) && !from.includes("$"))) continue;
    const source = options.get("source") ?? options.get("src") ?? "/";
    if (!namesSource(source, folders)) continue;
    if (target === undefined || isIn(source, folders) || script.shell === "other" || !script.complete)
      return NAMES;
    const root = source.replace(/^\/*/, "/").replace(/\/+$/, "");
    const there = folders.map((folder) => `${target}${folder.replace(/^~/, "/root").slice(root.length)}`);
    for (const command of script.commands) {
      if (namesFolder(command, there)) return { ...NAMES, command };
      if (isOpaque(command)) return { ...OPAQUE, command };
    }
  }
  return undefined;
}

/**
 * Returns the first command of a script that may miss the cache without an update in the script before it. `range` is
 * the part of the Dockerfile that the script lies in.
 */
export function firstReader(
  { commands, complete, shell }: Pick<Script, "commands" | "complete" | "shell">,
  range: { readonly start: number; readonly end: number },
  step: Step,
  view: DockerfileView,
  takings: Takings,
): Reader | undefined {
  if (shell === "other" || !complete) return OPAQUE;
  const { text } = view.file;
  const own: Command[] = [];
  let opaque: OtherReader | undefined;
  for (const command of commands) {
    if (takings.wanted !== undefined && certainlyMatches(command, takings.wanted.updates)) {
      if (command.certain) return opaque;
      own.push(command);
    } else if (own.some((update) => precedes(update, command, text))) continue;
    else {
      const reader = readerOf(command, step, takings);
      if (reader === undefined || (reader.how === "opaque" && opaque !== undefined)) continue;
      if (reader.how !== "opaque") return opaque === undefined ? reader : { ...opaque, next: reader };
      opaque = reader;
    }
  }
  const outside = namedOutside(commands, range, view, takings.folders) ? NAMES : undefined;
  return opaque === undefined ? outside : { ...opaque, next: outside };
}

/** Returns how one command may miss the cache; undefined for one that is known to leave it alone. */
export function readerOf(command: Command, step: Step, takings: Takings): Reader | undefined {
  const { wanted, folders } = takings;
  if (wanted?.users.some((user) => matches(command, user, true)) === true)
    return { how: "uses", command, known: wanted?.update !== undefined };
  if (usesCache(command, step, takings)) return { how: "uses", command, known: false };
  if (namesFolder(command, folders)) return { how: "names", command, known: false };
  return isOpaque(command) ? { how: "opaque", command, known: false } : undefined;
}

/** Returns true for a command of the cache's tool, unless it does not use this cache, or fetches what is missing. */
function usesCache(command: Command, step: Step, { manager, cache }: Takings): boolean {
  if (toolRunBy(command) !== manager || isIgnored(cache, command)) return false;
  if (command.args.some(({ value }) => value === "cache")) return true;
  if (isOpaque(command)) return false;
  return cache.refills !== true || isOffline(command) || !mayFetch(step);
}

/** Returns true if the script names the folder outside its commands: `for x in /var/lib/apt/lists/*`. */
function namedOutside(
  commands: readonly Command[],
  { start, end }: { readonly start: number; readonly end: number },
  { file }: DockerfileView,
  folders: readonly string[],
): boolean {
  const text = file.text.slice(start, end);
  if (!folders.some((folder) => mentions(text, folder))) return false;
  let at = start;
  let rest = "";
  for (const command of commands) {
    rest += `${file.text.slice(at, Math.max(at, command.start))}\n`;
    at = Math.max(at, command.end);
  }
  rest += file.text.slice(at, end);
  const code = rest.replaceAll(/^[ \t]*#.*$/gm, "");
  return folders.some((folder) => mentions(code, folder));
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

/** Says as a phrase for the user why a reader speaks against the fix. */
export function whyRead(reader: LaterReader, removed: string): string {
  const { how, command, known, step, onbuild } = reader;
  const { keyword, line } = step.instruction;
  const because = reader.known || reader.because === undefined ? "" : `: ${reader.because}`;
  if (how === "many") return "the file has too many caches to follow each of them";
  if (onbuild) return `the ONBUILD of line ${line} may need ${removed}`;
  if (AT_START.has(keyword)) return `the ${keyword} of line ${line} may need ${removed}`;
  if (known) return `line ${line} uses ${command.name} without an update of its own, and gets one`;
  if (how === "names") return `line ${line} may read ${removed}`;
  const what = how === "uses" ? "uses" : "runs";
  return `line ${line} ${what} ${nameOf(command)}, which may need ${removed}${because}`;
}

/** Returns the name of a command as the text has it. */
export function nameOf(command: Command | undefined): string {
  return command?.word === undefined ? "something unknown" : command.word.text;
}
