/** Finds commands that run code which the text does not show: scripts, tasks of a project, unknown programs. */
import type { Instruction } from "../../dockerfile/dockerfile.ts";
import { callsPrograms, settingsFiles } from "../../knowledge/commands.ts";
import type { InterpreterFacts, Tool } from "../../knowledge/tool.ts";
import { isPlainProgram, programTool, toolWith } from "../../knowledge/toolbox.ts";
import { baseName } from "../../paths.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import { isShell } from "../../shell/shells.ts";
import { toolLine } from "./option-words.ts";

/**
 * Returns true for a command that may run anything: a shell with a script file, an unknown name, a program by a path
 * outside the folders of programs, and a command of a tool that its record does not know (docs/spec/dockerfile.md,
 * "Scripts").
 */
export function isOpaque(command: Command): boolean {
  let found = known.get(command);
  if (found === undefined) known.set(command, (found = find(command)));
  return found;
}

const known = new WeakMap<Command, boolean>();

function find({
  name,
  word,
  args,
  redirects,
}: Pick<Command, "name" | "word" | "args" | "redirects">): boolean {
  if (word === undefined) return false;
  // the body of a function of the script is among its commands
  if (name === undefined) return word.value === undefined || word.glob;
  if (isShell(name)) {
    // a script in a heredoc is parsed; one from a pipe is not
    const isHere = redirects.some(({ operator }) => operator.includes("<<"));
    return !isHere || args.some(({ value }) => value === undefined || !/^[-+]/.test(value));
  }
  if (name === "." || name === "source") return args.some(({ text }) => !settingsFiles.test(bare(text)));
  // `env` alone prints the environment
  if (name === "env") return args.length > 0;
  const path = word.value ?? word.text;
  const tool = programTool(name);
  const isInstalled = Array.isArray(tool?.known) ? IN_BIN : IN_SYSTEM;
  if (path.includes("/") && !isInstalled.test(path)) return true;
  // by any program: it is installed, and prints its version
  if (args.length === 1 && /^(?:--version|-version|-V)$/.test(args[0]?.value ?? "")) return false;
  if (tool !== undefined) return !isKnownTo(tool, name, args);
  if (toolWith(name) !== undefined) return false;
  return (
    !isPlainProgram(name) ||
    (name.endsWith("awk") && args.some(({ text }) => /system\s*\(|\|\s*getline/.test(text)))
  );
}

/** Returns true if the command of a container (CMD, ENTRYPOINT, HEALTHCHECK) runs code that the text does not show. */
export function startsOpaque({ exec, body, keyword }: Instruction): boolean {
  const text = keyword === "HEALTHCHECK" ? body.replace(/^(?:--\S+\s+)*(?:CMD|NONE)\s*/i, "") : body;
  return exec === undefined ? isOpaqueLine(text) : isOpaqueProgram(exec);
}

function isOpaqueProgram(words: readonly string[]): boolean {
  const [first = "", ...rest] = words.slice(words.findIndex((word) => !/^(?:exec|env|\w+=.*)$/.test(word)));
  const name = baseName(first) ?? first;
  if (isShell(name) && /^-\w*c$/.test(rest[0] ?? "")) return isOpaqueLine(rest[1] ?? "");
  const [word, ...args] = [first, ...rest].map((each): ShellWord => ({
    text: each,
    value: each.includes("$") ? undefined : each,
    glob: false,
    start: 0,
    end: 0,
  }));
  return find({ name, word, args, redirects: [] });
}

function isOpaqueLine(line: string): boolean {
  return line
    .split(/[;&|]+/)
    .map((part) => part.trim())
    .some((part) => part !== "" && isOpaqueProgram(part.split(/\s+/)));
}

/** Returns the tool that a command runs: pip for `pip`, `pip3.12` and `python -m pip`; also for helpers of it. */
export function toolRunBy({ name, args }: Command): Tool | undefined {
  if (name === undefined) return undefined;
  const tool = programTool(name) ?? toolWith(name);
  const { module } = tool?.interprets ?? {};
  if (module === undefined) return tool;
  const at = args.findIndex(({ value }) => value === module);
  const given = at < 0 ? undefined : args[at + 1]?.value;
  return given === undefined ? tool : (programTool(given) ?? tool);
}

const IN_SYSTEM = /^(?:\/usr(?:\/local)?)?\/s?bin\/[^/]+$/;

/** Programs of a language are installed anywhere: `/opt/venv/bin/pip`. */
const IN_BIN = /(?:^|\/)s?bin\/[^/]+$/;

function isKnownTo(tool: Tool, name: string, args: readonly ShellWord[]): boolean {
  if (tool.interprets !== undefined) return isHarmlessCode(args, tool.interprets);
  const { known: verbs, manyVerbs, opaque } = tool;
  if (verbs === "all") return true;
  if (verbs === undefined || opaque !== undefined) return false;
  const { operands: given, sure } = toolLine(args, tool, name);
  // `cargo +nightly build`
  const operands = given.filter(({ text }) => !text.startsWith("+")).map(({ value }) => value);
  const [first, second] = operands;
  // the tool alone installs (`yarn`), or prints how to use it
  if (operands.length === 0) return sure > 0;
  if (manyVerbs === true)
    return sure === Infinity && operands.every((each) => each !== undefined && verbs.includes(each));
  if (first === undefined || sure < 1) return false;
  return verbs.includes(first) || (sure > 1 && verbs.includes(`${first} ${second ?? ""}`));
}

/** Returns true for code in the text that runs no other program, and for a module that is known. */
function isHarmlessCode(args: readonly ShellWord[], { code, module, modules }: InterpreterFacts): boolean {
  const at = args.findIndex(
    ({ value }) => value === undefined || !value.startsWith("-") || value === module || code.includes(value),
  );
  const option = args[at]?.value;
  const given = args[at + 1];
  if (option === undefined || given?.value === undefined) return false;
  if (code.includes(option)) return !callsPrograms.test(given.value);
  if (option !== module) return false;
  if (modules?.includes(given.value) === true) return true;
  const tool = programTool(given.value);
  return (
    tool !== undefined && tool.interprets === undefined && isKnownTo(tool, given.value, args.slice(at + 2))
  );
}

function bare(text: string): string {
  return text.replaceAll(/["']/g, "");
}
