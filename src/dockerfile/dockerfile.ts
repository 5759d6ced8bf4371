/** The nouns of a Dockerfile. Offsets are UTF-16 offsets into the text exactly as given (BOM and CR included). */

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
  /** Of `<<EOF` on the instruction's first logical line. */
  readonly start: Range;
  /** The lines between, last newline included; empty range for an empty body. */
  readonly body: Range;
  /** The body as the builder sees it: tabs removed if `chomp`; a carriage return at a line's end stays. */
  readonly content: string;
  /** Of the delimiter line; undefined when it is missing (a syntax error). */
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

export interface Instruction extends Range {
  /** Position in `Dockerfile.instructions`. */
  readonly index: number;
  /** Upper case: `RUN`. Also for unknown words. */
  readonly keyword: string;
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
   * `argsRange` as the builder sees it: continuation lines joined, comment and blank lines inside dropped, inner blanks
   * kept, trimmed; heredoc bodies not included. What BuildKit records in history.
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
  /** For ENV, ARG, LABEL. */
  readonly pairs: readonly Pair[];
  readonly heredocs: readonly Heredoc[];
  /** ONBUILD: the instruction it holds (its index equals this one's). */
  readonly trigger: Instruction | undefined;
}

export interface Stage {
  readonly index: number;
  /** Lower case; undefined without `AS`. */
  readonly name: string | undefined;
  readonly from: Instruction;
  /** The image word as written, and expanded with global ARG defaults where known. */
  readonly image: string;
  readonly expandedImage: string | undefined;
  /** The stage that FROM names, when it is one. */
  readonly parent: number | undefined;
  readonly platform: string | undefined;
  /** Without the FROM. */
  readonly instructions: readonly Instruction[];
}

/** A syntax error or something that BuildKit refuses, as data for the rule `syntax`. */
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
  readonly text: string;
  readonly escape: "\\" | "`";
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  readonly problems: readonly Problem[];
  /**
   * False where dockerfile-ast, a second parser, cuts the file into other instructions: then a text edit might meet
   * more than it means to, and none is offered (docs/spec/dockerfile.md, "What a fixer needs"). Computed when first
   * asked.
   */
  readonly agrees: boolean;
  positionAt(offset: number): Position;
}
