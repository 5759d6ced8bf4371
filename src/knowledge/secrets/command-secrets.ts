/** The places where command lines carry passwords: options, words, and what is piped into a program that asks. */
import type { SecretArguments, SecretOption } from "../secret-arguments.ts";
import { isPlaceholderWord, isReference } from "./placeholder.ts";
import type { SecretSpan } from "./places.ts";
import { secretArguments } from "./secret-commands.ts";
import { lineEnd, quoteAt, readWord, type ValueRange } from "./values.ts";

/** Programs that read a password from standard input, by a word of their command. */
const asks =
  /^(?:chpasswd|passwd|smbpasswd|vncpasswd|kinit|elasticsearch-keystore|--password-stdin|--with-token|--stdin|--passphrase-fd(?:=\d)?|-S)$/;

const programs = [...secretArguments.keys()].toSorted((a, b) => b.length - a.length).join("|");

/** A program with such arguments, or a word by which one asks. */
const anyCommand = new RegExp(
  `(?<![\\w-])(?:${programs}|(?:chpasswd|passwd|smbpasswd|vncpasswd|kinit|elasticsearch-keystore|sudo -S))(?![\\w-])|--(?:password-stdin|with-token|stdin|passphrase-fd)|pass:`,
  "g",
);

/** What a text with a secret of a program has: one of its options, a subcommand, or a login. */
const marks = new Map(
  [...secretArguments].map(([name, { options = [], words: found = [], login }]) => {
    const whole = [
      ...options.flatMap(({ short, long = [] }) => [
        ...(short === undefined ? [] : [`-[A-Za-z#]{0,20}[${short}]`]),
        ...long.map((option) => `--${option}`),
      ]),
      ...found.filter(({ behind }) => behind.source.startsWith("^")),
    ].map((each) => (typeof each === "string" ? each : each.behind.source.replace(/^\^|\$$/g, "")));
    const ends = found.filter(({ behind }) => !behind.source.startsWith("^"));
    const forms = [
      ...(whole.length === 0 ? [] : [`(?<![\\w-])(?:${whole.join("|")})`]),
      ...ends.map(({ behind }) => behind.source.replace(/\$$/, "")),
      ...(login === undefined ? [] : ["[:/][^\\s@/]{1,200}@", "\\s\\w{1,200}/\\w"]),
    ];
    return [name, new RegExp(forms.join("|"), "i")] as const;
  }),
);

interface Word extends ValueRange {
  /** Without the quotes around it. */
  readonly text: string;
}

/** The first line of an instruction: the words of a command end before it. */
const instruction =
  /^[ \t]*(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|ONBUILD|RUN|SHELL|USER|VOLUME|WORKDIR)[ \t]/gm;

/** Returns the secrets of all command lines in a text. */
export function commandSecrets(text: string): SecretSpan[] {
  if (!mayCarrySecret(text)) return [];
  const spans: SecretSpan[] = [];
  // most instructions of a Dockerfile have no such command, and need not be read word by word
  const starts = [0, ...Array.from(text.matchAll(instruction), ({ index }) => index), text.length];
  for (const [i, start] of starts.slice(0, -1).entries()) {
    const part = text.slice(start, starts[i + 1]);
    for (const found of secretsIn(part)) spans.push({ start: start + found.start, end: start + found.end });
  }
  return spans.filter(({ start, end }) => isShownNever(text.slice(start, end)));
}

function secretsIn(text: string): SecretSpan[] {
  if (!mayCarrySecret(text)) return [];
  const spans: SecretSpan[] = [];
  new CommandReader(text, spans).read(0, text.length, 0);
  if (text.includes('",') || text.includes('" ,')) readLists(text, spans);
  return spans;
}

function mayCarrySecret(text: string): boolean {
  let failed: Set<string> | undefined;
  anyCommand.lastIndex = 0;
  for (let match = anyCommand.exec(text); match !== null; match = anyCommand.exec(text)) {
    const [word] = match;
    if (failed?.has(word) === true) continue;
    if (marks.get(word)?.test(text) !== false) return true;
    (failed ??= new Set()).add(word);
  }
  return false;
}

function isShownNever(value: string): boolean {
  const bare = value.replace(/^\\*["']|\\*["']$/g, "");
  const left = bare.replace(/\$\{[^{}]*\}|\$[A-Za-z_]\w*|\$\([^()]*\)/g, "");
  return left.length >= 3 && !isReference(bare) && !isPlaceholderWord(bare) && !bare.endsWith("****");
}

/** `["mysqladmin", "ping", "-pv"]`: the strings are the words. */
function readLists(text: string, spans: SecretSpan[]): void {
  const state = new CommandState(spans);
  const string = /"((?:[^"\\\n]|\\.)*)"(?:\s{0,40}([,\]]))?/g;
  let last = 0;
  for (let match = string.exec(text); match !== null; match = string.exec(text)) {
    const start = match.index + 1;
    const value = match[1] ?? "";
    if (/[^\s,]/.test(text.slice(last, match.index))) state.end("\n");
    const end = start + value.length;
    state.add({ start, end, text: value });
    if (/\s/.test(value) && mayCarrySecret(value)) new CommandReader(text, spans).read(start, end, 2);
    last = string.lastIndex;
    if (match[2] !== ",") state.end("\n");
  }
  state.end("\n");
}

/** Reads the words of a shell text, also those of quoted scripts. */
class CommandReader {
  readonly #text: string;
  readonly #spans: SecretSpan[];

  constructor(text: string, spans: SecretSpan[]) {
    this.#text = text;
    this.#spans = spans;
  }

  read(from: number, to: number, depth: number): void {
    const text = this.#text;
    const state = new CommandState(this.#spans);
    let i = from;
    while (i < to) {
      const char = text[i] ?? "";
      if (char === " " || char === "\t" || char === "\r") i++;
      else if (char === "\\" && /^\\+\r?\n/.test(text.slice(i, i + 12))) i = lineEnd(text, i) + 1;
      else if (text.startsWith("<<<", i)) {
        state.hereString();
        i += 3;
      } else if (text.startsWith("<<", i)) i = this.#heredoc(i, state);
      else if (";|&\n()`<>".includes(char)) {
        const sign = (char === "&" || char === "|") && text[i + 1] === char ? char + char : char;
        state.end(sign);
        i += sign.length;
      } else {
        const range = readWord(text, i, "");
        const hasQuotes = range.start > i;
        const end = Math.min(
          to,
          Math.max(i + 1, hasQuotes ? range.end + quoteAt(text, range.end).length : range.end),
        );
        const inner = { start: range.start, end: Math.min(to, Math.max(range.end, range.start + 1)) };
        state.add({ ...inner, text: text.slice(inner.start, inner.end) });
        if (depth < 3 && end - i > 8 && /["'][^"']*\s/.test(text.slice(i, end))) this.#inside(i, end, depth);
        i = end;
      }
    }
    state.end("\n");
  }

  /** The quoted parts of a word may be scripts: `sh -c "…"`. */
  #inside(from: number, to: number, depth: number): void {
    const text = this.#text;
    const quote = /["']/.exec(text.slice(from, to));
    if (quote === null) return;
    const start = from + quote.index + 1;
    const close = text.lastIndexOf(quote[0], to - 1);
    const end = close > start ? close : to;
    if (mayCarrySecret(text.slice(start, end))) this.read(start, end, depth + 1);
  }

  /** The lines of `chpasswd <<EOF`. */
  #heredoc(at: number, state: CommandState): number {
    const text = this.#text;
    const [whole, delimiter] = /^<<-?\s*\\?["']?(\w+)["']?/.exec(text.slice(at, at + 80)) ?? ["<<"];
    if (delimiter !== undefined && state.reads("chpasswd")) {
      let line = lineEnd(text, at) + 1;
      while (line < text.length) {
        const end = lineEnd(text, line);
        const content = text.slice(line, end).trim();
        if (content === delimiter) break;
        const colon = text.slice(line, end).indexOf(":");
        if (colon >= 0) this.#spans.push({ start: line + colon + 1, end });
        line = end + 1;
      }
      state.end("\n");
      return line;
    }
    return at + whole.length;
  }
}

/** The words of one command so far, and of those that are piped into it. */
class CommandState {
  readonly #spans: SecretSpan[];
  #words: Word[] = [];
  /** What `echo` and `printf` printed in this pipeline. */
  #printed: Word[] = [];
  #entry: SecretArguments | undefined;
  #expects: SecretOption | undefined;
  /** Words of the subcommand that are still shown before the secret; -1: none is expected. */
  #skip = -1;
  #isHereString = false;

  constructor(spans: SecretSpan[]) {
    this.#spans = spans;
  }

  reads(name: string): boolean {
    return this.#words.some(({ text }) => text === name || text.endsWith(`/${name}`));
  }

  hereString(): void {
    this.#isHereString = true;
  }

  add(word: Word): void {
    if (this.#isHereString) {
      this.#isHereString = false;
      this.#printed.push(word);
      return;
    }
    this.#words.push(word);
    if (word.text.startsWith("pass:")) this.#hide(word, 5);
    const entry = secretArguments.get(word.text.slice(word.text.lastIndexOf("/") + 1));
    if (entry !== undefined && this.#expects === undefined && this.#skip < 0) {
      this.#entry = entry;
      return;
    }
    if (this.#entry === undefined) return;
    const [from, to] = this.#entry.login?.exec(word.text)?.indices?.[1] ?? [];
    if (from !== undefined && to !== undefined)
      this.#spans.push({ start: word.start + from, end: word.start + to });
    if (this.#expects !== undefined) {
      const option = this.#expects;
      this.#expects = undefined;
      this.#hideOption(word, 0, option);
      return;
    }
    if (this.#skip >= 0 && !word.text.startsWith("-")) {
      if (this.#skip === 0) this.#hide(word, 0);
      this.#skip--;
      return;
    }
    this.#option(word);
    for (const { behind, skip } of this.#entry.words ?? []) if (behind.test(word.text)) this.#skip = skip;
  }

  #option(word: Word): void {
    const { text } = word;
    if (!text.startsWith("-") || text === "-" || text === "--") return;
    for (const option of this.#entry?.options ?? []) {
      const { short = "", long = [], attached, apart, behind } = option;
      if (behind !== undefined && !this.#words.some((other) => other.text === behind)) continue;
      if (text.startsWith("--")) {
        const [name = ""] = text.slice(2).split("=", 1);
        if (!long.includes(name)) continue;
        if (text.length > name.length + 2) this.#hideOption(word, name.length + 3, option);
        else this.#expects = option;
        return;
      }
      const at = text.split("").findIndex((char, i) => i > 0 && short.includes(char));
      // options in one word are letters: -sSLu
      if (at < 1 || !/^-[A-Za-z#]*$/.test(text.slice(0, at))) continue;
      if (attached && at !== 1) continue;
      if (at === text.length - 1) {
        if (!attached) this.#expects = option;
      } else if (apart !== true && (at === 1 || option.after !== undefined))
        this.#hideOption(word, at + 1, option);
      return;
    }
  }

  #hideOption(word: Word, from: number, { after }: SecretOption): void {
    if (after === undefined) {
      this.#hide(word, from);
      return;
    }
    const sign = word.text.indexOf(after, from);
    if (sign >= 0) this.#hide(word, sign + 1);
  }

  #hide({ start, end, text }: Word, from: number): void {
    const equals = text[from] === "=" ? 1 : 0;
    if (start + from + equals < end) this.#spans.push({ start: start + from + equals, end });
  }

  /** Ends the command; `sign` is what ends it. */
  end(sign: string): void {
    const words = this.#words;
    const ask = words.find(({ text }) => asks.test(text) || /\/(?:ch|smb|vnc)?passwd$/.test(text))?.text;
    if (ask !== undefined && (ask !== "-S" || words.some(({ text }) => text === "sudo"))) {
      // printf 'root:%s' v
      const isFormat = this.#printed.some(({ text }) => text.includes("%s"));
      for (const word of this.#printed) {
        if (word.text.includes("%s")) continue;
        const colon = ask.endsWith("chpasswd") && !isFormat ? word.text.indexOf(":") : -1;
        if (colon >= 0 || isFormat || !ask.endsWith("chpasswd")) this.#hide(word, colon + 1);
      }
    }
    // behind RUN and its flags, `sh -c`, `then`
    const print = words.findIndex(({ text }) => /^(?:echo|printf|yes)$/.test(text));
    if (print >= 0) this.#printed.push(...words.slice(print + 1).filter(({ text }) => !/^-\w+$/.test(text)));
    if (ask !== undefined || !/^[|;()]$/.test(sign)) this.#printed = [];
    this.#words = [];
    this.#entry = undefined;
    this.#expects = undefined;
    this.#skip = -1;
  }
}
