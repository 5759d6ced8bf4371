/** The types of a Dockerfile. Offsets are UTF-16 offsets into the text exactly as given (BOM and CR included). */

export interface Range {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Replaces a range of the Dockerfile by a text. */
export interface TextEdit extends Range {
  readonly text: string;
}

/** Lines and columns count from 1, columns in UTF-16 units, `endColumn` exclusive. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A word of an instruction after flags; quotes as written in `text`, removed in `value` (not expanded). */
export interface Word extends Range {
  readonly text: string;
  readonly value: string;
}

/** `--name` or `--name=value`; name without the dashes. */
export interface Flag extends Range {
  readonly name: string;
  /** Undefined for `--link` without `=`. Quotes removed, not expanded. */
  readonly value: string | undefined;
}

export interface Heredoc {
  /** Unquoted delimiter. */
  readonly name: string;
  /** `3<<EOF`: 3; otherwise undefined. */
  readonly fd: number | undefined;
  /** Delimiter was not quoted: the body is expanded (by the shell for RUN, by the builder for COPY and ADD). */
  readonly expand: boolean;
  /** `<<-`: leading tabs are removed from every body line. */
  readonly chomp: boolean;
  /** Range of `<<EOF` on the instruction's first logical line. */
  readonly start: Range;
  /** The lines between, last newline included; empty range for an empty body. */
  readonly body: Range;
  /** The body as the builder sees it: tabs removed if `chomp`; a carriage return at a line's end stays. */
  readonly content: string;
  /** Range of the delimiter line; undefined when it is missing (a syntax error). */
  readonly delimiter: Range | undefined;
}

/** One `NAME=value` of ENV, ARG, LABEL. */
export interface Pair extends Range {
  readonly name: string;
  /** Unquoted, not expanded; undefined for `ARG NAME`. */
  readonly value: string | undefined;
  /** As written, for code that needs the quotes. */
  readonly rawValue: string | undefined;
}

/** The properties of every instruction. */
interface AnyInstruction extends Range {
  /** Position in `Dockerfile.instructions`. */
  readonly index: number;
  readonly keywordRange: Range;
  /** 1-based first and last line, heredoc bodies and delimiters included. */
  readonly line: number;
  readonly endLine: number;
  /** Index of its stage; undefined for a global ARG before the first FROM. */
  readonly stage: number | undefined;
  readonly flags: readonly Flag[];
  /** Everything after keyword and flags. */
  readonly argsRange: Range;
  /**
   * `argsRange` as the builder sees it: continuation lines joined, comment and blank lines inside dropped, inner
   * blanks kept, trimmed; heredoc bodies not included. BuildKit records this text in the history.
   */
  readonly body: string;
  /**
   * For each UTF-16 unit of `body` its offset in the text; one longer than `body` (the end).
   */
  readonly bodyOffsets: readonly number[];
  /**
   * `exec` when the body is a JSON array of strings for an instruction that accepts one
   * (docs/spec/dockerfile.md, row B).
   */
  readonly form: "shell" | "exec";
  /** The strings of the exec form, else undefined. */
  readonly exec: readonly string[] | undefined;
  /** Words of the first logical line. For COPY and ADD in JSON form: its strings. For RUN in shell form: empty. */
  readonly words: readonly Word[];
}

interface WithHeredocs extends AnyInstruction {
  readonly heredocs: readonly Heredoc[];
}

interface WithPairs extends AnyInstruction {
  readonly pairs: readonly Pair[];
}

export interface RunInstruction extends WithHeredocs {
  readonly keyword: "RUN";
}

export interface CopyInstruction extends WithHeredocs {
  readonly keyword: "COPY";
}

export interface AddInstruction extends WithHeredocs {
  readonly keyword: "ADD";
}

export interface EnvInstruction extends WithPairs {
  readonly keyword: "ENV";
}

export interface ArgInstruction extends WithPairs {
  readonly keyword: "ARG";
}

export interface LabelInstruction extends WithPairs {
  readonly keyword: "LABEL";
}

export interface OnbuildInstruction extends WithHeredocs {
  readonly keyword: "ONBUILD";
  /** The instruction after ONBUILD, with the same index; undefined when it is missing (a syntax error). */
  readonly trigger: Instruction | undefined;
}

export interface FromInstruction extends AnyInstruction {
  readonly keyword: "FROM";
}

/** An instruction without properties of its own. */
export interface PlainInstruction extends AnyInstruction {
  readonly keyword:
    | "CMD"
    | "ENTRYPOINT"
    | "EXPOSE"
    | "HEALTHCHECK"
    | "MAINTAINER"
    | "SHELL"
    | "STOPSIGNAL"
    | "USER"
    | "VOLUME"
    | "WORKDIR";
}

/**
 * An unknown keyword, in upper case. TypeScript narrows a union by literals and template patterns, but not by a brand
 * on `string`, so a pattern serves as the brand. Actual values do not match the pattern.
 */
export type UnknownKeyword = `${string} (unknown keyword)`;

export interface UnknownInstruction extends AnyInstruction {
  readonly keyword: UnknownKeyword;
}

/** Any instruction; narrows on `keyword`, which is in upper case. */
export type Instruction =
  | RunInstruction
  | CopyInstruction
  | AddInstruction
  | EnvInstruction
  | ArgInstruction
  | LabelInstruction
  | OnbuildInstruction
  | FromInstruction
  | PlainInstruction
  | UnknownInstruction;

export type Keyword = Exclude<Instruction["keyword"], UnknownKeyword>;

/** Returns the heredocs of an instruction. */
export function heredocsOf(instruction: Instruction): readonly Heredoc[] {
  switch (instruction.keyword) {
    case "RUN":
    case "COPY":
    case "ADD":
    case "ONBUILD":
      return instruction.heredocs;
    default:
      return [];
  }
}

/** Returns the pairs of an ENV, ARG or LABEL; none for other instructions. */
export function pairsOf(instruction: Instruction): readonly Pair[] {
  switch (instruction.keyword) {
    case "ENV":
    case "ARG":
    case "LABEL":
      return instruction.pairs;
    default:
      return [];
  }
}

/** Returns the trigger of an ONBUILD, and any other instruction itself. */
export function heldInstruction(instruction: Instruction): Instruction {
  return (instruction.keyword === "ONBUILD" ? instruction.trigger : undefined) ?? instruction;
}

export interface Stage {
  readonly index: number;
  /** Lower case; undefined without `AS`. */
  readonly name: string | undefined;
  readonly from: FromInstruction;
  /** The image word as written, and expanded with global ARG defaults where known. */
  readonly image: string;
  readonly expandedImage: string | undefined;
  /** The stage that FROM names, when it is one. */
  readonly parent: number | undefined;
  readonly platform: string | undefined;
  /** The instructions after the FROM. */
  readonly instructions: readonly Instruction[];
}

/** A syntax error, or an instruction that BuildKit refuses, for the rule `syntax`. */
export interface Problem extends Range {
  readonly code: string;
  readonly message: string;
}

export interface Directive extends Range {
  /** Lower case: `syntax`, `escape`, `check`. */
  readonly name: string;
  readonly value: string;
}

/** A comment line, outside or inside an instruction's continuation lines. Heredoc bodies have none. */
export interface Comment extends Range {
  readonly text: string;
  readonly line: number;
}

export interface Dockerfile {
  /** As given on the command line. */
  readonly name: string;
  /** Its path inside the project, for names of folders that say what it is for; the name where nothing else is known. */
  readonly place: string;
  readonly text: string;
  readonly escape: "\\" | "`";
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  readonly problems: readonly Problem[];
  /**
   * False if dockerfile-ast, a second parser, splits the file into other instructions. Plain text is not ambiguous and
   * agrees without a question (docs/spec/dockerfile.md, "What a fixer needs"). Computed on first use.
   */
  readonly agrees: boolean;
  /** The instructions that only one of the two parsers finds; plain text is asked about, too. Computed on first use. */
  readonly differences: ReadonlySet<string>;
  positionAt(offset: number): Position;
}
