/** Edits that add words to commands. */
import type { DockerfileView } from "../build/build.ts";
import type { TextEdit } from "../dockerfile/dockerfile.ts";
import type { ShellWord } from "../shell/script.ts";

/**
 * Returns true if the Dockerfile has the word as the shell sees it: not split by a line end, and not made by an
 * `eval`.
 */
export function isLiteralAt({ start, end, text }: ShellWord, { file }: DockerfileView): boolean {
  return file.text.slice(start, end) === text;
}

/** Returns the edit that adds a word after another one; undefined if the position of that word is unknown. */
export function addWord(after: ShellWord, word: string, view: DockerfileView): TextEdit | undefined {
  if (!isLiteralAt(after, view)) return undefined;
  return { start: after.end, end: after.end, text: ` ${word}` };
}
