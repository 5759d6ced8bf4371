/** The edit that joins neighbouring RUNs into one. */
import type { DockerfileView, Step } from "../build/build.ts";
import type { TextEdit } from "../dockerfile/dockerfile.ts";
import { itemAt, lastItem } from "../must.ts";
import type { Command, List, ListItem, Script } from "../shell/script.ts";
import { isOrder } from "./drop.ts";
import { isEditable } from "./editability.ts";
import { lineBreakOf } from "./layout.ts";

/** Commands that change the shell for later commands; a subshell confines them. */
const CHANGES_SHELL =
  /^(?:cd|pushd|popd|export|unset|readonly|declare|typeset|local|set|shopt|umask|ulimit|alias|unalias|trap|exec|exit|return|eval|source|\.|read|getopts|shift|hash|enable)$/;

/**
 * Returns edits that join neighbouring RUNs into one with the same behaviour (docs/spec/dockerfile.md, fix 9).
 * Undefined when that is not certain: text other than comments between them, other flags or settings, a heredoc, `set
 * -e` with more than a chain of `&&`, background jobs. `last` is a command to add at the end.
 */
export function joinRuns(
  steps: readonly Step[],
  view: DockerfileView,
  last?: string,
): TextEdit[] | undefined {
  const [first] = steps;
  if (first === undefined || steps.length < 2) return undefined;
  const { text, escape, comments } = view.file;
  const next = lineBreakOf(text);
  const { indent, trailing } = layoutOf(steps, view);
  /** Between two commands: the end of a line, and the start of the next one. */
  const [lineEnd, lineStart] = trailing ? [` && ${escape}`, indent] : [` ${escape}`, `${indent}&& `];
  const edits: TextEdit[] = [];
  /** True if the previous RUN is in a subshell. */
  let isWrapped: boolean | undefined;
  for (const [i, step] of steps.entries()) {
    if (step.keyword !== "RUN" || !isEditable(step, view)) return undefined;
    const { instruction, script } = step;
    const { list } = script;
    if (list === undefined) return undefined;
    // neighbours have the same shell, user, folder and variables: nothing between them sets others
    if (flagsOf(step) !== flagsOf(first)) return undefined;
    const wrap = needsSubshell(script, list, text);
    if (wrap === undefined) return undefined;
    const start = itemAt(list.items, 0).start;
    const end = lastItem(list.items).end;
    // a heredoc, a background job, a shell comment or an operator at the end prevents joining
    if (end !== instruction.end) return undefined;
    const before = steps[i - 1];
    if (before !== undefined) {
      if (instruction.index !== before.instruction.index + 1) return undefined;
      const from = text.indexOf("\n", before.instruction.end) + 1;
      const lines = text.slice(from, instruction.start).split(/\r?\n/);
      // between neighbours are comments and blank lines
      if (lines.some(isOrder)) return undefined;
      if (comments.some((comment) => comment.start > instruction.start && comment.end < start))
        return undefined;
      // comments stay where they are; a blank line would be one too many inside an instruction
      const kept = lines.filter((line) => line.trim() !== "").map((line) => line + next);
      const { end: at } = before.instruction;
      edits.push({ start: at, end: at, text: `${isWrapped ? " )" : ""}${lineEnd}` });
      edits.push({ start: from, end: start, text: `${kept.join("")}${lineStart}${wrap ? "( " : ""}` });
    } else if (wrap) edits.push({ start, end: start, text: "( " });
    const close = wrap ? " )" : "";
    const added = last === undefined ? "" : `${lineEnd}${next}${lineStart}${last}`;
    if (i === steps.length - 1 && close + added !== "")
      edits.push({ start: end, end, text: `${close}${added}` });
    isWrapped = wrap;
  }
  return edits;
}

/** Returns the layout of the first RUN of several lines: its indentation, and whether `&&` ends the lines. */
function layoutOf(
  steps: readonly Step[],
  { file: { text, escape } }: DockerfileView,
): { readonly indent: string; readonly trailing: boolean } {
  for (const { instruction } of steps) {
    const lines = text.slice(instruction.start, instruction.end).split(/\r?\n/);
    const at = lines.findIndex((line, i) => i > 0 && /^[ \t]+[^\s#]/.test(line));
    if (at < 0) continue;
    const [indent = ""] = /^[ \t]+/.exec(itemAt(lines, at)) ?? [];
    return {
      indent,
      trailing: itemAt(lines, at - 1)
        .trimEnd()
        .slice(0, -escape.length)
        .trimEnd()
        .endsWith("&&"),
    };
  }
  return { indent: "    ", trailing: false };
}

export function flagsOf({ instruction }: Step): string {
  return instruction.flags
    .map(({ name, value }) => JSON.stringify([name, value]))
    .toSorted()
    .join("\0");
}

/**
 * Returns whether a RUN needs a subshell; a chain of `&&` that does not change the shell needs none. Undefined when
 * joining would change the commands: `set -e` applies only to the last item of an `&&` list, and a background job
 * would keep running.
 */
function needsSubshell({ commands }: Script, { items, errexit }: List, text: string): boolean | undefined {
  if (items.some(({ joint }) => joint === "&")) return undefined;
  const isChain = items.every(({ joint }) => (joint ?? "&&") === "&&");
  // for a chain of simple commands `set -e` makes no difference
  const isPlain = isChain && items.every(({ kind }) => kind === "simple");
  if ((errexit || commands.some(({ name }) => name === "set")) && !isPlain) return undefined;
  if (!isChain || items.some((item) => mayChangeShell(item, commands, text))) return true;
  return commands.some(({ name, word }) => word === undefined || CHANGES_SHELL.test(name ?? ""));
}

/** Returns true for a function or a bare assignment; neither is among the commands. */
function mayChangeShell({ kind, start, end }: ListItem, commands: readonly Command[], text: string): boolean {
  if (kind === "simple") return !commands.some((command) => command.start === start);
  const own = text.slice(start, end);
  return /\(\s*\)|\bfunction\b/.test(own) || (!own.startsWith("(") && /[\s;{]\w+\+?=/.test(own));
}
