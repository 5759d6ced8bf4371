/** Finds the places where texts carry secrets: names with values, headers, URLs. Every search is linear. */
import { isHidden, nameKind, type NameKind } from "./names.ts";
import { isPlaceholderWord, isReference } from "./placeholder.ts";
import {
  lineEnd,
  lineStart,
  quoteAt,
  quoteBefore,
  readBlock,
  readLine,
  readWord,
  type ValueRange,
} from "./values.ts";

/** A value in a text that no output may show, without its quotes. */
export interface SecretSpan extends ValueRange {
  /** The name before it; undefined in URLs and tokens. */
  readonly name?: string | undefined;
  /** Nothing of it identifies it: a line of a key. */
  readonly isBlock?: true;
}

/** A part of every name and header that is followed by a secret. */
const nameParts =
  /passw|passphrase|passcode|pass(?![a-z])|pwd|secret|token|credential|key(?=["'\s_=:,\\>-])|identified\s+(?:with\s+\S{1,64}\s+)?by|auth(?![a-z])|authorization|[-_](?:pat|pw)(?![a-z])|signature|(?<![a-z])sig=|cookie|art-api(?=:)|(?<![a-z])jwt(?==)|sonar\.login|psk=|bundle_[a-z0-9_]+__[a-z]+(?==)|bindpw/gi;

/** Longest name on each side of the part that was found. */
const longestName = 64;

const isNameChar = (char: string | undefined) => char !== undefined && /[A-Za-z0-9_.-]/.test(char);

/**
 * Returns the values behind names of secrets. `isSource`: the text is a Dockerfile or a record of one, in which `ENV
 * NAME value` sets a variable; messages may say `ENV NAME keeps …`.
 */
export function namedSecrets(text: string, isSource: boolean): SecretSpan[] {
  const spans: SecretSpan[] = [];
  nameParts.lastIndex = 0;
  for (let match = nameParts.exec(text); match !== null; match = nameParts.exec(text)) {
    let start = match.index;
    let end = match.index + match[0].length - (match[0].endsWith("=") ? 1 : 0);
    while (start > 0 && match.index - start < longestName && isNameChar(text[start - 1])) start--;
    // `\npassword` in a string: the first letter belongs to the escape
    if (start < match.index && text[start - 1] === "\\" && /[nrt]/.test(text[start] ?? "")) start++;
    const first = end;
    while (end - first < longestName && isNameChar(text[end])) end++;
    nameParts.lastIndex = Math.max(end, match.index + 1);
    const name = text.slice(start, end);
    const isSql = /^identified/i.test(match[0]);
    // `__DB_PASSWORD__` in a template
    const kind = isSql ? "secret" : nameKind(name.replace(/^[.-](?=[^-])/, "-").replace(/_+$/, ""));
    if (kind === undefined) continue;
    const place = { text, start, end, name, kind, isSource, isSql };
    const found = valueAfter(place) ?? printedInto(place);
    if (found === undefined) continue;
    const { range, kind: strength } = found;
    if (range.end <= range.start) continue;
    const value = text.slice(range.start, range.end);
    if (isHidden(value, name, strength)) spans.push({ ...range, name });
    else if (value.length < 256) continue;
    nameParts.lastIndex = Math.max(nameParts.lastIndex, range.end);
  }
  return spans;
}

interface Place {
  readonly text: string;
  /** Range of the name. */
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly kind: NameKind;
  readonly isSource: boolean;
  readonly isSql: boolean;
}

interface Found {
  readonly range: ValueRange;
  readonly kind: NameKind;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const assign = /[ \t]{0,8}(\+=|\?=|:=|=>|={1,2}|:(?![:/]))[ \t]{0,8}/y;
const blanks = /(?:[ \t]|\\+\r?\n){1,200}/y;
const pairedValue = /[\s,]{0,40}\\{0,8}["']?value\\{0,8}["']?\s{0,4}[:=]\s{0,8}/iy;
const listComma = /\s{0,40},\s{0,40}(?=\\{0,8}["'])/y;
const sqlQuote = /\s{0,8}(?:\(\s{0,8}|AS\s{1,8})?(?=\\{0,8}')/iy;

function valueAfter(place: Place): Found | undefined {
  const { text, start, end, name, kind, isSource } = place;
  const strong = (range: ValueRange): Found => ({ range, kind });
  if (place.isSql || /^password$/i.test(name)) {
    const sql = matchAt(sqlQuote, text, end);
    if (sql !== null && (place.isSql || sql[0] !== "")) return strong(readWord(text, sqlQuote.lastIndex, ""));
    if (place.isSql) return undefined;
  }
  if (text[start - 1] === "{" && text[start - 2] === "$") return defaultValue(place);
  if ((text[start - 1] === "<" || text[start - 1] === ":") && text[end] === ">") {
    const close = text.slice(end, end + 8192).indexOf("<");
    const last = close < 0 ? lineEnd(text, end) : end + close;
    return strong({ start: end + 1, end: last });
  }
  const opened = quoteBefore(text, start);
  const closed = quoteAt(text, end);
  let at = end + closed.length;
  // os.environ["API_KEY"] = "v"
  const isIndex = closed !== "" && text[at] === "]";
  if (isIndex) at++;
  const op = matchAt(assign, text, at);
  if (op !== null) {
    const found = assigned(place, op, closed === "" ? opened : "", closed !== "");
    // other lists are texts for people
    const isText =
      isIndex && found !== undefined && /\s/.test(text.slice(found.range.start, found.range.end));
    return isText ? undefined : found;
  }
  if (matchAt(pairedValue, text, at) !== null) return strong(readWord(text, pairedValue.lastIndex, ""));
  const isOption = name.startsWith("-");
  if (closed !== "") {
    const isCall = /[([]\\{0,8}$/.test(
      text.slice(Math.max(0, start - opened.length - 2), start - opened.length),
    );
    if (
      (isOption || (isCall && text[start - opened.length - 1] === "(")) &&
      matchAt(listComma, text, at) !== null
    )
      return strong(readWord(text, listComma.lastIndex, ""));
  }
  if (matchAt(blanks, text, at) === null) return replacement(place);
  const value = blanks.lastIndex;
  if (/[-;|&<>#]/.test(text[value] ?? "-")) return undefined;
  const before = text.slice(Math.max(0, start - 120), start);
  if (isOption || /^:?_auth|:_(?:auth|password)|^(?:requirepass|masterauth|bindpw)$/i.test(name))
    return strong(readWord(text, value, opened));
  if (isSource && /(?:^|\n|ONBUILD[ \t]+|#\(nop\)[ \t]+)[ \t]*(?:ENV|LABEL)[ \t]+$/i.test(before))
    return strong(readLogicalLine(text, value));
  if (/\bsetenv[ \t]+$|\bset[ \t]+-\w*x\w*[ \t]+$/.test(before)) return strong(readWord(text, value, ""));
  if (isLogin(place, before)) return strong(readWord(text, value, ""));
  // `npm config set …:_authToken v`, `aws configure set aws_secret_access_key v`, debconf's `root_password password v`
  if (
    /\b(?:set|config|configure)\b[^\n|;&]{0,100}$/.test(before) ||
    /passw(?:or)?d(?:[-_]\w+)?[ \t]+$/i.test(before)
  )
    return strong(readWord(text, value, opened));
  return undefined;
}

/** `sed s/__DB_PASSWORD__/v/` */
function replacement({ text, start, end, name }: Place): Found | undefined {
  if (!/^[A-Z_]+$/.test(name)) return undefined;
  const sign = /(?:^|[\s"';])s([/|#,@!])\W{0,8}$/.exec(text.slice(Math.max(0, start - 12), start))?.[1];
  const [gap = ""] = matchAt(/[^\w\s]{1,8}/y, text, end) ?? [];
  if (sign === undefined || !gap.endsWith(sign)) return undefined;
  const from = end + gap.length;
  const close = text.slice(from, lineEnd(text, from)).indexOf(sign);
  return close < 0 ? undefined : { range: { start: from, end: from + close }, kind: "weak" };
}

const print =
  /\b(?:echo(?:[ \t]+-[neE]+)*|printf(?:[ \t]+["']%s(?:\\n)?["'])?)[ \t]+(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'|;&<>]+))[ \t]*>{1,2}[ \t]*["']?(?:[^\s"'|;&<>]*\/)?$/d;

/** `echo v > /run/db_password`: the file has the name of a secret. */
function printedInto({ text, start, end, name, kind }: Place): Found | undefined {
  // a folder, or the list of accounts
  if (/[^\s"'`;|&)]/.test(text[end] ?? " ") || name === "passwd") return undefined;
  const from = Math.max(lineStart(text, start), start - 400);
  const before = text.slice(from, start);
  if (!before.includes(">")) return undefined;
  const { indices } = print.exec(before) ?? {};
  const [first, last] = indices?.[1] ?? indices?.[2] ?? indices?.[3] ?? [];
  if (first === undefined || last === undefined) return undefined;
  return { range: { start: from + first, end: from + last }, kind };
}

/** `machine h login u password v`, also over lines (docs of curl, .netrc). */
function isLogin({ text, start, end, name }: Place, before: string): boolean {
  if (!/^(?:password|passwd)$/i.test(name)) return false;
  if (/(?:\b|\\n)(?:login|machine|account)[ \t]+[^\s\\]+(?:\s|\\n)+$|\bdefault\s+$/.test(before)) return true;
  return (
    /(?:^|\n)[ \t]*$/.test(before) &&
    /^\S+[ \t]*(?:\n|$)/.test(text.slice(end, Math.min(text.length, end + 200)).trimStart()) &&
    text[start] === "p"
  );
}

/** `${DB_PASSWORD:-value}` */
function defaultValue({ text, end, kind }: Place): Found | undefined {
  const op = matchAt(/:?[-=+?]/y, text, end);
  if (op === null) return undefined;
  return { range: readWord(text, end + op[0].length, "", "}"), kind };
}

/** The value of an ENV without `=`: the rest of the line, and of the lines that continue it. */
function readLogicalLine(text: string, at: number): ValueRange {
  let end = lineEnd(text, at);
  while (end < text.length && /[\\`]\r?$/.test(text.slice(Math.max(at, end - 2), end)) && end - at < 8192)
    end = lineEnd(text, end + 1);
  const last = end - (/\s*$/.exec(text.slice(Math.max(at, end - 40), end))?.[0].length ?? 0);
  const quote = quoteAt(text, at);
  const isQuoted = quote !== "" && last - at > 2 && text.endsWith(quote, last);
  const inner = isQuoted ? text.slice(at + 1, last - 1) : "";
  return isQuoted && !inner.includes(quote) ? { start: at + 1, end: last - 1 } : { start: at, end: last };
}

function assigned(place: Place, op: RegExpExecArray, opened: string, isClosed: boolean): Found | undefined {
  const { text, start, kind, name } = place;
  const sign = op[1] ?? "";
  let at = op.index + op[0].length;
  const isColon = sign === ":" || sign === "=>";
  if (isColon && isClosed) at = matchAt(/\s{0,40}/y, text, at) === null ? at : skipBlank(text, at);
  const next = text[at] ?? "";
  if (next === "" || next === "{" || (next === "[" && isColon)) return undefined;
  if (next === "\n" || next === "\r") return undefined;
  if (kind === "header") return headerValue(place, at, opened, isClosed);
  // a colon of YAML has a blank behind it
  if (isColon && !isClosed)
    return sign === "=>" || opened !== "" || /[ \t]$/.test(op[0]) || quoteAt(text, at) !== ""
      ? yamlValue(place, at, opened)
      : undefined;
  const isSpaced = /[ \t]$/.test(op[0]);
  if (isClosed || quoteAt(text, at) !== "") return { range: readWord(text, at, opened), kind };
  // `TOKEN= command` sets nothing
  if (isSpaced && !/^[ \t]/.test(op[0])) return { range: readWord(text, at, opened), kind: "weak" };
  const quote = opened !== "" ? opened : printedQuote(text, start);
  if (quote !== "") {
    const whole = readLine(text, at, quote);
    // several statements or settings
    const stop = text.slice(whole.start, whole.end).search(/[;&|\n]|\\n|\\0|\s[A-Za-z_][\w.-]*=/);
    const end = stop < 0 ? whole.end : whole.start + stop;
    if (end > at) return { range: { start: at, end }, kind };
  }
  const isOwnLine = /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, start - 80), start));
  if (isSpaced && isOwnLine) return { range: readLine(text, at, ""), kind };
  if (isIniLine(text, start, at)) return { range: readLine(text, at, ""), kind };
  const isQuery = /[?&]$/.test(text.slice(Math.max(0, start - 1), start));
  const range = readWord(text, at, "", isQuery ? "&\"'" : "");
  return { range, kind: name.toLowerCase() === "sig" && !isQuery ? "weak" : kind };
}

function skipBlank(text: string, at: number): number {
  let i = at;
  while (i < at + 40 && /\s/.test(text[i] ?? "x")) i++;
  return i;
}

const scheme =
  /(?:Bearer|Basic|Digest|Token|ApiKey|Api-Key|Negotiate|NTLM|Splunk|GenieKey|SSWS|Bot|OAuth|AWS4-HMAC-SHA256)(?:\\?[ \t]+|\\?$)/iy;

/** `Authorization: Bearer v`, in quotes, as one shell word, or as a line of its own. */
function headerValue({ text, start, kind }: Place, at: number, opened: string, isClosed: boolean): Found {
  const isOwnLine = /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, start - 80), start));
  let range = opened !== "" || isOwnLine ? readLine(text, at, opened) : readWord(text, at, opened);
  const named = matchAt(scheme, text, range.start);
  if (named !== null) {
    const from = range.start + named[0].length;
    if (from < range.end) range = { start: from, end: range.end };
    else if (!isClosed) range = readWord(text, from, opened);
  }
  return { range, kind };
}

/** `password: v` as a line of YAML or in braces; elsewhere a colon may be one of prose. */
function yamlValue({ text, start, kind }: Place, at: number, opened: string): Found | undefined {
  const line = text.slice(lineStart(text, start, 200), start);
  if (/^[|>][-+0-9]*[ \t]*(?:\r?\n)/.test(text.slice(at, at + 8)))
    return { range: readBlock(text, at, line.length - line.trimStart().length), kind };
  if (opened !== "") return { range: readLine(text, at, opened), kind };
  const isOwnLine = /^[\s-]*$/.test(line) && (start > line.length || /\n/.test(text.slice(at, at + 4096)));
  if (isOwnLine) return { range: readLine(text, at, ""), kind };
  const inBraces = /[{,][ \t]*$/.test(line);
  return { range: readWord(text, at, ""), kind: inBraces || quoteAt(text, at) !== "" ? kind : "weak" };
}

/** Returns the quote in which `echo` or `printf` prints what stands at an offset. */
function printedQuote(text: string, at: number): string {
  const from = lineStart(text, at);
  const line = text.slice(from, at);
  let open = -1;
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (char === "\\") i++;
    else if (open < 0 && (char === '"' || char === "'")) open = i;
    else if (open >= 0 && char === line[open]) open = -1;
  }
  if (open < 0 || !/\b(?:echo(?:[ \t]+-\w+)*|printf)[ \t]+$/.test(line.slice(0, open))) return "";
  return line[open] ?? "";
}

/** A line `name = value` beside lines of the same kind. */
function isIniLine(text: string, start: number, at: number): boolean {
  const from = lineStart(text, start, 200) - 1;
  if (start - from > 199 || !/^[ \t]*(?:;|export )?$/.test(text.slice(from + 1, start))) return false;
  const end = lineEnd(text, at);
  if (end - at > 4096 || /[\\`|&;$"']/.test(text.slice(at, end))) return false;
  const previous = from <= 0 ? "" : text.slice(lineStart(text, from, 300), from);
  return /^\s*(?:\[[^\]]*\]|[\w.-]+[ \t]*[=:][^\\]*|#.*)\s*$/.test(previous);
}

const credential = /(?<![A-Za-z])(?:Bearer|Basic)[ \t]+([A-Za-z0-9._~+/=-]{12,})/g;

/** JSON Web Tokens, and hashes of passwords as crypt(5) writes them. */
const shapes =
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?|(?<![\w$])\$(?:1|2[abxy]?|5|6|7|y|gy|apr1)\$[./A-Za-z0-9$=,+-]{16,}/g;

/** Returns logins in URLs, credentials of HTTP, and shapes that are secret wherever they stand. */
export function loginsAndShapes(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const { start, end } of urlLogins(text)) spans.push({ start, end });
  if (/bearer|basic/i.test(text)) {
    for (const found of text.matchAll(credential)) {
      const value = found[1] ?? "";
      const start = found.index + found[0].length - value.length;
      if (/\d/.test(value) && !value.endsWith("****")) spans.push({ start, end: start + value.length });
    }
  }
  if (text.includes("eyJ") || text.includes("$"))
    for (const found of text.matchAll(shapes))
      spans.push({ start: found.index, end: found.index + found[0].length });
  for (const { word, pattern, isToken } of contexts) {
    if (!text.includes(word)) continue;
    for (const { indices } of text.matchAll(pattern)) {
      const [start = 0, end = 0] = indices?.[1] ?? [];
      const value = text.slice(start, end);
      if (isToken === true ? isTokenLike(value) : isLoginValue(value)) spans.push({ start, end });
    }
  }
  return spans;
}

/** Texts in which a secret stands at a place of its own; the first group. `isToken`: other values are no secrets. */
const contexts: readonly { readonly word: string; readonly pattern: RegExp; readonly isToken?: true }[] = [
  // .netrc of a host that takes a token for the user: GitHub, Go proxies
  {
    word: "machine",
    pattern: /\bmachine\s{1,8}\S{1,256}\s{1,8}login\s{1,8}([^\s"'\\]{1,512})/dg,
    isToken: true,
  },
  // conda: channels with a token
  { word: "/t/", pattern: /conda[\w.:-]{0,64}\/t\/([A-Za-z0-9_-]{12,128})(?=\/)/dg, isToken: true },
  { word: "cloudsmith.io/", pattern: /\bcloudsmith\.io\/([A-Za-z0-9]{12,64})\//dg, isToken: true },
  // the data source name of Go's MySQL driver
  { word: "@tcp(", pattern: /(?<![\w/.-])[\w.-]{1,64}:([^\s:@/"'\\]{3,256})@tcp\(/dg },
  // PostgreSQL: host:port:database:user:password
  {
    word: "pgpass",
    pattern: /(?<![\w:])[\w.*-]{1,256}:(?:\d{2,5}|\*):[\w.*-]{1,64}:[\w.*-]{1,64}:([^\s:"'\\]{3,256})/dg,
  },
  // Postfix: [host]:port user:password
  { word: "sasl_passwd", pattern: /\]?:\d{2,5}\s{1,8}[^\s:"']{1,256}:([^\s"'\\]{3,256})/dg },
  {
    word: "SecureString",
    pattern: /\bConvertTo-SecureString\s{1,8}(?:-String\s{1,8})?\\{0,2}["']([^"'\\]{3,256})/dg,
  },
  {
    word: "create_superuser(",
    pattern:
      /\bcreate_superuser\((?:\s{0,8}\\?["'][^"'\\]{0,128}\\?["']\s{0,8},){2}\s{0,8}\\?["']([^"'\\]{3,256})/dg,
  },
  { word: "crypt(", pattern: /\bcrypt\(\s{0,8}\\?["']([^"'\\]{3,256})/dg },
];

/** `https://user:password@host`, `https://TOKEN@host`: the password, or a token without one. */
export function urlLogins(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const start = at + 3;
    const [authority = ""] = matchAt(/[^\s/?#"'<>]*/y, text, start) ?? [];
    const last = authority.lastIndexOf("@");
    if (last <= 0) continue;
    const colon = authority.indexOf(":");
    const hasPassword = colon >= 0 && colon < last;
    const user = authority.slice(0, hasPassword ? colon : last);
    const password = hasPassword ? authority.slice(colon + 1, last) : "";
    if (isLoginValue(password)) spans.push({ start: start + colon + 1, end: start + last, name: "password" });
    if ((password.length < 4 || password === "x-oauth-basic") && isTokenLike(user))
      spans.push({ start, end: start + user.length });
  }
  return spans;
}

function isLoginValue(password: string): boolean {
  const text = password.replace(/\$\{[^{}]*\}|\$[A-Za-z_]\w*/g, "");
  return text.length >= 3 && !isPlaceholderWord(text) && !isReference(text) && !text.endsWith("****");
}

function isTokenLike(user: string): boolean {
  if (/[$%{}<>*]/.test(user) || isPlaceholderWord(user)) return false;
  return user.length >= 24 || (user.length >= 12 && /\d/.test(user) && /[A-Za-z]/.test(user));
}
