/** Finds and masks secrets in text. */
import { entropy, isPlaceholder } from "./placeholder.ts";
import { privateKeyBlock, secretAssignment, tokenFormats, urlPassword } from "./patterns.ts";

/** Masks a value but for a few characters that identify it; short values are masked completely. */
export function maskValue(secret: string): string {
  const shown = secret.length >= 16 ? secret.slice(0, 4) : "";
  return `${shown}****`;
}

/** A value of a Dockerfile or an image whose name marks it as secret. */
export interface KnownSecret {
  readonly name: string;
  readonly value: string;
}

/**
 * `maskSecrets` that also hides values known from elsewhere, however they are written: `ENV TOKEN value`, with blanks,
 * or far from their name. A value that is a common word is hidden behind its name only: `wordpress` is a folder too.
 */
export function secretMasker(known: readonly KnownSecret[]): (text: string) => string {
  const secrets = [...new Map(known.map((each) => [`${each.name}\0${each.value}`, each])).values()]
    // a value may be a part of another one
    .toSorted((a, b) => b.value.length - a.value.length);
  if (secrets.length === 0) return maskSecrets;
  return (text) => {
    let masked = text;
    for (const secret of secrets) masked = hide(masked, secret);
    return maskSecrets(masked);
  };
}

function hide(text: string, { name, value }: KnownSecret): string {
  if (isCommonWord(value)) {
    const after = new RegExp(`(${literal(name)}(?:\\s*=\\s*|\\s+)["']?)${literal(value)}`, "g");
    return text.replace(after, (_, before: string) => `${before}${maskValue(value)}`);
  }
  // a shortened text may end inside the value
  const parts = text.replaceAll(value, maskValue(value)).split("…");
  return parts.map((part, i) => (i < parts.length - 1 ? withoutStart(part, value) : part)).join("…");
}

/** Removes a beginning of the value at the end of a text; fewer than four characters reveal nothing. */
function withoutStart(text: string, value: string): string {
  for (let length = value.length - 1; length >= 4; length--)
    if (text.endsWith(value.slice(0, length))) return `${text.slice(0, -length)}****`;
  return text;
}

function isCommonWord(value: string): boolean {
  return value.length < 8 || /^[a-z]+$|^[A-Z]+$/.test(value);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/**
 * Masks every secret in a text: keys, tokens, passwords in URLs, values of names such as `NPM_TOKEN`. Line ends stay
 * where they are. Digests, versions, paths and placeholders are left alone.
 */
export function maskSecrets(text: string): string {
  let masked = text;
  if (masked.includes("-----BEGIN ")) {
    masked = masked.replace(privateKeyBlock, (_, kind: string, body: string) => {
      const hidden = body.replace(/[^\s]+/g, "****");
      return `-----BEGIN ${kind}-----${hidden}-----END ${kind}-----`;
    });
  }
  for (const { pattern } of tokenFormats) masked = masked.replace(pattern, (token) => maskValue(token));
  if (masked.includes("://")) {
    masked = masked.replace(urlPassword, (whole, password: string) =>
      isPlaceholder(password) ? whole : whole.replace(`:${password}@`, `:${maskValue(password)}@`),
    );
  }
  if (!masked.includes("=")) return masked;
  return masked.replace(
    secretAssignment,
    (whole, name: string, equals: string, double?: string, single?: string, bare?: string) => {
      const value = double ?? single ?? bare ?? "";
      if (isPlaceholder(value) || value.endsWith("****")) return whole;
      const quote = double !== undefined ? '"' : single !== undefined ? "'" : "";
      return `${name}${equals}${quote}${maskValue(value)}${quote}`;
    },
  );
}

export interface FoundToken {
  readonly name: string;
  readonly value: string;
  /** Index in the text. */
  readonly at: number;
}

/** Returns tokens of known formats and passwords in URLs, without the placeholders of documentation. */
export function tokensIn(text: string): FoundToken[] {
  const found: FoundToken[] = [];
  for (const { name, pattern } of tokenFormats) {
    for (const match of text.matchAll(pattern)) {
      const [value] = match;
      if (!isPlaceholder(value) && entropy(value) > 2.8) found.push({ name, value, at: match.index });
    }
  }
  for (const match of text.matchAll(urlPassword)) {
    const value = match[1] ?? "";
    if (!isPlaceholder(value)) found.push({ name: "a password in a URL", value, at: match.index });
  }
  return found;
}

export interface FoundAssignment {
  readonly name: string;
  readonly value: string;
}

/** Returns `NAME=value` pairs whose name suggests a secret and whose value is not a placeholder. */
export function assignmentsIn(text: string): FoundAssignment[] {
  return [...text.matchAll(secretAssignment)].flatMap((match) => {
    const value = match[3] ?? match[4] ?? match[5] ?? "";
    return isPlaceholder(value) ? [] : [{ name: match[1] ?? "", value }];
  });
}

export interface FoundKey {
  readonly name: string;
  /** A passphrase protects it. */
  readonly encrypted: boolean;
}

/** Returns the first private key of a file. */
export function privateKeyIn(text: string): FoundKey | undefined {
  for (const [, kind = "", body = ""] of text.matchAll(privateKeyBlock)) {
    const material = body.replace(/^[A-Za-z-]+:.*$/gm, "").replace(/\s/g, "");
    if (material.length < 40 || !/^[A-Za-z0-9+/=]+$/.test(material)) continue;
    return { name: `a private key (${kind})`, encrypted: isEncrypted(kind, body, material) };
  }
  if (/^PuTTY-User-Key-File-[23]: /m.test(text) && /^Private-Lines: \d/m.test(text)) {
    return { name: "a PuTTY private key", encrypted: !/^Encryption: none\s*$/m.test(text) };
  }
  return undefined;
}

/**
 * Returns true for an encrypted key. PKCS #8 and PEM state it in the header; the OpenSSH format names its cipher at a
 * fixed offset.
 */
function isEncrypted(kind: string, body: string, material: string): boolean {
  if (kind.startsWith("ENCRYPTED") || /^Proc-Type: 4,ENCRYPTED/m.test(body)) return true;
  if (kind !== "OPENSSH PRIVATE KEY") return false;
  try {
    const cipher = atob(material.slice(0, 64)).slice(19, 23);
    return cipher !== "none";
  } catch {
    return false;
  }
}
