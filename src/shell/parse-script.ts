/** Parses a RUN into the commands it executes. */
import type { ParsedScript } from "unbash";
import type { RunInstruction } from "../dockerfile/dockerfile.ts";
import { topLevel } from "./list.ts";
import type { Script } from "./script.ts";
import { heredocSource, jsonSources, lineWithHeredocs, type Source } from "./source.ts";
import { ShellState } from "./state.ts";
import { literalWord, type Variables } from "./word-values.ts";
import { Walker } from "./walk-commands.ts";
import { isShell } from "./shells.ts";
import { baseName } from "./wrappers.ts";

export interface ScriptInput {
  readonly instruction: RunInstruction;
  /** Text of the whole Dockerfile. */
  readonly text: string;
  /** SHELL in force. */
  readonly shell: readonly string[];
  readonly workdir: string | undefined;
  /** ENV and ARG in force. A name that is absent may be set by the base image. */
  readonly variables: Variables;
}

const unknown: Script = { commands: [], list: undefined, shell: "other", complete: false };

/** Parses the script of a RUN. Never throws; a script that cannot be understood has `complete: false`. */
export function parseScript(input: ScriptInput): Script {
  const walker = new Walker();
  let top: TopLevel | undefined;
  try {
    if (input.instruction.exec !== undefined) walkExec(walker, input);
    else {
      top = walkShell(walker, input);
      if (top === undefined) return unknown;
    }
  } catch (error) {
    // the syntax tree is deeper than the stack
    if (!(error instanceof RangeError)) throw error;
    return { commands: [], list: undefined, shell: "posix", complete: false };
  }
  const commands = walker.commands.toSorted((a, b) => a.start - b.start);
  const [first] = input.instruction.exec ?? [];
  const shell = first === undefined || isShell(baseName(first)) ? "posix" : "none";
  const { complete } = walker;
  const list =
    top?.parsed === undefined || !complete
      ? undefined
      : topLevel(top.parsed, top.source, { errexit: top.errexit, inHeredoc: top.inHeredoc, commands });
  return { commands, list, shell, complete };
}

interface TopLevel extends ShellScript {
  readonly parsed: ParsedScript | undefined;
}

function walkExec(walker: Walker, { instruction, workdir, variables }: ScriptInput): void {
  const words = jsonSources(instruction).map(literalWord);
  const state = new ShellState(workdir, variables, false, true);
  const source = jsonSources(instruction)[0];
  if (source === undefined) return;
  const at = { state, source, certain: true, must: true, through: [], depth: 0 };
  walker.run(words, at, { start: instruction.argsRange.start, end: instruction.argsRange.end });
}

function walkShell(walker: Walker, input: ScriptInput): TopLevel | undefined {
  const script = scriptOf(input);
  if (script === undefined) return undefined;
  const state = new ShellState(input.workdir, input.variables, script.errexit, true);
  const at = { state, certain: true, must: true, through: [], depth: 0 };
  return { ...script, parsed: walker.script(script.source, at) };
}

interface ShellScript {
  readonly source: Source;
  readonly errexit: boolean;
  readonly inHeredoc: boolean;
}

/** Returns the script; undefined when a shell other than a POSIX shell reads it. */
function scriptOf({ instruction, text, shell }: ScriptInput): ShellScript | undefined {
  const [heredoc] = instruction.heredocs;
  // a heredoc alone: its body is the script, run by the shell of its shebang if it has one
  if (
    instruction.heredocs.length === 1 &&
    heredoc !== undefined &&
    /^\d*<<[^\s<]+$|^\d*<<-?(["']).*\1$/.test(instruction.body)
  ) {
    const shebang = /^#!\s*(\S+)[ \t]*(.*)/.exec(heredoc.content);
    const source = heredocSource(heredoc, text);
    if (shebang === null)
      return isPosix(shell) ? { source, errexit: hasErrexit(shell), inHeredoc: true } : undefined;
    const [, program = "", rest = ""] = shebang;
    const options = rest.split(/\s+/).filter((word) => word !== "");
    const words = [program, ...options];
    const interpreter = baseName(program) === "env" ? options.find((word) => !word.startsWith("-")) : program;
    return isShell(baseName(interpreter ?? ""))
      ? { source, errexit: hasErrexit(words), inHeredoc: true }
      : undefined;
  }
  if (!isPosix(shell)) return undefined;
  return { source: lineWithHeredocs(instruction, text), errexit: hasErrexit(shell), inHeredoc: false };
}

function isPosix(shell: readonly string[]): boolean {
  // `/usr/bin/env bash -c`
  const command = (baseName(shell[0] ?? "") === "env" ? shell[1] : shell[0]) ?? "";
  return isShell(baseName(command)) && shell.some((word) => /^-[a-zA-Z]*c$/.test(word));
}

/** `-e`, `-ec`, `-o errexit`. */
function hasErrexit(words: readonly string[]): boolean {
  return words.some((word, i) => i > 0 && (/^-[a-zA-Z]*e[a-zA-Z]*$/.test(word) || word === "errexit"));
}
