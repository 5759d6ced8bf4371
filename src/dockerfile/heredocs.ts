/** Heredocs of RUN, COPY and ADD as BuildKit reads them (docs/spec/dockerfile.md, rows D to H, J and W). */
import { itemAt } from "../must.ts";
import type { Heredoc } from "./dockerfile.ts";
import type { Lines, Logical } from "./lines.ts";
import { lexWords, unquote } from "./words.ts";

const pattern = /^(\d*)<<(-?)([^<]+)$/;

export interface HeredocStart {
  readonly name: string;
  readonly fd: number | undefined;
  readonly expand: boolean;
  readonly chomp: boolean;
  /** Index range in the joined text. */
  readonly start: number;
  readonly end: number;
}

export function heredocStarts(text: string): HeredocStart[] {
  if (!text.includes("<<")) return [];
  const starts: HeredocStart[] = [];
  for (const { start, end } of lexWords(text) ?? []) {
    const [, fd, dash, quoted] = pattern.exec(text.slice(start, end)) ?? [];
    if (quoted === undefined) continue;
    const name = unquote(quoted, "\\");
    starts.push({
      name,
      fd: fd === "" || fd === undefined ? undefined : Number(fd),
      expand: name === quoted,
      chomp: dash === "-",
      start,
      end,
    });
  }
  return starts;
}

export interface HeredocBody {
  readonly heredoc: Heredoc;
  /** Index of the first line after its delimiter. */
  readonly nextLine: number;
}

/** Reads the body that begins at line `from`. An escape at the end of a body line does not continue it. */
export function readHeredoc(start: HeredocStart, logical: Logical, lines: Lines, from: number): HeredocBody {
  const bodyStart = lines.all[from]?.start ?? lines.text.length;
  const content: string[] = [];
  let delimiter: Heredoc["delimiter"];
  let bodyEnd = lines.text.length;
  let index = from;
  for (; index < lines.all.length && delimiter === undefined; index++) {
    const line = itemAt(lines.all, index);
    const text = lines.text.slice(line.start, line.end);
    const seen = start.chomp ? text.replace(/^\t+/, "") : text;
    if (seen === start.name) {
      delimiter = { start: line.end - seen.length, end: line.end };
      bodyEnd = line.start;
    } else content.push(seen, lines.text.slice(line.end, line.next));
  }
  const heredoc: Heredoc = {
    name: start.name,
    fd: start.fd,
    expand: start.expand,
    chomp: start.chomp,
    start: { start: logical.offset(start.start), end: logical.offset(start.end - 1) + 1 },
    body: { start: bodyStart, end: bodyEnd },
    content: content.join(""),
    delimiter,
  };
  return { heredoc, nextLine: index };
}
