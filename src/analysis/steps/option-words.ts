/** Reads the command lines of tools by the facts of their records. */
import { optionsOf, type Option, type OptionSyntax } from "../../shell/option-reader.ts";
import { plainSyntax } from "../../knowledge/commands.ts";
import type { Tool } from "../../knowledge/tool.ts";
import { programTool } from "../../knowledge/toolbox.ts";
import type { Command, ShellWord } from "../../shell/script.ts";

export interface CommandLine {
  readonly options: readonly Option[];
  /** The words that are neither options nor their values: verbs first. */
  readonly operands: readonly ShellWord[];
  /** How many operands stand before the first option that the record does not know: others may be values of options. */
  readonly sure: number;
}

/** Returns how a program of the tool reads its options. */
export function syntaxOf(tool: Tool | undefined, program: string): OptionSyntax {
  return (
    tool?.options?.find(({ names }) => names === undefined || names.includes(program)) ?? plainSyntax(program)
  );
}

/** Returns the command line of a tool's program. */
export function toolLine(args: readonly ShellWord[], tool: Tool | undefined, program: string): CommandLine {
  const { options, rest, sure } = optionsOf(args, syntaxOf(tool, program));
  return { options, operands: rest, sure };
}

/** Returns the command line, read as the record of its program says; without a record, no option takes a word. */
export function lineOf(command: Pick<Command, "name" | "args">): CommandLine {
  let found = known.get(command);
  if (found === undefined) {
    const { name = "", args } = command;
    known.set(command, (found = toolLine(args, programTool(name), name)));
  }
  return found;
}

const known = new WeakMap<Pick<Command, "name" | "args">, CommandLine>();

/** Returns the first operand; undefined if there is none, or if it may be the value of an option that is not known. */
export function verbOf(command: Pick<Command, "name" | "args">): ShellWord | undefined {
  const { operands, sure } = lineOf(command);
  return sure > 0 ? operands[0] : undefined;
}

/** Returns true if the line has an option, or an option with a value that begins so: `--setopt=cachedir`, `-D=a.b`. */
export function hasOption({ options }: Pick<CommandLine, "options">, wanted: string): boolean {
  const equals = wanted.indexOf("=");
  const name = equals < 0 ? wanted : wanted.slice(0, equals);
  const start = equals < 0 ? undefined : wanted.slice(equals + 1);
  return options.some(
    (option) =>
      option.name === name &&
      (start === undefined || option.value?.value === start || option.value?.value?.startsWith(`${start}=`)),
  );
}

/** Returns the words with the full names of long options, so that patterns of words need not know beginnings. */
export function fullWords(command: Pick<Command, "name" | "args">): readonly (string | undefined)[] {
  const { options } = lineOf(command);
  return [...command.args.map(({ value }) => value), ...options.map(({ name }) => name)];
}
