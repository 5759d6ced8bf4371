/** Variable expansion as the builder does it for FROM, ENV, COPY, WORKDIR … (RUN is expanded by its shell instead). */

import { escapePattern, replaceMatches, trimPrefix, trimSuffix } from "./shell-pattern.ts";

export type Variables = ReadonlyMap<string, string | undefined>;

/** Meaning of a name that is not in the map: it is unset, or an unknown base image may set it. */
export type Absent = "unset" | "unknown";

/** Removes quotes and escapes and expands variables; undefined when the result depends on an unknown variable. */
export function expand(
  word: string,
  variables: Variables,
  escape: string,
  absent: Absent = "unknown",
): string | undefined {
  if (!word.includes("$") && !word.includes(escape) && !word.includes("'") && !word.includes('"'))
    return word;
  try {
    return new Expander(word, variables, escape, absent).read("");
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

/** Thrown when the result is unknown: an unknown variable, an unclosed quote or brace, a failed `:?`. */
class Unknown extends Error {}

/** Largest depth of `${a:-${b:-…}}`; well below the depth of the call stack. */
const maxDepth = 500;

/** Largest length of all expanded values: `ENV A=$A$A`, forty times, would exceed any memory. */
const maxLength = 2 ** 20;

class Expander {
  #at = 0;
  #depth = 0;
  /** Length of all values expanded so far. */
  #taken = 0;
  /** In a branch that is not taken. */
  #quiet = false;
  readonly #text: string;
  readonly #variables: Variables;
  readonly #escape: string;
  readonly #absent: Absent;

  constructor(text: string, variables: Variables, escape: string, absent: Absent) {
    this.#text = text;
    this.#variables = variables;
    this.#escape = escape;
    this.#absent = absent;
  }

  /** Reads up to one of the characters of `stop` (not consumed), or to the end if `stop` is empty. */
  read(stop: string): string {
    let result = "";
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (stop.includes(char)) return result;
      this.#at++;
      if (char === "'") result += this.#single();
      else if (char === '"') result += this.#double();
      else if (char === "$") result += this.#dollar();
      else if (char !== this.#escape) result += char;
      else if (this.#at < this.#text.length) result += this.#text.charAt(this.#at++);
    }
    if (stop !== "") throw new Unknown();
    return result;
  }

  #single(): string {
    const close = this.#text.indexOf("'", this.#at);
    if (close < 0) throw new Unknown();
    const inner = this.#text.slice(this.#at, close);
    this.#at = close + 1;
    return inner;
  }

  #double(): string {
    let result = "";
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at++);
      if (char === '"') return result;
      if (char === "$") result += this.#dollar();
      else if (char === this.#escape) {
        const next = this.#text[this.#at];
        if (next === undefined) break;
        if (next !== '"' && next !== "$" && next !== this.#escape) result += char;
        result += next;
        this.#at++;
      } else result += char;
    }
    throw new Unknown();
  }

  #dollar(): string {
    if (this.#text[this.#at] !== "{") {
      const name = this.#name();
      return name === "" ? "$" : (this.#value(name) ?? "");
    }
    this.#at++;
    if (++this.#depth > maxDepth) throw new Unknown();
    const value = this.#substitution();
    this.#depth--;
    return value;
  }

  /** Reads a substitution after its `${`. */
  #substitution(): string {
    const name = this.#name();
    if (name === "") throw new Unknown();
    const char = this.#text[this.#at++];
    if (char === "}") return this.#value(name) ?? "";
    if (char === ":" || char === "-" || char === "+" || char === "?") {
      const emptyCounts = char === ":";
      const operator = emptyCounts ? this.#text[this.#at++] : char;
      return this.#choice(name, operator, emptyCounts);
    }
    if (char === "#" || char === "%") return this.#trim(name, char);
    if (char === "/") return this.#replace(name);
    throw new Unknown();
  }

  /** Expands `${x:-y}`, `${x:+y}` and `${x:?y}`; with `:` an empty value counts as unset. */
  #choice(name: string, operator: string | undefined, emptyCounts: boolean): string {
    if (operator !== "-" && operator !== "+" && operator !== "?") throw new Unknown();
    const value = this.#value(name);
    const isSet = value !== undefined && !(emptyCounts && value === "");
    const needed = operator === "+" ? isSet : !isSet;
    const word = needed ? this.#braced() : this.#skipBraced();
    if (operator === "?" && !isSet) throw new Unknown();
    if (operator === "+") return isSet ? word : "";
    return isSet ? value : word;
  }

  #trim(name: string, side: "#" | "%"): string {
    const greedy = this.#text[this.#at] === side;
    if (greedy) this.#at++;
    const value = this.#value(name) ?? "";
    const pattern = this.#raw("}");
    this.#at++;
    return side === "#" ? trimPrefix(value, pattern, greedy) : trimSuffix(value, pattern, greedy);
  }

  #replace(name: string): string {
    const all = this.#text[this.#at] === "/";
    if (all) this.#at++;
    const value = this.#value(name) ?? "";
    const pattern = this.#raw("/}");
    let replacement = "";
    if (this.#text[this.#at] === "/") {
      this.#at++;
      replacement = this.read("}");
    }
    this.#at++;
    const replaced = replaceMatches(value, pattern, replacement, all);
    if (replaced === undefined) throw new Unknown();
    return replaced;
  }

  #braced(): string {
    const word = this.read("}");
    this.#at++;
    return word;
  }

  /** Skips the branch that is not taken, which may name unknown variables. */
  #skipBraced(): string {
    const quiet = this.#quiet;
    this.#quiet = true;
    this.#braced();
    this.#quiet = quiet;
    return "";
  }

  /** Reads a pattern up to one of the characters of `stop`: escapes stay, quoted characters become escaped. */
  #raw(stop: string): string {
    let result = "";
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (stop.includes(char)) return result;
      this.#at++;
      if (char === "$") result += escapePattern(this.#dollar());
      else if (char === "'") result += escapePattern(this.#single());
      else if (char === '"') result += escapePattern(this.#double());
      else if (char === this.#escape && this.#at < this.#text.length) result += `\\${this.#text[this.#at++]}`;
      else result += char;
    }
    throw new Unknown();
  }

  #name(): string {
    const match = /^(?:[\p{L}_][\p{L}\p{Nd}_]*|\p{Nd}+|[@*#?\-$!])/u.exec(
      this.#text.slice(this.#at, this.#at + 256),
    );
    this.#at += match?.[0].length ?? 0;
    return match?.[0] ?? "";
  }

  /** Undefined: not set. */
  #value(name: string): string | undefined {
    // The builder accepts `$1`, `$$` and `$@` as names, and never sets them.
    if (/^[^\p{L}_]/u.test(name)) return undefined;
    if (this.#quiet) return this.#variables.get(name);
    const value = this.#variables.get(name);
    if (value === undefined && (this.#variables.has(name) || this.#absent === "unknown")) throw new Unknown();
    this.#taken += value?.length ?? 0;
    if (this.#taken > maxLength) throw new Unknown();
    return value;
  }
}
