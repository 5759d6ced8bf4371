import type { ShellWord } from "../../shell/script.ts";

export interface Option {
  /** `-o` or `--output`. */
  readonly name: string;
  /** Undefined for an option without value. Only `value` and `text` of a word inside a cluster are cut. */
  readonly value: Pick<ShellWord, "value" | "text"> | undefined;
}

/**
 * Splits arguments as getopt_long does, for the options whose values matter: `short` names the letters that take a value,
 * `long` the long options that do. A word whose value is not known counts as an operand.
 */
export function optionsOf(
  args: readonly ShellWord[],
  short: string,
  long: readonly string[],
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
      if (equals !== -1) {
        options.push({ name: text.slice(0, equals), value: literal(text.slice(equals + 1)) });
      } else {
        options.push({ name: text, value: long.includes(text) ? args[++i] : undefined });
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
