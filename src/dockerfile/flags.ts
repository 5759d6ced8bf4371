/** `--name=value` before the arguments (BuildKit's extractBuilderFlags). Results are index ranges into the joined text. */
import { isSpace } from "./lines.ts";

interface RawFlag {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly value: string | undefined;
}

export interface RawFlags {
  readonly flags: readonly RawFlag[];
  /** Index of the first argument. */
  readonly end: number;
}

/** Reads the flags; `--` alone ends them. Quotes and escapes are removed. */
export function readFlags(text: string, from: number, escape: string): RawFlags {
  const flags: RawFlag[] = [];
  let at = from;
  for (;;) {
    while (at < text.length && isSpace(text[at])) at++;
    if (!text.startsWith("--", at)) return { flags, end: at };
    const start = at;
    let word = "";
    let quote = "";
    for (; at < text.length; at++) {
      const char = text.charAt(at);
      if (quote === "" && isSpace(char)) break;
      if (char === escape) {
        if (at + 1 < text.length) word += text.charAt(++at);
      } else if (char === quote) quote = "";
      else if (quote === "" && (char === "'" || char === '"')) quote = char;
      else word += char;
    }
    if (word === "--") return { flags, end: at };
    const equals = word.indexOf("=");
    flags.push({
      start,
      end: at,
      name: equals < 0 ? word.slice(2) : word.slice(2, equals),
      value: equals < 0 ? undefined : word.slice(equals + 1),
    });
  }
}
