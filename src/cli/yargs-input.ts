/** Workarounds for yargs: rewrites the words of a command line before parsing, and the parsed values afterwards. */
import type { OptionEntry, OptionTable, ValuesOf } from "./option-table.ts";

/** The commands, and the options without a value of all commands. */
export interface Grammar {
  readonly commands: ReadonlySet<string>;
  readonly flags: ReadonlySet<string>;
}

/** The commands that take targets, as `layerlint` alone does. */
export type DefaultCommand = "lint" | "fix" | "inspect";

export interface YargsInput {
  /** The words that yargs parses. */
  readonly words: readonly string[];
  /** The command to register with yargs as default. */
  readonly defaultCommand: DefaultCommand;
  /** The named command; undefined when there is none. */
  readonly command: string | undefined;
  /** Targets after `--`. */
  readonly behind: readonly string[];
}

export function forYargs(argv: readonly string[], grammar: Grammar): YargsInput {
  const { before, behind } = splitAtDashes(argv);
  const given = commandFirst(before, grammar);
  const [first = ""] = given;
  const { defaultCommand, words } = withoutDefault(given, grammar);
  const command = grammar.commands.has(first) ? first : undefined;
  return { words: words.map(toWord), defaultCommand, command, behind };
}

/** Splits the words at `--`, because yargs drops the words after it. */
export function splitAtDashes(argv: readonly string[]): {
  readonly before: readonly string[];
  readonly behind: readonly string[];
} {
  const at = argv.indexOf("--");
  return at < 0 ? { before: argv, behind: [] } : { before: argv.slice(0, at), behind: argv.slice(at + 1) };
}

/**
 * `--no-config fix x` → `fix --no-config x`: yargs would take the command as the value of the option before it. After
 * an option with a value the command is not moved: `lint` may be the name of a stage.
 */
export function commandFirst(argv: readonly string[], { commands, flags }: Grammar): readonly string[] {
  const hasNoValue = (word: string) =>
    /^--[a-z-]+=/.test(word) || (word.startsWith("--") && flags.has(word.slice(2)));
  const at = argv.findIndex((word) => !hasNoValue(word));
  const command = argv[at];
  if (at <= 0 || command === undefined || !commands.has(command)) return argv;
  return [command, ...argv.slice(0, at), ...argv.slice(at + 1)];
}

/**
 * Removes the name of `lint`, `fix` or `inspect` and makes it the default command, unless help is requested. With a
 * named command yargs formats its help in every run, which takes longer than linting a Dockerfile.
 */
export function withoutDefault(
  argv: readonly string[],
  { commands }: Grammar,
): { readonly defaultCommand: DefaultCommand; readonly words: readonly string[] } {
  const [first, second = "lint"] = argv;
  const wantsHelp = argv.includes("--help") || argv.includes("-h");
  if ((first !== "lint" && first !== "fix" && first !== "inspect") || wantsHelp || commands.has(second))
    return { defaultCommand: "lint", words: argv };
  return { defaultCommand: first, words: argv.slice(1) };
}

/** Replacement for a positional `-`, which yargs drops; no argument can hold a NUL. */
const stdinWord = "\0";

export function toWord(argument: string): string {
  return argument === "-" ? stdinWord : argument;
}

export function fromWord(word: string): string {
  return word === stdinWord ? "-" : word;
}

/** Returns the targets of a command, those after `--` last. */
export function targetsOf(
  { targets }: { readonly targets: readonly string[] },
  { behind }: YargsInput,
): readonly string[] {
  return [...targets.map(fromWord), ...behind];
}

/** Returns the values of the options of a table, as the user gave them. */
export function valuesOf<Table extends OptionTable>(args: object, table: Table): ValuesOf<Table> {
  const values = new Map<string, unknown>(Object.entries(args));
  const entries = Object.entries(table).map(([name, entry]) => {
    const key = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return [key, asGiven(lastOf(values.get(name), entry))] as const;
  });
  return Object.fromEntries(entries) as ValuesOf<Table>;
}

/** Returns the last value of an option given twice, for which yargs makes a list; a list option keeps all. */
export function lastOf(value: unknown, { kind }: Pick<OptionEntry, "kind">): unknown {
  return Array.isArray(value) && kind !== "list" ? value.at(-1) : value;
}

function asGiven(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asGiven);
  return typeof value === "string" ? fromWord(value) : value;
}
