/** The value a word has, where it can be known without running anything. */
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

/** A string of the JSON form: what it says is what it is. */
export function literalWord(source: Source): ShellWord {
  return new PlacedWord(source, 0, source.text.length, source.text, false);
}

/** A word that knows where it begins in the parsed text, for scripts inside words. */
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
 * The script that a word holds, each character at its place where the word is quoted simply. In double quotes the
 * variables are left in: they are filled in later, with the same values.
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

/** Unquoted values are cut at blanks and globbed by the shell: then the word is not one word. */
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
      // `$1`, `$@`, `$?` are the shell's own; the builder's expansion would call them empty
      if (!/^\$\{?[A-Za-z_]/.test(part.text)) return undefined;
      const value = expand(part.text, variables, "\\");
      return quoted || value === undefined || !/[\s*?[]/.test(value) ? value : undefined;
    }
    default:
      return undefined;
  }
}

/** The command and process substitutions of a word, outermost only. */
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
