/** Text for the shell parser, with a map from its indexes to offsets in the Dockerfile. */
import type { Heredoc, Range, RunInstruction } from "../dockerfile/dockerfile.ts";

export interface Source {
  readonly text: string;
  /** Returns the range in the Dockerfile of an index range of `text`. */
  range(start: number, end: number): Range;
}

/** Creates a source from a text; `offsets[i]` is the offset of character i, and there is one more for the end. */
export function mapped(text: string, offsets: readonly number[]): Source {
  return {
    text,
    range(start, end) {
      const from = offsets[Math.min(start, text.length)] ?? 0;
      return { start: from, end: end > start ? (offsets[end - 1] ?? from) + 1 : from };
    },
  };
}

/** Creates a source whose characters have no offsets of their own: all of them map to `range`. */
export function blurred(text: string, range: Range): Source {
  return { text, range: () => ({ start: range.start, end: range.end }) };
}

/** Returns the joined line of a RUN, followed by the bodies of its heredocs as the shell reads them. */
export function lineWithHeredocs(instruction: RunInstruction, file: string): Source {
  let text = instruction.body;
  const offsets = instruction.bodyOffsets.slice(0, text.length);
  const add = (more: string, at: readonly number[]) => {
    text += more;
    for (const offset of at) offsets.push(offset);
  };
  for (const heredoc of instruction.heredocs) {
    const body = heredocBody(heredoc, file);
    const end = heredoc.delimiter?.start ?? heredoc.body.end;
    add("\n", [heredoc.body.start]);
    add(body.text, body.offsets);
    add(
      heredoc.name,
      Array.from({ length: heredoc.name.length }, (_, i) => end + i),
    );
  }
  offsets.push(instruction.end);
  return mapped(text, offsets);
}

/** Returns the body of a heredoc that is the whole script. */
export function heredocSource(heredoc: Heredoc, file: string): Source {
  const { text, offsets } = heredocBody(heredoc, file);
  return mapped(text, [...offsets, heredoc.body.end]);
}

function heredocBody(heredoc: Heredoc, file: string): { text: string; offsets: number[] } {
  let text = "";
  const offsets: number[] = [];
  let at = heredoc.body.start;
  while (at < heredoc.body.end) {
    const newline = file.indexOf("\n", at);
    const next = newline < 0 || newline >= heredoc.body.end ? heredoc.body.end : newline + 1;
    let end = newline < 0 ? next : Math.min(newline, next);
    while (end > at && file[end - 1] === "\r") end--;
    if (heredoc.chomp) while (at < end && file[at] === "\t") at++;
    for (let i = at; i < end; i++) offsets.push(i);
    offsets.push(end);
    text += `${file.slice(at, end)}\n`;
    at = next;
  }
  return { text, offsets };
}

/** Returns the strings of a JSON form, each with the offsets of its decoded characters. */
export function jsonSources(instruction: RunInstruction): Source[] {
  const { body, bodyOffsets } = instruction;
  const sources: Source[] = [];
  for (let at = 0; at < body.length && sources.length < (instruction.exec?.length ?? 0); at++) {
    if (body[at] !== '"') continue;
    let text = "";
    const offsets: number[] = [];
    for (at++; at < body.length && body[at] !== '"';) {
      const length = body[at] !== "\\" ? 1 : body[at + 1] === "u" ? 6 : 2;
      offsets.push(bodyOffsets[at] ?? 0);
      text += length === 1 ? body.charAt(at) : decoded(body.slice(at, at + length));
      at += length;
    }
    offsets.push(bodyOffsets[at] ?? 0);
    sources.push(mapped(text, offsets));
  }
  return sources;
}

function decoded(escape: string): string {
  try {
    return JSON.parse(`"${escape}"`) as string;
  } catch {
    return escape;
  }
}
