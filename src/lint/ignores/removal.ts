/** Makes the edits that remove an ignore comment, or its unused names, from a Dockerfile. */
import { itemAt } from "../../must.ts";
import type { Dockerfile, Range, TextEdit } from "../../dockerfile/dockerfile.ts";

export interface Removable {
  readonly names: readonly (Range & { readonly unused: boolean })[];
  /** True if the whole comment is unused. */
  readonly whole: boolean;
  /** For a start, the comment that ends only this range; `missing` when there is none. */
  readonly partner: Range | "missing" | undefined;
}

/** Returns the edits; undefined when nothing is unused, or when a removal might change what the builder reads. */
export function removal(file: Dockerfile, comment: Range, what: Removable): readonly TextEdit[] | undefined {
  if (!what.whole) {
    // start and end of a range name the same rules, so neither can change alone
    if (what.partner !== undefined || what.names.every(({ unused }) => !unused)) return undefined;
    return nameEdits(what.names);
  }
  if (what.partner === "missing" || guardsDirective(file, comment)) return undefined;
  return [comment, ...(what.partner === undefined ? [] : [what.partner])].map((range) =>
    lineOf(file.text, range),
  );
}

/** Removes each unused name with the comma and blanks up to the next name; for the last name, with those before it. */
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

/** Removes the whole line with its line end. */
function lineOf(text: string, { start, end }: Range): TextEdit {
  const bom = text.startsWith("\ufeff") ? 1 : 0;
  const from = Math.max(text.lastIndexOf("\n", start - 1) + 1, bom);
  const newline = text.indexOf("\n", end);
  return { start: from, end: newline < 0 ? text.length : newline + 1, text: "" };
}

/** Returns true if the comment keeps a line below it, such as `# escape=`, from being a parser directive. */
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
