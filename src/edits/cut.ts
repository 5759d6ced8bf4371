/** Edits that remove commands, or words of a command, from a RUN. */
import type { DockerfileView, Step } from "../build/build.ts";
import type { Range, TextEdit } from "../dockerfile/dockerfile.ts";
import { itemAt, lastItem } from "../must.ts";
import type { Command, List, ListItem, ShellWord } from "../shell/script.ts";
import { drop } from "./drop.ts";
import { lineEnd } from "./layout.ts";

/** Edits that remove commands from a RUN; `condition` states why the rest may behave differently. */
export interface Cut {
  readonly edits: readonly TextEdit[];
  readonly condition: string | undefined;
  /** True if the whole instruction is removed because nothing was left. */
  readonly whole: boolean;
}

/** Commands whose effect ends with the shell; a RUN with only these does nothing. */
const IDLE = new Set(["set", "cd", "true", ":", "umask"]);

/** Returns the item that consists of this command only: no wrapper, no subshell, no condition. */
export function itemOf(command: Command, list: List | undefined): ListItem | undefined {
  if (command.through.length > 0) return undefined;
  return list?.items.find(({ kind, start }) => kind === "simple" && start === command.start);
}

/**
 * Removes commands and their operators from the list of a RUN, and the whole RUN when the rest does nothing.
 * Undefined when that is impossible: `||`, background jobs, a comment in between.
 */
export function cutCommands(step: Step, commands: readonly Command[], view: DockerfileView): Cut | undefined {
  const { script, instruction } = step;
  const list = script?.list;
  if (script === undefined || list === undefined || list.background) return undefined;
  const items = new Set<ListItem>();
  for (const command of commands) {
    const item = itemOf(command, list);
    if (item === undefined) return undefined;
    items.add(item);
  }
  if (list.items.every((item) => items.has(item) || isIdle(item, script.commands))) {
    const rest = view.file.text.slice(lastItem(list.items).end, instruction.end);
    const edit = rest.includes("#") ? undefined : drop(view, instruction);
    return edit === undefined
      ? undefined
      : { edits: [edit], condition: whyItMakesTheWorkdir(step, view), whole: true };
  }
  if (list.items.some(({ joint }) => joint === "||" || joint === "&")) return undefined;
  if (!list.inHeredoc && instruction.heredocs.length > 0) return undefined;
  const edits: TextEdit[] = [];
  for (let first = 0; first < list.items.length; first++) {
    if (!items.has(itemAt(list.items, first))) continue;
    let last = first;
    while (last + 1 < list.items.length && items.has(itemAt(list.items, last + 1))) last++;
    const edit = cutRange(list, first, last, view);
    if (edit === undefined) return undefined;
    edits.push({ ...edit, text: "" });
    first = last;
  }
  return { edits, condition: whyNotExact(list, items), whole: false };
}

/**
 * Returns why a RUN is needed for a WORKDIR. Buildah and Podman create the folder of a WORKDIR with the next layer,
 * or not at all (docs/spec/history.md, section 1): the last RUN, COPY or ADD after a WORKDIR creates it.
 */
function whyItMakesTheWorkdir({ instruction }: Step, { steps }: DockerfileView): string | undefined {
  const makes = ({ instruction: { keyword } }: Step) => ["RUN", "COPY", "ADD"].includes(keyword);
  const at = steps.findIndex((step) => step.instruction === instruction);
  if (steps.slice(at + 1).some(makes)) return undefined;
  const before = steps.slice(steps.slice(0, at).findLastIndex(makes) + 1, at);
  const workdir = before.find((step) => step.instruction.keyword === "WORKDIR");
  return workdir === undefined
    ? undefined
    : `Buildah and Podman create the folder of WORKDIR (line ${workdir.instruction.line}) only if a RUN, COPY or ADD follows`;
}

/** Removes words from a command, with the blanks and line ends before them. */
export function cutWords(
  command: Command,
  words: ReadonlySet<ShellWord>,
  { file }: DockerfileView,
): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  let before = command.word;
  for (const word of command.args) {
    if (words.has(word)) {
      if (before === undefined) return undefined;
      const edit = { start: before.end, end: word.end, text: "" };
      if (/[^\s\\`]/.test(file.text.slice(before.end, word.start))) return undefined;
      const last = edits.at(-1);
      if (last?.end === edit.start) edits[edits.length - 1] = { ...last, end: edit.end };
      else edits.push(edit);
    }
    before = word;
  }
  return edits;
}

/**
 * Returns the range to remove for the items `first` to `last`: with one of the operators around them, and without
 * comments.
 */
function cutRange(list: List, first: number, last: number, { file }: DockerfileView): Range | undefined {
  const { items } = list;
  const before = items[first - 1];
  const after = items[last + 1];
  const { start } = itemAt(items, first);
  const { end } = itemAt(items, last);
  const has = (from: number, to: number) => /#/.test(file.text.slice(from, to));
  // a comment on the rest of the line belongs to the removed command
  if (list.inHeredoc && has(end, lineEnd(file.text, end))) return undefined;
  for (let i = first; i < last; i++) {
    if (has(itemAt(items, i).end, itemAt(items, i + 1).start)) return undefined;
    if (before !== undefined && isThen(itemAt(items, i + 1).joint) !== isThen(itemAt(items, first).joint))
      return undefined;
  }
  const mayCutBefore =
    before !== undefined &&
    (after === undefined || !isThen(after.joint) || isThen(itemAt(items, first).joint));
  if (mayCutBefore && !has(before.end, start)) return { start: before.end, end };
  const mayCutAfter = after !== undefined && (isThen(after.joint) || !isThen(itemAt(items, first).joint));
  if (mayCutAfter && !has(end, after.start)) return { start, end: after.start };
  return undefined;
}

/** Returns true for `&&`. */
function isThen(joint: ListItem["joint"]): boolean {
  return joint === "&&";
}

/**
 * Returns why a cut may change the result. `a; rm -f x` succeeds even if a fails; without the rm it fails. `set -e`
 * stops at a failing a before that, but not at the a of `a && b`.
 */
function whyNotExact({ items, errexit }: List, cut: ReadonlySet<ListItem>): string | undefined {
  const end = items.findLastIndex((item) => !cut.has(item));
  const next = items[end + 1];
  if (next === undefined || isThen(next.joint)) return undefined;
  const { kind, joint } = itemAt(items, end);
  if (errexit && kind === "simple" && !isThen(joint)) return undefined;
  return "the RUN that deletes them continues after a failed command: it has a list without set -e";
}

function isIdle(item: ListItem, commands: readonly Command[]): boolean {
  if (item.kind !== "simple") return false;
  const inside = commands.filter(({ start, end }) => start >= item.start && end <= item.end);
  const [only] = inside;
  if (inside.length !== 1 || only?.name === undefined || !IDLE.has(only.name)) return false;
  return (
    only.redirects.length === 0 &&
    only.through.length === 0 &&
    only.args.every(({ value }) => value !== undefined)
  );
}
