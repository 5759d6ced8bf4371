/** What yargs needs done to the words of a command line before it reads them, and to the values that it makes of them. */
import type { OptionEntry, OptionTable, ValuesOf } from "./option-table.ts";

/** The commands, and the options without a value, of whichever command. */
export interface Grammar {
  readonly commands: ReadonlySet<string>;
  readonly flags: ReadonlySet<string>;
}

/** The commands that take targets, as `layerlint` alone does. */
export type DefaultCommand = "lint" | "fix" | "inspect";

export interface YargsInput {
  /** What yargs parses. */
  readonly words: readonly string[];
  /** The command that yargs is to take for the default one. */
  readonly defaultCommand: DefaultCommand;
  /** The command that was named. */
  readonly command: string | undefined;
  /** Targets that stand behind `--`. */
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

/** yargs loses what stands behind `--`. */
export function splitAtDashes(argv: readonly string[]): {
  readonly before: readonly string[];
  readonly behind: readonly string[];
} {
  const at = argv.indexOf("--");
  return at < 0 ? { before: argv, behind: [] } : { before: argv.slice(0, at), behind: argv.slice(at + 1) };
}

/**
 * `--no-config fix x` → `fix --no-config x`: yargs would take the command for the value of the option before it. Behind an
 * option with a value nothing is moved: `lint` may be the name of a stage.
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
 * Where a command is named, yargs lays out its help in every run, which takes longer than linting a Dockerfile. So `lint`,
 * `fix` and `inspect` are made the default command and their name is left out, unless help is wanted.
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

/** yargs loses a positional `-`, so it travels as a word that no argument can be. */
const stdinWord = "\0";

export function toWord(argument: string): string {
  return argument === "-" ? stdinWord : argument;
}

export function fromWord(word: string): string {
  return word === stdinWord ? "-" : word;
}

/** The targets of a command, those behind `--` last. */
export function targetsOf(
  { targets }: { readonly targets: readonly string[] },
  { behind }: YargsInput,
): readonly string[] {
  return [...targets.map(fromWord), ...behind];
}

/** What yargs made of the options of a table, as it was given. */
export function valuesOf<Table extends OptionTable>(args: object, table: Table): ValuesOf<Table> {
  const values = new Map<string, unknown>(Object.entries(args));
  const entries = Object.entries(table).map(([name, entry]) => {
    const key = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return [key, asGiven(lastOf(values.get(name), entry))] as const;
  });
  return Object.fromEntries(entries) as ValuesOf<Table>;
}

/** yargs makes a list of an option that is given twice; the last one counts, except where all do. */
export function lastOf(value: unknown, { kind }: Pick<OptionEntry, "kind">): unknown {
  return Array.isArray(value) && kind !== "list" ? value.at(-1) : value;
}

function asGiven(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asGiven);
  return typeof value === "string" ? fromWord(value) : value;
}
