import type { Command, DockerfileView, List, Step, TextEdit } from "../../src/engine/contract.ts";
import { indentAt, lineBreakOf, lineEnd } from "./layout.ts";

/** Edits that let a RUN end with one more command; `condition` says why that is not exactly the same RUN plus the command. */
export interface Appended {
  readonly edits: readonly TextEdit[];
  readonly condition: string | undefined;
}

/**
 * Appends a command to a RUN in the layout that its list has. Undefined where it cannot be written: exec form, bodies of
 * the shell's own heredocs, background jobs. When it is exact: dockerfile.md, "List safety".
 */
export function append(step: Step, command: string, view: DockerfileView): Appended | undefined {
  const { script, instruction } = step;
  const list = script?.list;
  const last = list?.items.at(-1);
  if (script === undefined || list === undefined || last === undefined) return undefined;
  if (list.background || list.items.some(({ heredoc }) => heredoc)) return undefined;
  // a heredoc that is no script but something's input: its body would follow the command
  if (!list.inHeredoc && instruction.heredocs.length > 0) return undefined;
  const text = view.file.text;
  const condition = whyNotExact(list, script.commands, text, step);
  if (list.items.some(({ joint }) => joint === "||")) {
    const first = list.items[0]!;
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

/** Why the RUN with `&& command` at its end might not do what it did before, and then the command. */
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
    return "the RUN goes on after a command that fails: it has a list without set -e";
  if (list.items.at(-1)!.kind === "other")
    return "the RUN ends in something else than a simple command or a group";
  const stops = commands.find(
    ({ name, through }) => name === "exec" || name === "exit" || name === "trap" || through.includes("exec"),
  );
  if (stops !== undefined) return "an exec, exit or trap in the RUN may end it before";
  const end = list.items.at(-1)!.end;
  const rest = text.slice(end, list.inHeredoc ? lineEnd(text, end) : instruction.end);
  if (/^[;\s]*#/.test(rest)) return "a comment ends the RUN";
  return undefined;
}

/** ` && `, broken over lines as the list's last joint is. */
function jointOf(list: List, { instruction }: Step, { file }: DockerfileView): string {
  const { text, escape } = file;
  const last = list.items.at(-1)!;
  const before = list.items.at(-2);
  const operator = list.errexit && last.joint !== "&&" ? ";" : "&&";
  if (list.inHeredoc && list.errexit && last.joint !== "&&")
    return `${lineBreakOf(text)}${indentAt(text, last.start)}`;
  if (before !== undefined && last.joint === operator) {
    const between = text.slice(before.end, last.start);
    if (isLayout(between, last.joint, escape)) return between;
  }
  const own = text.slice(instruction.start, last.end);
  if (!own.includes("\n") || list.inHeredoc) return operator === ";" ? "; " : " && ";
  const indent = indentAt(text, last.end) || "    ";
  const next = `${escape}${lineBreakOf(text)}${indent}`;
  return operator === ";" ? `; ${next}` : ` ${next}&& `;
}

/** Nothing but the operator, blanks and line ends that are escaped: no comment, which would be said twice. */
function isLayout(between: string, operator: string, escape: string): boolean {
  const bare = between.replaceAll(escape, "").replace(/\s/g, "");
  return bare === operator && !/\n[ \t]*\r?\n/.test(between);
}
