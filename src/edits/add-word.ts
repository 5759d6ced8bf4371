/** Words of commands that a fix adds or takes away. */
import type { DockerfileView } from "../build/build.ts";
import type { TextEdit } from "../dockerfile/dockerfile.ts";
import type { ShellWord } from "../shell/script.ts";

/** The word stands in the Dockerfile as the shell sees it: not cut by a line end, not the product of an `eval`. */
export function isLiteralAt({ start, end, text }: ShellWord, { file }: DockerfileView): boolean {
  return file.text.slice(start, end) === text;
}

/** Another word behind this one. Undefined where the place of the word is not known. */
export function addWord(after: ShellWord, word: string, view: DockerfileView): TextEdit | undefined {
  if (!isLiteralAt(after, view)) return undefined;
  return { start: after.end, end: after.end, text: ` ${word}` };
}
