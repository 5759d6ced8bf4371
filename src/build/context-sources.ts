/** Finds the sources of a COPY or ADD in the build context. */
import type { ContextSources } from "../context/context.ts";
import type { AddInstruction, CopyInstruction } from "../dockerfile/dockerfile.ts";
import type { Scope } from "./build.ts";
import { expandIn } from "./scope.ts";

/** Returns the sources; undefined when there are none in the context, or when one depends on an unknown variable. */
export function contextSources(
  instruction: CopyInstruction | AddInstruction,
  scope: Scope,
  escape: string,
): ContextSources | undefined {
  const { keyword, words, flags, heredocs, form } = instruction;
  if (flags.some((flag) => flag.name === "from")) return undefined;
  const documents = new Set(heredocs.map(({ start }) => start.start));
  const paths: string[] = [];
  for (const word of words.slice(0, -1)) {
    if (documents.has(word.start)) continue;
    const path = expandIn(scope, form === "exec" ? word.value : word.text, escape);
    if (path === undefined) return undefined;
    if (keyword !== "ADD" || !isRemote(path)) paths.push(path);
  }
  if (paths.length === 0) return undefined;
  const parents = flags.findLast((flag) => flag.name === "parents");
  return {
    paths,
    exclude: flags.flatMap(({ name, value }) => (name === "exclude" && value !== undefined ? [value] : [])),
    parents: parents !== undefined && parents.value !== "false",
  };
}

/** Returns true for a URL or a Git repository, which ADD fetches. */
function isRemote(path: string): boolean {
  return isDownload(path) || isGitRepository(path);
}

/** Returns true for a URL that ADD downloads as a file. */
export function isDownload(path: string): boolean {
  return /^https?:\/\//i.test(path) && !isGitRepository(path);
}

/**
 * Returns true for a Git repository, which ADD clones: over `git` and `ssh`, and over HTTP where the path ends in
 * `.git`. A query and a fragment are not part of the path (BuildKit, ParseGitRef).
 */
export function isGitRepository(path: string): boolean {
  return /^(?:git|ssh):\/\/|^[\w.-]+@[\w.-]+:|^https?:\/\/[^?#]*\.git(?:[?#]|$)/i.test(path);
}
