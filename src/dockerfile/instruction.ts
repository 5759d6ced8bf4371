/** Parses one instruction from its joined text. */
import { itemAt } from "../must.ts";
import type { Flag, Heredoc, Instruction, Pair, PlainInstruction, Range, Word } from "./dockerfile.ts";
import { readFlags } from "./flags.ts";
import { acceptsJson, readJsonForm, type JsonForm } from "./json-form.ts";
import { isSpace, type Logical } from "./lines.ts";
import { blankWords, quotedWords, unquote } from "./words.ts";

export interface InstructionPlace {
  readonly index: number;
  readonly line: number;
  readonly endLine: number;
  /** Offset in the file: end of the last line that belongs to it. */
  readonly end: number;
  readonly stage: number | undefined;
  readonly escape: string;
  readonly heredocs: readonly Heredoc[];
}

/** Every instruction has all fields at run time: objects of one shape are read faster. */
interface RawInstruction extends Omit<PlainInstruction, "keyword"> {
  readonly keyword: string;
  readonly pairs: readonly Pair[];
  readonly heredocs: readonly Heredoc[];
  readonly trigger: Instruction | undefined;
}

/**
 * Reads an instruction from index `from` of the joined text, which is trimmed; `from` is above 0 for the trigger of
 * an ONBUILD.
 */
export function readInstruction(logical: Logical, place: InstructionPlace, from = 0): Instruction {
  const { text } = logical;
  let start = from;
  while (isSpace(text[start])) start++;
  let end = text.length;
  while (end > start && isSpace(text[end - 1])) end--;
  let keywordEnd = start;
  while (keywordEnd < end && !/[\t\v\f\r ]/.test(text.charAt(keywordEnd))) keywordEnd++;
  const keyword = text.slice(start, keywordEnd).toUpperCase();
  const source = new Source(logical, text.slice(0, end), place.escape);
  const { flags, end: afterFlags } = readFlags(source.text, keywordEnd, place.escape);
  let args = Math.min(afterFlags, end);
  while (args < end && isSpace(text[args])) args++;
  const json = acceptsJson(keyword) ? readJsonForm(source.text, args) : undefined;
  const firstLineEnd = logical.offset(end);
  // only shell scripts and JSON forms need the offsets
  let bodyOffsets: readonly number[] | undefined;
  const instruction: RawInstruction = {
    index: place.index,
    keyword,
    keywordRange: source.range({ start, end: keywordEnd }),
    start: logical.offset(start),
    end: Math.max(place.end, firstLineEnd),
    line: place.line,
    endLine: place.endLine,
    stage: place.stage,
    flags: flags.map((flag): Flag => ({ ...flag, ...source.range(flag) })),
    argsRange: source.range({ start: args, end }),
    body: text.slice(args, end),
    get bodyOffsets() {
      return (bodyOffsets ??= logical.offsets(args, end));
    },
    form: json === undefined ? "shell" : "exec",
    exec: json?.strings,
    words: source.words(keyword, args, json),
    pairs: source.pairs(keyword, args),
    heredocs: place.heredocs,
    trigger: keyword === "ONBUILD" && args < end ? readInstruction(logical, place, args) : undefined,
  };
  // the only cast to the union: the code above sets the properties of each keyword
  return instruction as Instruction;
}

/** The joined text up to the instruction's end, with a map from its indexes to offsets in the file. */
class Source {
  readonly text: string;
  readonly #logical: Logical;
  readonly #escape: string;

  constructor(logical: Logical, text: string, escape: string) {
    this.#logical = logical;
    this.text = text;
    this.#escape = escape;
  }

  range({ start, end }: Range): Range {
    const from = this.#logical.offset(start);
    return { start: from, end: end > start ? this.#logical.offset(end - 1) + 1 : from };
  }

  words(keyword: string, args: number, json: JsonForm | undefined): Word[] {
    if (json !== undefined) {
      return json.ranges.map((range, i) => ({ ...this.#word(range), value: itemAt(json.strings, i) }));
    }
    if (args >= this.text.length || keyword === "RUN" || keyword === "ONBUILD") return [];
    if (keyword === "ENV" || keyword === "ARG" || keyword === "LABEL") {
      return quotedWords(this.text, args, this.#escape).map((range) => this.#word(range));
    }
    if (["WORKDIR", "USER", "STOPSIGNAL", "MAINTAINER"].includes(keyword)) {
      return [this.#word({ start: args, end: this.text.length })];
    }
    return blankWords(this.text, args).map((range) => this.#word(range));
  }

  pairs(keyword: string, args: number): Pair[] {
    if (keyword !== "ENV" && keyword !== "ARG" && keyword !== "LABEL") return [];
    const words = quotedWords(this.text, args, this.#escape);
    const first = words[0];
    if (first === undefined) return [];
    if (keyword !== "ARG" && !this.text.slice(first.start, first.end).includes("="))
      return this.#legacyPair(args);
    return words.map((range) => {
      const text = this.text.slice(range.start, range.end);
      const equals = text.indexOf("=");
      const written = equals < 0 ? text : text.slice(0, equals);
      const rawValue = equals < 0 ? undefined : text.slice(equals + 1);
      return {
        ...this.range(range),
        name: keyword === "ARG" ? written : unquote(written, this.#escape),
        value: rawValue === undefined ? undefined : unquote(rawValue, this.#escape),
        rawValue,
      };
    });
  }

  /** Reads the legacy form `ENV name any value`: one pair, whose value is the rest of the line. */
  #legacyPair(args: number): Pair[] {
    const [name] = blankWords(this.text, args);
    if (name === undefined) return [];
    let value = name.end;
    while (isSpace(this.text[value])) value++;
    if (value >= this.text.length) return [];
    const rawValue = this.text.slice(value);
    return [
      {
        ...this.range({ start: name.start, end: this.text.length }),
        name: unquote(this.text.slice(name.start, name.end), this.#escape),
        value: unquote(rawValue, this.#escape),
        rawValue,
      },
    ];
  }

  #word(range: Range): Word {
    const text = this.text.slice(range.start, range.end);
    return { ...this.range(range), text, value: unquote(text, this.#escape) };
  }
}
