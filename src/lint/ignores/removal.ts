/** The edits that take an ignore comment, or the names in it that are of no use, out of a Dockerfile. */
import { itemAt } from "../../must.ts";
import type { Dockerfile, Range, TextEdit } from "../../dockerfile/dockerfile.ts";

export interface Removable {
  readonly names: readonly (Range & { readonly unused: boolean })[];
  /** All of it is of no use. */
  readonly whole: boolean;
  /** Of a start: the comment that ends just it, `missing` where there is none. */
  readonly partner: Range | "missing" | undefined;
}

/** Undefined where there is nothing to remove, or where removing it might change what the builder reads. */
export function removal(file: Dockerfile, comment: Range, what: Removable): readonly TextEdit[] | undefined {
  if (!what.whole) {
    // the end of a range names the same rules as its start: one of them alone cannot change
    if (what.partner !== undefined || what.names.every(({ unused }) => !unused)) return undefined;
    return nameEdits(what.names);
  }
  if (what.partner === "missing" || guardsDirective(file, comment)) return undefined;
  return [comment, ...(what.partner === undefined ? [] : [what.partner])].map((range) =>
    lineOf(file.text, range),
  );
}

/** Each unused name goes with the comma and blanks up to the next name, or those before it where it is the last. */
function nameEdits(names: Removable["names"]): TextEdit[] {
  const edits: TextEdit[] = [];
  const lastKept = names.findLastIndex(({ unused }) => !unused);
  names.forEach((name, i) => {
    if (!name.unused || i > lastKept) return;
    edits.push({ start: name.start, end: itemAt(names, i + 1).start, text: "" });
  });
  const last = names.at(-1);
  if (lastKept < names.length - 1 && last !== undefined)
    edits.push({ start: itemAt(names, lastKept).end, end: last.end, text: "" });
  return edits;
}

/** The whole line with its line end. */
function lineOf(text: string, { start, end }: Range): TextEdit {
  const bom = text.startsWith("\ufeff") ? 1 : 0;
  const from = Math.max(text.lastIndexOf("\n", start - 1) + 1, bom);
  const newline = text.indexOf("\n", end);
  return { start: from, end: newline < 0 ? text.length : newline + 1, text: "" };
}

/** A comment above it keeps a line such as `# escape=` from being a parser directive. */
function guardsDirective(file: Dockerfile, comment: Range): boolean {
  const first = file.instructions[0]?.start ?? file.text.length;
  if (comment.start >= first) return false;
  const directives = new Set(file.directives.map(({ start }) => start));
  return file.comments.some(
    ({ start, text }) =>
      start > comment.start &&
      start < first &&
      !directives.has(start) &&
      /^#\s*(?:syntax|escape|check)\s*=/i.test(text),
  );
}
