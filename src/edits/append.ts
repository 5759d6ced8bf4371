/** Edits that add a command to a RUN: at its end, after a command, or before one. */
import { itemAt, lastItem } from "../must.ts";
import type { DockerfileView, Step } from "../build/build.ts";
import type { TextEdit } from "../dockerfile/dockerfile.ts";
import type { Command, List, ListItem } from "../shell/script.ts";
import { indentAt, lineBreakOf, lineEnd } from "./layout.ts";

/**
 * Edits that add a command to a RUN; `condition` states why the result may differ from the RUN followed by the
 * command.
 */
export interface Appended {
  readonly edits: readonly TextEdit[];
  readonly condition: string | undefined;
}

/**
 * Appends a command to a RUN in the layout of its list. Undefined when that is impossible: exec form, shell heredocs,
 * background jobs. For when it is exact see docs/spec/dockerfile.md, "List safety".
 */
export function append(step: Step, command: string, view: DockerfileView): Appended | undefined {
  const { script } = step;
  const list = script?.list;
  const last = list?.items.at(-1);
  if (script === undefined || list === undefined || last === undefined) return undefined;
  // the body of a heredoc would follow the command
  if (list.background || list.items.some(({ heredoc }) => heredoc)) return undefined;
  const text = view.file.text;
  const condition = whyNotExact(list, script.commands, text, step);
  // in a group followed by another command, set -e would have no effect
  if (list.items.some(({ joint }) => joint === "||") && !list.errexit) {
    const first = itemAt(list.items, 0);
    return {
      edits: [
        { start: first.start, end: first.start, text: "{ " },
        { start: last.end, end: last.end, text: `; } && ${command}` },
      ],
      condition,
    };
  }
  return {
    edits: [{ start: last.end, end: last.end, text: `${jointOf(list, step, view)}${command}` }],
    condition,
  };
}

/** Returns why the RUN with `&& command` at its end may differ from the RUN followed by the command. */
function whyNotExact(
  list: List,
  commands: readonly Command[],
  text: string,
  { instruction }: Step,
): string | undefined {
  const joints = list.items.map(({ joint }) => joint);
  if (joints.includes("||")) return "the RUN has a || at its top level";
  if (joints.includes("&")) return "the RUN starts something in the background";
  if (!list.errexit && joints.some((joint) => joint === ";" || joint === "\n"))
    return "the RUN continues after a failed command: it has a list without set -e";
  if (lastItem(list.items).kind === "other") return "the RUN does not end in a simple command or a group";
  if (list.errexit && !holdsErrexit(lastItem(list.items), text))
    return "the RUN ends in a group, in which set -e would behave differently";
  const stops = commands.find(
    ({ name, through }) => name === "exec" || name === "exit" || name === "trap" || through.includes("exec"),
  );
  if (stops !== undefined) return "an exec, exit or trap in the RUN may end it early";
  const end = lastItem(list.items).end;
  const rest = text.slice(end, list.inHeredoc ? lineEnd(text, end) : instruction.end);
  if (/^[;\s]*#/.test(rest)) return "the RUN ends in a comment";
  return undefined;
}

/**
 * Returns true if `set -e` ends the shell when this item fails: for a simple command or a subshell, but not for a
 * group whose `a && b` fails, nor for a subshell before `&&`.
 */
function holdsErrexit({ kind, joint, start }: ListItem, text: string): boolean {
  return kind === "simple" || (joint !== "&&" && text[start] === "(");
}

/**
 * Inserts a command after an item of the list. Undefined when the command would become input of a heredoc or part of
 * a background job.
 */
export function insertAfter(
  step: Step,
  index: number,
  command: string,
  view: DockerfileView,
): Appended | undefined {
  const list = step.script?.list;
  const item = list?.items[index];
  const next = list?.items[index + 1];
  if (list === undefined || item === undefined || item.heredoc || next?.joint === "&") return undefined;
  if (next === undefined) return append(step, command, view);
  const operator = list.errexit && (next.joint === ";" || next.joint === "\n") ? ";" : "&&";
  const text = `${jointAfter(list, index, operator, step, view)}${command}`;
  return {
    edits: [{ start: item.end, end: item.end, text }],
    condition: whyNotBetween(list, index, view.file.text),
  };
}

/**
 * Inserts a command before the item of the list that holds a given command; if it fails, so does the RUN or the item.
 * Undefined if no item holds the command, or if it runs in the background.
 */
export function insertBefore(
  step: Step,
  { start }: Command,
  command: string,
  view: DockerfileView,
): TextEdit | undefined {
  const list = step.script?.list;
  const item = list?.items.find((each) => each.start <= start && start < each.end);
  if (list === undefined || item === undefined || item.joint === "||") return undefined;
  const next = list.items[list.items.indexOf(item) + 1];
  if (next === undefined ? list.background : next.joint === "&") return undefined;
  const { text } = view.file;
  // under set -e, a failure before && would not end the shell
  const isLine = list.errexit && item.joint !== "&&";
  const line = list.inHeredoc ? `${lineBreakOf(text)}${indentAt(text, item.start)}` : "; ";
  return { start: item.start, end: item.start, text: `${command}${isLine ? line : " && "}` };
}

/** Returns why a command after an item may change the effect of the items around it. */
function whyNotBetween({ items, errexit }: List, index: number, text: string): string | undefined {
  if (itemAt(items, index).kind === "other")
    return "it would follow something other than a simple command or a group";
  if (errexit && !holdsErrexit(itemAt(items, index), text))
    return "it would follow a group, in which set -e would behave differently";
  let first = index;
  while (itemAt(items, first).joint === "&&" || itemAt(items, first).joint === "||") first--;
  for (let at = first + 1; at < items.length; at++) {
    const { joint } = itemAt(items, at);
    if (joint === "||") return "the RUN has a || at its top level";
    if (joint !== "&&") break;
  }
  const joints = items.map(({ joint }) => joint);
  if (joints.includes("&")) return "the RUN starts something in the background";
  if (!errexit && joints.some((joint) => joint === ";" || joint === "\n"))
    return "the RUN continues after a failed command: it has a list without set -e";
  return undefined;
}

/** Returns ` && ` with the line breaks of the list's last joint. */
function jointOf(list: List, step: Step, view: DockerfileView): string {
  const last = lastItem(list.items);
  const operator = list.errexit && last.joint !== "&&" ? ";" : "&&";
  return jointAfter(list, list.items.length - 1, operator, step, view);
}

/** Returns the operator after an item, with the line breaks of the operators next to it. */
function jointAfter(
  { items, inHeredoc }: List,
  index: number,
  operator: "&&" | ";",
  { instruction }: Step,
  { file }: DockerfileView,
): string {
  const { text, escape } = file;
  const item = itemAt(items, index);
  if (inHeredoc && operator === ";") return `${lineBreakOf(text)}${indentAt(text, item.start)}`;
  for (const at of [index, index + 1]) {
    const [before, after] = [items[at - 1], items[at]];
    if (before === undefined || after?.joint !== operator) continue;
    const between = text.slice(before.end, after.start);
    if (isLayout(between, operator, escape)) return between;
  }
  const own = text.slice(instruction.start, item.end);
  if (!own.includes("\n") || inHeredoc) return operator === ";" ? "; " : " && ";
  const indent = indentAt(text, item.end) || "    ";
  const next = `${escape}${lineBreakOf(text)}${indent}`;
  return operator === ";" ? `; ${next}` : ` ${next}&& `;
}

/** Returns true for the operator, blanks and escaped line ends only; a comment would be duplicated. */
function isLayout(between: string, operator: string, escape: string): boolean {
  const bare = between.replaceAll(escape, "").replace(/\s/g, "");
  return bare === operator && !/\n[ \t]*\r?\n/.test(between);
}
