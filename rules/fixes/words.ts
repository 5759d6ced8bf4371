/** Words of commands that a fix adds or takes away. */
import type { DockerfileView, ShellWord, TextEdit } from "../../src/engine/contract.ts";

/** The word stands in the Dockerfile as the shell sees it: not cut by a line end, not the product of an `eval`. */
export function isLiteralAt({ start, end, text }: ShellWord, { file }: DockerfileView): boolean {
  return file.text.slice(start, end) === text;
}

/** Another word behind this one. Undefined where the place of the word is not known. */
export function addWord(after: ShellWord, word: string, view: DockerfileView): TextEdit | undefined {
  if (!isLiteralAt(after, view)) return undefined;
  return { start: after.end, end: after.end, text: ` ${word}` };
}

/**
 * Takes a word away with the blanks and line ends in front of it. Undefined where a comment is in between, or the place
 * is not known.
 */
export function dropWord(before: ShellWord, word: ShellWord, view: DockerfileView): TextEdit | undefined {
  if (!isLiteralAt(before, view) || !isLiteralAt(word, view) || before.end > word.start) return undefined;
  const { text, escape } = view.file;
  const between = text.slice(before.end, word.start).replaceAll(escape, "");
  if (between.trim() !== "") return undefined;
  return { start: before.end, end: word.end, text: "" };
}
