/** Names whose values are secrets, and the values that are none behind such a name. */
import { isPlaceholderWord, isPublished, isReference } from "./placeholder.ts";

/** Names whose values are secrets: `NPM_TOKEN`, `db_password`, `AWS_SECRET_ACCESS_KEY`. Not `GPG_KEY`, `PASSWORD_FILE`. */
export const secretNamePattern =
  /^[A-Za-z0-9_.-]*(?:passw(?:or)?d|passphrase|secret|token|api_?key|access_?key|secret_?key(?:_?base)?|master_?key|private_?key|credentials?)$/i;

/**
 * What a name is worth to the masker. `header`: of HTTP, with a scheme before the value; `secret`: its value is hidden;
 * `weak`: its value is hidden where it looks random.
 */
export type NameKind = "header" | "secret" | "weak";

const header =
  /^-{0,2}(?:(?:proxy-)?authorization|(?:set-)?cookie|x-[a-z0-9-]*(?:token|key|secret|auth)|x-jfrog-art-api|(?:private|job|deploy)-token|api-?key)$/i;

const secret =
  /(?:passw(?:or)?d|passphrase|passcode|(?:^|[-_.]|store|key|db|pg|ssh|user|admin|root|require|auth)pass|secret|token|credentials?|(?:api|access|private|master|account|signing|encryption|shared|storage|auth|secret)[-_.]?key|secret[-_.]?key[-_.]?base|signature|[-_.](?:pat|pwd|pw)|^pwd|^bindpw|^masterauth|^psk|^(?:.*[-_])?_?auth|^sig|identitytoken)(?:[-_.]?(?:value|text|plain|hash|base|prod|production|staging|dev|\d{1,3}))?$/i;

const weak =
  /(?:passw(?:or)?d|secret|token|credential|pwd)[-_.]?[a-z0-9]+$|[a-z0-9]key$|[-_.]key(?:[-_]base)?$|(?:^|[-_])jwt$|sonar\.login$|^bundle_(?!build__|mirror__|local__)[a-z0-9_]+__[a-z]+$/i;

/** Names of keys that are public, or of values that say where a secret is. */
const elsewhere =
  /^-*(?:.*[-_])?(?:gpg|pgp|pub|public|primary|foreign|sort|cache|partition|release|host)[-_]?key$|[-_.]?(?:file|path|dir|url|uri|name|names|type|id|ids|ttl|length|size|count|expiry|expires|header|endpoint|field|policy|host|port|stdin|helper|mode|format|algorithm|provider|ref|version)$/i;

export function nameKind(name: string): NameKind | undefined {
  if (name === "PWD" || name === "OLDPWD") return undefined;
  if (header.test(name)) return "header";
  if (/^-{1,2}(?:no|ask|empty|without|allow|prompt|enable|disable|use)-/i.test(name)) return undefined;
  if (secret.test(name.replace(/^-+(?!pass$)/i, ""))) return "secret";
  return weak.test(name) && !elsewhere.test(name) ? "weak" : undefined;
}

/** Returns true for a value behind a secret's name that no output may show. */
export function isHidden(value: string, name: string, kind: NameKind): boolean {
  // a version of a package of such a name, a pattern of sed
  if (/^(?:\d+:)?\d+\.\d[\w.+~-]*$|^\.[*+]/.test(value)) return false;
  if (value.endsWith("****") || isReference(value) || isPublished(value)) return false;
  const text = value
    .replace(/\$\{[^{}]*\}|\$[A-Za-z_]\w*|\$\([^()]*\)/g, "")
    .replace(/^["']|["']$/g, "")
    .trim();
  if (text.length < 4 || isPlaceholderWord(text)) return false;
  if (/^\d+$/.test(text)) return text.length >= 6 && /pass|pwd|pin/i.test(name);
  if (kind === "weak") return looksRandom(text);
  // names of resources: KUBERNETES_SECRET=my-app-secret
  if (kind === "secret" && !/pass|pwd/i.test(name)) return !isPlainName(text);
  return true;
}

/** Tokens of language models and of parsers. */
const textToken = /(?:^|[-_])(?:stop|eos|bos|pad|unk|mask|sep|cls|start|end|special|next|max)[-_]?tokens?$/i;

/** Returns true for a value that is certainly none, whatever its name says: `STOP_TOKEN`, `KUBERNETES_SECRET=my-app-secret`. */
export function isInnocent(name: string, value: string): boolean {
  if (textToken.test(name)) return true;
  return !/pass|pwd/i.test(name) && isPlainName(value.trim());
}

/** Words of lower-case letters: a name, not a random key. */
export function isPlainName(text: string): boolean {
  return text.length < 32 && /^[a-z]+(?:[-_./:][a-z]+)*$/.test(text);
}

/** A word with letters and digits, as keys are; fingerprints of public keys are upper-case hexadecimal. */
export function looksRandom(text: string): boolean {
  if (/^(?:0x)?[0-9A-F ]+$/.test(text)) return false;
  return text.length >= 8 && /\d/.test(text) && /[A-Za-z]/.test(text) && !/\s/.test(text);
}
