/** Compares commands with the patterns of the records. */
import type { CommandPattern, WordPattern } from "../../knowledge/tool-caches.ts";
import { isNamed } from "../../knowledge/tool.ts";
import type { Command } from "../../shell/script.ts";
import { fullWords, verbOf } from "./option-words.ts";

/**
 * Returns true if a command matches. Any word may be the verb, since options may take words before it; with `may`, an
 * unknown word matches too.
 */
export function matches({ name, args }: Command, { names, verbs }: CommandPattern, may = false): boolean {
  if (name === undefined || !isNamed(name, names)) return false;
  return verbs === undefined || args.some(({ value }) => (value === undefined ? may : verbs.includes(value)));
}

/** Returns true if the verb of a command certainly matches: what only a command that ran for sure has done. */
export function certainlyMatches(command: Command, { names, verbs }: CommandPattern): boolean {
  const { name } = command;
  if (name === undefined || !isNamed(name, names)) return false;
  return verbs === undefined || verbs.includes(verbOf(command)?.value ?? "\0");
}

/** Returns true if a command has a word of the pattern; an unknown word counts. */
export function hasWord(command: Command, { names, word }: WordPattern): boolean {
  const { name } = command;
  if (name === undefined || !isNamed(name, names)) return false;
  return word === undefined || fullWords(command).some((value) => value === undefined || word.test(value));
}
