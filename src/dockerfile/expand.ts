/** Variable expansion as the builder does it for FROM, ENV, COPY, WORKDIR … (RUN is expanded by its shell instead). */

export type Variables = ReadonlyMap<string, string | undefined>;

/** What a name that is not in the map means: nothing sets it, or something unseen (the base image) might. */
export type Absent = "unset" | "unknown";

/** Quotes and escapes removed, variables filled in; undefined when the result depends on something unknown. */
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

/** The result cannot be known: an unknown variable, an unclosed quote or brace, a failed `:?`. */
class Unknown extends Error {}

class Expander {
  #at = 0;
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

  /** Up to one of the characters of `stop` (not consumed), or to the end if `stop` is empty. */
  read(stop: string): string {
    let result = "";
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at]!;
      if (stop.includes(char)) return result;
      this.#at++;
      if (char === "'") result += this.#single();
      else if (char === '"') result += this.#double();
      else if (char === "$") result += this.#dollar();
      else if (char !== this.#escape) result += char;
      else if (this.#at < this.#text.length) result += this.#text[this.#at++]!;
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
      const char = this.#text[this.#at++]!;
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

  /** `${x:-y}` and its kin; `:` makes an empty value count as unset. */
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
    const pattern = globPattern(this.#raw("}"));
    this.#at++;
    const lengths = Array.from({ length: value.length + 1 }, (_, i) => (greedy ? value.length - i : i));
    const whole = new RegExp(`^(?:${pattern})$`, "s");
    for (const length of lengths) {
      const part = side === "#" ? value.slice(0, length) : value.slice(value.length - length);
      if (whole.test(part)) return side === "#" ? value.slice(length) : value.slice(0, value.length - length);
    }
    return value;
  }

  #replace(name: string): string {
    const all = this.#text[this.#at] === "/";
    if (all) this.#at++;
    const value = this.#value(name) ?? "";
    const pattern = new RegExp(globPattern(this.#raw("/}")), all ? "gs" : "s");
    let replacement = "";
    if (this.#text[this.#at] === "/") {
      this.#at++;
      replacement = this.read("}");
    }
    this.#at++;
    return value.replace(pattern, () => replacement);
  }

  #braced(): string {
    const word = this.read("}");
    this.#at++;
    return word;
  }

  /** The branch that is not taken may name unknown variables. */
  #skipBraced(): string {
    let depth = 1;
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at];
      if (char === this.#escape) this.#at++;
      else if (char === "{" && this.#text[this.#at - 1] === "$") depth++;
      else if (char === "}" && --depth === 0) {
        this.#at++;
        return "";
      }
    }
    throw new Unknown();
  }

  /** A pattern as written, up to one of the characters of `stop`; escapes stay. */
  #raw(stop: string): string {
    let result = "";
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at]!;
      if (stop.includes(char)) return result;
      this.#at++;
      if (char === "$") result += escapeGlob(this.#dollar());
      else if (char === this.#escape && this.#at < this.#text.length) result += `\\${this.#text[this.#at++]}`;
      else result += char;
    }
    throw new Unknown();
  }

  #name(): string {
    const match = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?\-$!])/.exec(
      this.#text.slice(this.#at, this.#at + 256),
    );
    this.#at += match?.[0].length ?? 0;
    return match?.[0] ?? "";
  }

  /** Undefined: not set. */
  #value(name: string): string | undefined {
    // The builder knows the names of `$1`, `$$` and `$@`, and never sets them.
    if (/^[^A-Za-z_]/.test(name)) return undefined;
    const value = this.#variables.get(name);
    if (value === undefined && (this.#variables.has(name) || this.#absent === "unknown")) throw new Unknown();
    return value;
  }
}

/** Source of a regular expression for a shell pattern of `*`, `?` and escapes. */
function globPattern(glob: string): string {
  return glob.replace(/\\(.)|[*?]|[.+^${}()|[\]\\/]/gs, (match, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`.replace(/^\\([A-Za-z0-9])$/, "$1");
    if (match === "*") return ".*";
    return match === "?" ? "." : `\\${match}`;
  });
}

function escapeGlob(text: string): string {
  return text.replace(/[*?\\]/g, "\\$&");
}
