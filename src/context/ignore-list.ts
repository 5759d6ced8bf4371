/** Matches paths against ignore files, as Docker does. Pure. */
import { clean } from "./clean.ts";
import { compileGlob } from "./glob.ts";

interface Pattern {
  readonly matches: (path: string) => boolean;
  /** `!`: includes a path again. */
  readonly exception: boolean;
  /** The text before the first wildcard; only paths that begin with it can match. */
  readonly prefix: string;
}

/** For each pattern, whether the folder or a parent matched. */
export type Matched = readonly boolean[];

export class IgnoreList {
  /** Malformed patterns, on which the build fails; they are not matched. */
  readonly bad: readonly string[];
  readonly #patterns: readonly Pattern[];

  constructor(lines: readonly string[]) {
    const bad: string[] = [];
    const patterns: Pattern[] = [];
    for (const line of lines) {
      const pattern = readPattern(line);
      if (pattern === undefined) bad.push(line);
      else patterns.push(pattern);
    }
    this.bad = bad;
    this.#patterns = patterns;
  }

  /** Returns true for an ignored path; the last pattern that matches the path or a parent decides. */
  ignores(path: string): boolean {
    const parts = clean(`/${path}`).slice(1).split("/");
    // the root cannot be ignored
    if (parts[0] === "") return false;
    let matched: Matched = [];
    let ignored = false;
    for (let i = 1; i <= parts.length; i++) {
      ({ ignored, matched } = this.below(matched, parts.slice(0, i).join("/")));
    }
    return ignored;
  }

  /** Does the same for a walk from the top down: `above` is the result for the folder of `path`, empty for the root. */
  below(above: Matched, path: string): { readonly ignored: boolean; readonly matched: Matched } {
    let ignored = false;
    const matched = this.#patterns.map((pattern, i) => {
      const isMatch = above[i] === true || pattern.matches(path);
      if (isMatch) ignored = !pattern.exception;
      return isMatch;
    });
    return { ignored, matched };
  }

  /** Returns true if an exception may include a path below an ignored folder. */
  mayReturn(folder: string): boolean {
    return this.#patterns.some(
      ({ exception, prefix }) =>
        exception && (prefix.startsWith(`${folder}/`) || `${folder}/`.startsWith(prefix)),
    );
  }
}

/** Returns the patterns of an ignore file, cleaned. Only a `#` in the first column makes a comment. */
export function readIgnoreFile(text: string): string[] {
  const patterns: string[] = [];
  for (const line of text.replace(/^\ufeff/, "").split("\n")) {
    const pattern = line.trim();
    if (line.startsWith("#") || pattern === "") continue;
    const exception = pattern.startsWith("!");
    const written = (exception ? pattern.slice(1) : pattern).trim();
    const relative = written === "" ? "" : clean(written).replace(/^\/(?=.)/s, "");
    patterns.push(exception ? `!${relative}` : relative);
  }
  return patterns;
}

function readPattern(line: string): Pattern | undefined {
  const cleaned = clean(line.trim());
  const exception = cleaned.startsWith("!");
  const text = exception ? cleaned.slice(1) : cleaned;
  if (text === "") return undefined;
  const matches = compileGlob(text, true);
  if (matches === undefined) return undefined;
  return { matches, exception, prefix: /^[^*?[\\]*/.exec(text)?.[0] ?? "" };
}
