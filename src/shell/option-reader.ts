/** Splits the words of a command into options and operands, as the option parsers of programs do. */
import type { ShellWord } from "./script.ts";

/** How a program reads its options. Names have their dashes: `-o`, `--output`. */
export interface OptionSyntax {
  /** Letters of the short options that take a value, attached or as the next word: `-oX`, `-o X`. */
  readonly short: string;
  /** Other options that take a value, after `=` or as the next word. */
  readonly long: readonly string[];
  /** Known options without a value. */
  readonly flags?: readonly string[];
  /** True if a unique beginning of a long option is that option: getopt_long, argparse, Getopt::Long. */
  readonly abbreviates?: true;
  /** True if a name after one dash may be a whole word (`-ldflags`, `-pl`), and one dash is as good as two: Go, Java. */
  readonly wholeNames?: true;
  /** True if a word that begins with a dash is never the value of the option before it: npm, Yarn. */
  readonly softValues?: true;
  /** True if `--no-x` exists for every `--x`, and a `true` or `false` after an option without a value belongs to it: npm. */
  readonly booleans?: true;
  /** True if the first operand ends the options: programs that run another command. */
  readonly stops?: true;
}

export interface Option {
  /** The full name, `-o` or `--output`; as written if it is not known. */
  readonly name: string;
  /** Undefined for an option without value. For a value inside a word, only `value` and `text` are cut. */
  readonly value: Pick<ShellWord, "value" | "text"> | undefined;
  /** False for an option that the syntax does not list, which may take the next word as its value. */
  readonly isKnown: boolean;
}

export interface ReadOptions {
  readonly options: readonly Option[];
  /** The operands. */
  readonly rest: readonly ShellWord[];
  /** How many operands stand before the first unknown option: the others may be values of options. */
  readonly sure: number;
}

/** Splits arguments. A word whose value is not known counts as an operand. */
export function optionsOf(args: readonly ShellWord[], syntax: OptionSyntax): ReadOptions {
  const options: Option[] = [];
  const rest: ShellWord[] = [];
  let sure = Infinity;
  for (let i = 0; i < args.length; i++) {
    const word = args[i];
    if (word === undefined) break;
    const text = word.value ?? "";
    if (text === "--") {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (text === "-" || !text.startsWith("-")) {
      if (syntax.stops === true) {
        rest.push(...args.slice(i));
        break;
      }
      rest.push(word);
      continue;
    }
    const { found, takes } = readWord(text, syntax);
    options.push(...found);
    if (found.some(({ isKnown }) => !isKnown)) sure = Math.min(sure, rest.length);
    const last = options.at(-1);
    const next = args[i + 1];
    if (last === undefined) continue;
    if (takes) {
      if (syntax.softValues === true && next?.value?.startsWith("-") === true) continue;
      options[options.length - 1] = { ...last, value: next };
      i++;
    } else if (
      syntax.booleans === true &&
      last.value === undefined &&
      /^(?:true|false)$/.test(next?.value ?? "")
    ) {
      options[options.length - 1] = { ...last, value: next };
      i++;
    }
  }
  return { options, rest, sure };
}

/** Reads the options of one word; `takes` is true if the last of them takes the next word. */
function readWord(text: string, syntax: OptionSyntax): { found: Option[]; takes: boolean } {
  const equals = text.indexOf("=");
  const given = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? undefined : literal(text.slice(equals + 1));
  const isWhole = text.startsWith("--") || (syntax.wholeNames === true && given.length > 2);
  const name = isWhole ? fullName(given, syntax) : undefined;
  if (name !== undefined) {
    const takes = value === undefined && syntax.long.includes(name);
    return { found: [{ name, value, isKnown: true }], takes };
  }
  if (text.startsWith("--")) return { found: [{ name: given, value, isKnown: false }], takes: false };
  const cluster = lettersOf(text, syntax);
  const isUnknown = isWhole && cluster.found.some(({ isKnown }) => !isKnown);
  return isUnknown ? { found: [{ name: given, value, isKnown: false }], takes: false } : cluster;
}

/** Reads `-abcVALUE`. */
function lettersOf(text: string, { short, long, flags = [] }: OptionSyntax) {
  const found: Option[] = [];
  for (let at = 1; at < text.length; at++) {
    const name = `-${text.charAt(at)}`;
    const attached = text.slice(at + 1);
    const isValued = short.includes(text.charAt(at));
    // a name of one letter among `long` takes no attached value: Go, npm
    const isSeparate = long.includes(name) && /^(?:$|=)/.test(attached);
    if (isValued || isSeparate || attached.startsWith("=")) {
      const isKnown = isValued || isSeparate || flags.includes(name);
      // `-o=x`: for getopt this is `=x`, for most others x; no file or folder begins with `=`
      const value = attached === "" ? undefined : literal(attached.replace(/^=/, ""));
      return { found: [...found, { name, value, isKnown }], takes: attached === "" };
    }
    found.push({ name, value: undefined, isKnown: flags.includes(name) });
  }
  return { found, takes: false };
}

function literal(value: string): Pick<ShellWord, "value" | "text"> {
  return { value, text: value };
}

/** Returns the name of a long option, which may be abbreviated; undefined if the syntax does not list it. */
export function fullName(given: string, syntax: OptionSyntax): string | undefined {
  const { long, flags = [], abbreviates, wholeNames } = syntax;
  const isIn = (name: string) => long.includes(name) || flags.includes(name);
  const bare = given.replace(/^--?/, "");
  const names = wholeNames === true ? [given, `--${bare}`, `-${bare}`] : [given];
  const exact = names.find(isIn);
  if (exact !== undefined) return exact;
  if (
    syntax.booleans === true &&
    // once only: `--no-no-x` is no option
    /^no-(?!no-)/.test(bare) &&
    fullName(`--${bare.slice(3)}`, syntax) !== undefined
  )
    return `--${bare}`;
  if (abbreviates !== true) return undefined;
  const possible = [...long, ...flags].filter((name) => name.startsWith(`--${bare}`));
  return possible.length === 1 ? possible[0] : undefined;
}
