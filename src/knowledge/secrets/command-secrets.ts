/** The places where command lines carry passwords: options, words, and what is piped into a program that asks. */
import { isPlaceholderWord, isReference } from "./placeholder.ts";
import type { SecretSpan } from "./places.ts";
import { lineEnd, quoteAt, readWord, type ValueRange } from "./values.ts";

interface SecretOption {
  /** Short options without the dash: the next word, or what is attached. */
  readonly short?: string;
  /** The value is attached to the short option, never the next word. */
  readonly attached?: true;
  /** The value is the next word, never attached. */
  readonly apart?: true;
  readonly long?: readonly string[];
  /** `user:password`: the part after this character. */
  readonly after?: ":" | "%" | "=" | ",";
  /** Only behind this subcommand. */
  readonly behind?: string;
}

/** Words of a subcommand that are secrets. */
interface SecretWord {
  readonly behind: RegExp;
  /** Words after the subcommand that are shown: a user's name. */
  readonly skip: number;
}

interface CommandSecrets {
  readonly names: string;
  readonly options?: readonly SecretOption[];
  readonly words?: readonly SecretWord[];
}

/** From the manual page of each command. */
const table: readonly CommandSecrets[] = [
  {
    names: "curl",
    options: [
      { short: "uU", long: ["user", "proxy-user"], after: ":" },
      { short: "b", long: ["cookie"], after: "=" },
      { long: ["oauth2-bearer"] },
    ],
  },
  { names: "http https xh", options: [{ short: "a", long: ["auth"], after: ":" }] },
  {
    names: "mysqladmin mariadb-admin",
    options: [{ short: "p", attached: true }],
    words: [{ behind: /^password$/, skip: 0 }],
  },
  {
    names:
      "mysql mysqlcheck mysqldump mysqlimport mysqlshow mysqlpump mariadb mariadb-check mariadb-dump mariadb-import 7z 7za 7zr unrar rar",
    options: [{ short: "p", attached: true }],
  },
  {
    names:
      "mongo mongosh mongodump mongorestore mongoimport mongoexport cqlsh twine influx sshpass useradd usermod adduser dotnet nuget",
    options: [{ short: "p" }],
  },
  {
    names: "docker podman nerdctl buildah skopeo oras helm crane regctl az",
    options: [{ short: "p", behind: "login" }],
  },
  { names: "redis-cli", options: [{ short: "a" }] },
  { names: "ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd", options: [{ short: "w" }] },
  { names: "sqlcmd bcp zip unzip", options: [{ short: "P" }] },
  { names: "ssh-keygen", options: [{ short: "NP" }] },
  {
    names: "openssl",
    options: [{ short: "kK", apart: true }],
    words: [{ behind: /^passwd$/, skip: 0 }],
  },
  { names: "smbclient", options: [{ short: "U", long: ["user"], after: "%" }] },
  {
    names: "htpasswd",
    words: [
      { behind: /^-\w*b\w*$/, skip: 2 },
      // -n prints, so that no file is named
      { behind: /^-(?=\w*b)\w*n\w*$/, skip: 1 },
    ],
  },
  { names: "x11vnc", words: [{ behind: /^-(?:storepasswd|passwd)$/, skip: 0 }] },
  { names: "lftp", options: [{ short: "u", long: ["user"], after: "," }] },
  { names: "rabbitmqctl", words: [{ behind: /^(?:add_user|change_password|authenticate_user)$/, skip: 1 }] },
  { names: "cargo vault", words: [{ behind: /^login$/, skip: 0 }] },
  { names: "snyk", words: [{ behind: /^auth$/, skip: 0 }] },
  { names: "ngrok", words: [{ behind: /^(?:authtoken|add-authtoken)$/, skip: 0 }] },
  { names: "pro ua", words: [{ behind: /^attach$/, skip: 0 }] },
  {
    names: "composer poetry",
    words: [
      { behind: /^http-basic\./, skip: 1 },
      { behind: /^(?:github-oauth|gitlab-token|gitlab-oauth|bearer|pypi-token)\./, skip: 0 },
    ],
  },
];

const byName = new Map(
  table.flatMap((entry) => entry.names.split(" ").map((name) => [name, entry] as const)),
);

/** Programs that read a password from standard input, by a word of their command. */
const asks =
  /^(?:chpasswd|passwd|smbpasswd|vncpasswd|kinit|--password-stdin|--with-token|--stdin|--passphrase-fd(?:=\d)?|-S)$/;

/** Names that are also those of packages and URLs: only with an option that carries a secret somewhere behind. */
const common: Readonly<Record<string, string>> = {
  curl: "(?=[^;|&]{0,2000}(?:\\s-[A-Za-z#]*[uUb]|--(?:user|proxy-user|cookie|oauth2)|,))",
  zip: "(?=[^;|&]{0,2000}-P|[\"'])",
  unzip: "(?=[^;|&]{0,2000}-P|[\"'])",
  openssl: "(?=[^;|&]{0,2000}(?:-[kK]|passwd)|[\"'])",
  http: "(?=\\s|[\"'])",
  https: "(?=\\s|[\"'])",
};

/** A command of the table, or a program that asks: all other texts cost one search. */
const anyCommand = new RegExp(
  `(?<![\\w-])(?:${[...byName.keys()]
    .toSorted((a, b) => b.length - a.length)
    .map((name) => `${name}(?![\\w-])${common[name] ?? ""}`)
    .join(
      "|",
    )}|(?:(?:ch|smb|vnc)?passwd|kinit|sudo -S)(?![\\w-]))|--(?:password-stdin|with-token|stdin|passphrase-fd)|pass:`,
);

interface Word extends ValueRange {
  /** Without the quotes around it. */
  readonly text: string;
}

/** Returns the secrets of all command lines in a text. */
export function commandSecrets(text: string): SecretSpan[] {
  if (!anyCommand.test(text)) return [];
  const spans: SecretSpan[] = [];
  new CommandReader(text, spans).read(0, text.length, 0);
  if (text.includes('",') || text.includes('" ,')) readLists(text, spans);
  return spans.filter(({ start, end }) => isShownNever(text.slice(start, end)));
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
    if (/\s/.test(value) && anyCommand.test(value)) new CommandReader(text, spans).read(start, end, 2);
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
      else if (/[;|&\n()`<>]/.test(char)) {
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
    if (anyCommand.test(text.slice(start, end))) this.read(start, end, depth + 1);
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
  #entry: CommandSecrets | undefined;
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
    const entry = byName.get(word.text.slice(word.text.lastIndexOf("/") + 1));
    if (entry !== undefined && this.#expects === undefined && this.#skip < 0) {
      this.#entry = entry;
      return;
    }
    if (this.#entry === undefined) return;
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
    const [first, ...rest] = words;
    if (first !== undefined && /^(?:echo|printf)$/.test(first.text))
      this.#printed.push(...rest.filter(({ text }) => !/^-\w+$/.test(text)));
    if (ask !== undefined || !/^[|;()]$/.test(sign)) this.#printed = [];
    this.#words = [];
    this.#entry = undefined;
    this.#expects = undefined;
    this.#skip = -1;
  }
}
