/**
 * Compiles patterns as Docker reads them: those of Go's filepath.Match (`*`, `?`, `[a-z]`, `[^a]`, `\` quotes the
 * next character; none matches a `/`), and in ignore files `**`.
 */
import { itemAt } from "../must.ts";

/** Compiles a pattern; undefined when it is malformed, which fails the build. */
export function compileGlob(pattern: string, doubleStar: boolean): ((path: string) => boolean) | undefined {
  if (!/[*?[\\]/.test(pattern)) return (path) => path === pattern;
  // `**x` matches any path that ends in x, also `ax`, but only if x is plain text
  if (doubleStar && /^\*\*[^*?[\]\\]*$/.test(pattern)) {
    const end = pattern.slice(2);
    return (path) => path.endsWith(end) || (end.startsWith("/") && path === end.slice(1));
  }
  if (doubleStar && /^[^*?[\]\\]*\*\*$/.test(pattern)) return (path) => path.startsWith(pattern.slice(0, -2));
  const chars = Array.from(pattern);
  const pieces: string[] = [];
  for (let at = 0; at < chars.length;) {
    const char = itemAt(chars, at);
    if (char === "*" && doubleStar && chars[at + 1] === "*") {
      at += chars[at + 2] === "/" ? 3 : 2;
      pieces.push(at >= chars.length ? "[^\\n]*" : "(?:[^\\n]*/)?");
    } else if (char === "[") {
      const set = readSet(chars, at);
      if (set === undefined) return undefined;
      pieces.push(set.source);
      at = set.end;
    } else if (char === "\\") {
      const quoted = chars[at + 1];
      if (quoted === undefined) return undefined;
      pieces.push(literal(quoted));
      at += 2;
    } else if (char === "^" && doubleStar) {
      // a bug of Docker's: next to a wildcard it matches the start of the path
      pieces.push("^");
      at++;
    } else {
      pieces.push(char === "*" ? "[^/]*" : char === "?" ? "[^/]" : literal(char));
      at++;
    }
  }
  const whole = new RegExp(`^${pieces.join("")}$`, "u");
  return (path) => whole.test(path);
}

/** Returns true if a part of a path is a pattern for COPY. */
export function hasWildcards(part: string): boolean {
  for (let at = 0; at < part.length; at++) {
    if (part[at] === "\\") at++;
    else if ("*?[".includes(part.charAt(at))) return true;
  }
  return false;
}

/** Reads a set such as `[a-z]` at `at`. Only ignore files may have a `/` in a set, which is not supported. */
function readSet(chars: readonly string[], at: number): { source: string; end: number } | undefined {
  let i = at + 1;
  const negated = chars[i] === "^";
  if (negated) i++;
  const member = () => {
    if (chars[i] === "\\") i++;
    else if (chars[i] === "-" || chars[i] === "]") return undefined;
    return chars[i++];
  };
  let members = "";
  for (let first = true; first || chars[i] !== "]"; first = false) {
    const low = member();
    if (low === undefined) return undefined;
    let high = low;
    if (chars[i] === "-") {
      i++;
      const end = member();
      if (end === undefined) return undefined;
      high = end;
    }
    if (codeOf(low) > codeOf(high)) return undefined;
    members += `${literal(low)}-${literal(high)}`;
  }
  return { source: `[${negated ? "^" : ""}${members}]`, end: i + 1 };
}

function literal(char: string): string {
  return `\\u{${codeOf(char).toString(16)}}`;
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}
