/** Splits the top level of a script into its items and the operators that join them. */
import { itemAt } from "../must.ts";
import type { ParsedScript, Statement } from "unbash";
import type { Command, List, ListItem } from "./script.ts";
import type { Source } from "./source.ts";

type Node = Statement["command"];

export interface ListFacts {
  /** The shell was started with `-e`. */
  readonly errexit: boolean;
  readonly inHeredoc: boolean;
  readonly commands: readonly Command[];
}

export function topLevel(script: ParsedScript, source: Source, facts: ListFacts): List {
  const items: ListItem[] = [];
  let end = 0;
  for (const [i, statement] of script.commands.entries()) {
    const between = source.text.slice(end, statement.pos);
    const before =
      i === 0
        ? undefined
        : itemAt(script.commands, i - 1).background === true
          ? "&"
          : between.includes(";")
            ? ";"
            : "\n";
    const { command } = statement;
    if (command.type === "AndOr") {
      for (const [n, node] of command.commands.entries())
        items.push(itemOf(node, n === 0 ? before : command.operators[n - 1], source));
    } else items.push(itemOf(command, before, source));
    end = command.end;
  }
  return {
    items,
    background: script.commands.at(-1)?.background === true,
    errexit: (facts.errexit || setsErrexit(items[0], facts.commands)) && !facts.commands.some(unsetsErrexit),
    inHeredoc: facts.inHeredoc,
  };
}

function itemOf(node: Node, joint: ListItem["joint"], source: Source): ListItem {
  return {
    ...source.range(node.pos, node.end),
    joint,
    kind: kindOf(node),
    heredoc: /<<(?!<)/.test(source.text.slice(node.pos, node.end)),
  };
}

function kindOf(node: Node): ListItem["kind"] {
  if (node.type === "Command") return "simple";
  const inner = node.type === "Redirected" ? node.command : node;
  if (inner.type === "BraceGroup" || inner.type === "Subshell") return "group";
  return "other";
}

function setsErrexit(first: ListItem | undefined, commands: readonly Command[]): boolean {
  const command = commands[0];
  if (first === undefined || command?.name !== "set" || command.start !== first.start) return false;
  return command.args.some(
    ({ value }, i) =>
      value !== undefined &&
      (/^-[a-zA-Z]*e/.test(value) ||
        (/^-[a-zA-Z]*o$/.test(value) && command.args[i + 1]?.value === "errexit")),
  );
}

function unsetsErrexit({ name, args }: Command): boolean {
  return name === "set" && args.some(({ value }) => value === undefined || value.startsWith("+"));
}
