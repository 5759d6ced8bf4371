/**
 * Parses a Dockerfile by the rules of BuildKit's parser, which is the reference for the language
 * (docs/spec/dockerfile.md).
 */
import { itemAt } from "../must.ts";
import { crossCheck, differences } from "./cross-check.ts";
import { readDirectives } from "./directives.ts";
import {
  heldInstruction,
  type Comment,
  type Dockerfile,
  type Heredoc,
  type Instruction,
  type Problem,
  type Range,
} from "./dockerfile.ts";
import { heredocStarts, readHeredoc } from "./heredocs.ts";
import { readInstruction } from "./instruction.ts";
import { isSpace, join, splitLines, trimmed, type Line, type Lines } from "./lines.ts";
import { problemsOf } from "./problems.ts";
import { stageProblems } from "./stage-problems.ts";
import { readStages } from "./stages.ts";

/**
 * Parses a Dockerfile. Never throws: errors that BuildKit would report are in `problems`, and the rest of the file is
 * still parsed.
 */
export function parseDockerfile(text: string, name = "Dockerfile", place = name): Dockerfile {
  const lines = splitLines(text);
  const directives = readDirectives(lines);
  const reader = new Reader(lines, directives.escape);
  const instructions = reader.read();
  const stages = readStages(instructions, directives.escape);
  let agrees: boolean | undefined;
  let differing: ReadonlySet<string> | undefined;
  return {
    name,
    place,
    text,
    escape: directives.escape,
    directives: directives.all,
    comments: reader.comments,
    instructions,
    stages,
    problems: [
      ...directives.problems,
      ...reader.problems,
      ...stageProblems(instructions, stages),
      ...problemsOf(instructions, lines),
    ].toSorted((a, b) => a.start - b.start),
    positionAt: (offset) => lines.positionAt(offset),
    get agrees() {
      return (agrees ??= crossCheck(text, instructions));
    },
    get differences() {
      return (differing ??= differences(text, instructions));
    },
  };
}

/** An instruction's lines, joined at their continuations. */
interface Joined {
  readonly pieces: readonly Range[];
  /** Index of the last line that is part of the instruction. */
  readonly last: number;
  /** Index of the line after it and its comments. */
  readonly next: number;
}

class Reader {
  readonly comments: Comment[] = [];
  readonly problems: Problem[] = [];
  readonly #lines: Lines;
  readonly #escape: "\\" | "`";
  readonly #continuation: RegExp;

  constructor(lines: Lines, escape: "\\" | "`") {
    this.#lines = lines;
    this.#escape = escape;
    this.#continuation = escape === "\\" ? /(?<=[^\\])\\[ \t]*$|^\\[ \t]*$/ : /(?<=[^`])`[ \t]*$|^`[ \t]*$/;
  }

  read(): Instruction[] {
    const instructions: Instruction[] = [];
    let stage: number | undefined;
    let index = 0;
    while (index < this.#lines.all.length) {
      const line = itemAt(this.#lines.all, index);
      const start = this.#indented(line);
      if (start === line.end || this.#comment(line, index)) {
        index++;
        continue;
      }
      const joined = this.#join(index, start);
      const logical = join(this.#lines.text, joined.pieces);
      const { start: first, end: afterLast } = trimmed(logical.text);
      if (first === afterLast) {
        const message = "this joins lines that hold nothing: the builder reads an instruction without a name";
        this.problems.push({ code: "empty-instruction", message, start, end: line.end });
        index = joined.next;
        continue;
      }
      if (/^FROM(?:[\t\v\f\r ]|$)/i.test(logical.text.slice(first, first + 5)))
        stage = stage === undefined ? 0 : stage + 1;
      const place = {
        index: instructions.length,
        line: this.#lines.positionAt(logical.offset(first)).line,
        endLine: joined.last + 1,
        end: this.#trimmedEnd(itemAt(this.#lines.all, joined.last)),
        stage,
        escape: this.#escape,
      };
      const bare = readInstruction(logical, { ...place, heredocs: [] });
      const { heredocs, next } = this.#heredocs(bare, logical, joined.next);
      if (heredocs.length === 0) instructions.push(bare);
      else {
        const end = this.#lines.all[next - 1]?.end ?? this.#lines.text.length;
        instructions.push(readInstruction(logical, { ...place, heredocs, end, endLine: next }));
      }
      index = next;
    }
    return instructions;
  }

  #join(first: number, start: number): Joined {
    const pieces: Range[] = [];
    let last = first;
    let index = first;
    let from = start;
    let open = true;
    for (; open && index < this.#lines.all.length; index++) {
      const line = itemAt(this.#lines.all, index);
      if (index > first) {
        from = line.start;
        if (this.#comment(line, index) || this.#indented(line) === line.end) continue;
      }
      const cut = this.#continuation.exec(this.#lines.text.slice(from, line.end));
      open = cut !== null;
      pieces.push({ start: from, end: cut === null ? line.end : from + cut.index });
      last = index;
    }
    return { pieces, last, next: index };
  }

  #heredocs(
    bare: Instruction,
    logical: ReturnType<typeof join>,
    from: number,
  ): { heredocs: Heredoc[]; next: number } {
    const holder = heldInstruction(bare);
    const heredocs: Heredoc[] = [];
    let next = from;
    if (!["RUN", "COPY", "ADD"].includes(holder.keyword) || holder.form === "exec") return { heredocs, next };
    for (const start of heredocStarts(logical.text)) {
      const body = readHeredoc(start, logical, this.#lines, next);
      heredocs.push(body.heredoc);
      next = body.nextLine;
      if (body.heredoc.delimiter !== undefined) continue;
      const message = `unterminated heredoc: no line "${start.name}" ends it`;
      this.problems.push({ code: "unterminated-heredoc", message, ...body.heredoc.start });
    }
    return { heredocs, next };
  }

  #comment(line: Line, index: number): boolean {
    const start = this.#indented(line);
    if (this.#lines.text[start] !== "#" || start === line.end) return false;
    this.comments.push({
      start,
      end: line.end,
      text: this.#lines.text.slice(start, line.end),
      line: index + 1,
    });
    return true;
  }

  #indented(line: Line): number {
    let start = line.start;
    while (start < line.end && isSpace(this.#lines.text[start])) start++;
    return start;
  }

  #trimmedEnd(line: Line): number {
    let end = line.end;
    while (end > line.start && isSpace(this.#lines.text[end - 1])) end--;
    return end;
  }
}
