/** Computes the value of a word where no command has to run for it. */
import type { Word, WordPart } from "unbash";
import { expand } from "../dockerfile/expand.ts";
import type { ShellWord } from "./script.ts";
import { blurred, mapped, type Source } from "./source.ts";

/** Known values; undefined: set, but not known. A name that is absent may be set by the base image. */
export type Variables = ReadonlyMap<string, string | undefined>;

export function shellWord(word: Word, source: Source, variables: Variables): ShellWord {
  const parts = word.parts ?? [];
  return new PlacedWord(
    source,
    word.pos,
    word.end,
    word.parts === undefined ? word.value : valueOf(parts, variables, false),
    parts.some((part) => part.type === "Glob" || part.type === "ExtendedGlob"),
  );
}

/** Returns a string of the JSON form as a word, whose value is its text. */
export function literalWord(source: Source): ShellWord {
  return new PlacedWord(source, 0, source.text.length, source.text, false);
}

/** A word with its offset in the parsed text, for scripts inside words. */
class PlacedWord implements ShellWord {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly value: string | undefined;
  readonly glob: boolean;
  readonly #source: Source;
  readonly #at: number;

  constructor(source: Source, from: number, to: number, value: string | undefined, glob: boolean) {
    const { start, end } = source.range(from, to);
    this.start = start;
    this.end = end;
    this.text = source.text.slice(from, to);
    this.value = value;
    this.glob = glob;
    this.#source = source;
    this.#at = from;
  }

  static placeOf(word: ShellWord): { readonly source: Source; readonly start: number } | undefined {
    return #source in word ? { source: word.#source, start: word.#at } : undefined;
  }
}

/**
 * Returns the script inside a word, with the offset of each character if the word has one pair of quotes. In double
 * quotes, variables stay and are expanded later with the same values.
 */
export function innerSource(word: ShellWord): Source | undefined {
  const { text, value } = word;
  const place = PlacedWord.placeOf(word);
  const inner = text.slice(1, -1);
  const isQuoted =
    text.length >= 2 &&
    !inner.includes(text.charAt(0)) &&
    (/^'.*'$/s.test(text) || (/^".*"$/s.test(text) && !/[\\`]/.test(inner)));
  if (place === undefined || !(isQuoted || text === value))
    return value === undefined ? undefined : blurred(value, word);
  const script = isQuoted ? inner : text;
  const first = place.start + (isQuoted ? 1 : 0);
  const offsets = Array.from(
    { length: script.length + 1 },
    (_, i) => place.source.range(first + i, first + i + 1).start,
  );
  return mapped(script, offsets);
}

/** Returns the value of the parts. Undefined when the shell would split or glob an unquoted value. */
function valueOf(parts: readonly WordPart[], variables: Variables, quoted: boolean): string | undefined {
  let value = "";
  for (const part of parts) {
    const text = partValue(part, variables, quoted);
    if (text === undefined) return undefined;
    value += text;
  }
  return value;
}

function partValue(part: WordPart, variables: Variables, quoted: boolean): string | undefined {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return part.value;
    case "Glob":
    case "ExtendedGlob":
      return part.text;
    case "DoubleQuoted":
    case "LocaleString":
      return valueOf(part.parts, variables, true);
    case "SimpleExpansion":
    case "ParameterExpansion": {
      // `$1`, `$@`, `$?` are the shell's own; the builder's expansion would make them empty
      if (!/^\$\{?[A-Za-z_]/.test(part.text)) return undefined;
      const value = expand(part.text, variables, "\\");
      return quoted || value === undefined || !/[\s*?[]/.test(value) ? value : undefined;
    }
    default:
      return undefined;
  }
}

/** Returns the command and process substitutions of a word, outermost only. */
export function substitutions(word: Word | undefined): WordPart[] {
  const found: WordPart[] = [];
  const look = (parts: readonly WordPart[] | undefined) => {
    for (const part of parts ?? []) {
      if (part.type === "CommandExpansion" || part.type === "ProcessSubstitution") found.push(part);
      else if (part.type === "ParameterExpansion") {
        const { operation } = part;
        if (operation?.type === "Default" || operation?.type === "Remove") look(operation.operand.parts);
      } else if ("parts" in part) look(part.parts);
    }
  };
  look(word?.parts);
  return found;
}
