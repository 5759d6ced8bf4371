/** Ignore files as Docker reads them. Pure: text in, answers out. */
import { clean } from "./clean.ts";
import { compileGlob } from "./glob.ts";

interface Pattern {
  readonly matches: (path: string) => boolean;
  /** `!`: lets a path in again. */
  readonly exception: boolean;
  /** What stands before the first wildcard: no path that does not begin like this can match. */
  readonly prefix: string;
}

/** Per pattern, whether a folder or one above it matched. */
export type Matched = readonly boolean[];

export class IgnoreList {
  /** Patterns on which the build fails; they are left out here. */
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

  /** The last pattern that matches a path, or a folder that holds it, decides. */
  ignores(path: string): boolean {
    const parts = clean(`/${path}`).slice(1).split("/");
    // nobody can ignore the root
    if (parts[0] === "") return false;
    let matched: Matched = [];
    let ignored = false;
    for (let i = 1; i <= parts.length; i++) {
      ({ ignored, matched } = this.below(matched, parts.slice(0, i).join("/")));
    }
    return ignored;
  }

  /** The same for a walk from the top down: `above` is what the folder of `path` gave, empty for the root. */
  below(above: Matched, path: string): { readonly ignored: boolean; readonly matched: Matched } {
    let ignored = false;
    const matched = this.#patterns.map((pattern, i) => {
      const isMatch = above[i] === true || pattern.matches(path);
      if (isMatch) ignored = !pattern.exception;
      return isMatch;
    });
    return { ignored, matched };
  }

  /** Whether an exception may let in something below an ignored folder. */
  mayReturn(folder: string): boolean {
    return this.#patterns.some(
      ({ exception, prefix }) =>
        exception && (prefix.startsWith(`${folder}/`) || `${folder}/`.startsWith(prefix)),
    );
  }
}

/** The lines of an ignore file that are patterns, cleaned. Only a `#` in the first column makes a comment. */
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
