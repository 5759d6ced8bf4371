/** Parses the options of a command. */
import type { Tool } from "../../knowledge/tool.ts";
import type { ShellWord } from "../../shell/script.ts";

export interface Option {
  /** `-o` or `--output`. */
  readonly name: string;
  /**
   * Undefined for an option without value. For a value inside a cluster, only `value` and `text` of the word are cut.
   */
  readonly value: Pick<ShellWord, "value" | "text"> | undefined;
}

/** Returns the options of a tool's program. */
export function toolOptionsOf(args: readonly ShellWord[], tool: Tool, program: string) {
  const found = tool.options?.find(({ names }) => names === undefined || names.includes(program));
  return optionsOf(args, found?.short ?? "", found?.long ?? [], tool.shortened);
}

/**
 * Returns true if a word is this option of the tool: as written, with a value after `=`, shortened, or in a cluster
 * of letters.
 */
export function isOption(word: string | undefined, option: string, { shortened, clusters }: Tool): boolean {
  if (word === undefined) return false;
  if (fullName(word.replace(/=[^]*$/, ""), shortened) === option) return true;
  return clusters === true && /^-\w$/.test(option) && /^-\w+$/.test(word) && word.includes(option.slice(1));
}

/**
 * Splits arguments as getopt_long does, for the options whose values matter: `short` names the letters that take a value,
 * `long` the long options that do, `shortened` the shortest form of options that may be shortened. A word whose value is not
 * known counts as an operand.
 */
export function optionsOf(
  args: readonly ShellWord[],
  short: string,
  long: readonly string[],
  shortened?: Tool["shortened"],
): { readonly options: readonly Option[]; readonly rest: readonly ShellWord[] } {
  const options: Option[] = [];
  const rest: ShellWord[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i];
    if (word === undefined) break;
    const text = word.value ?? "";
    if (text === "--") {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (text === "-" || !text.startsWith("-")) {
      rest.push(word);
    } else if (text.startsWith("--")) {
      const equals = text.indexOf("=");
      const name = fullName(equals === -1 ? text : text.slice(0, equals), shortened);
      if (equals !== -1) {
        options.push({ name, value: literal(text.slice(equals + 1)) });
      } else {
        options.push({ name, value: long.includes(name) ? args[++i] : undefined });
      }
    } else {
      for (let at = 1; at < text.length; at++) {
        const letter = text.charAt(at);
        if (!short.includes(letter)) {
          options.push({ name: `-${letter}`, value: undefined });
          continue;
        }
        const attached = text.slice(at + 1);
        options.push({ name: `-${letter}`, value: attached === "" ? args[++i] : literal(attached) });
        break;
      }
    }
  }
  return { options, rest };
}

function literal(value: string): Pick<ShellWord, "value" | "text"> {
  return { value, text: value };
}

/** Returns the full name of a long option that may be shortened. */
export function fullName(given: string, shortened: Tool["shortened"]): string {
  if (shortened === undefined || !given.startsWith("--")) return given;
  for (const option in shortened)
    if (option.startsWith(given) && given.startsWith(shortened[option] ?? option)) return option;
  return given;
}
