/** Recognizes values that are no secrets: placeholders, references, published values. */

const words =
  /example|sample|change_?(?:me|it)|placeholder|insecure|fake|not[-_]?(?:a[-_]?)?(?:real|secret)|replace|dummy|insert|redacted|your[-_ ]|^your|my[-_]?(?:secret|token|password|key)|^(?:x+|\*+|\.+|-+|0+|1234\d*)$|x{5,}|\*{3,}|\.{3}|…|^todo|^fixme|^(?:null|nil|none|true|false|yes|no|on|off|undefined|empty|secret|token|password|passwd|pass|admin|root|test|testing|postgres|mysql|guest|user|default|foo|bar|foobar|secret123|password123)$/i;

/** Returns true for variables, templates, paths, words, and values too short for a secret. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  return (
    text.length < 6 ||
    words.test(text) ||
    /[$%]\{/.test(text) ||
    isReference(text) ||
    isPublished(text) ||
    // publishable keys of Stripe, Mapbox and PostHog
    /^(?:pk_(?:live|test)_|pk\.|phc_)/.test(text) ||
    /^\d+$/.test(text) ||
    new Set(text).size < 4
  );
}

/** Returns true for the words that documentation writes instead of a secret. */
export function isPlaceholderWord(value: string): boolean {
  return words.test(value.trim());
}

/** Returns true for a value that stands elsewhere: variables, templates, paths, URLs without login, mounts. */
export function isReference(value: string): boolean {
  const text = value.trim();
  return (
    /^\$(?:\{[^{}]*\}|\w+|\(.*)$|^\$\(|^`|^%\w+%$|^\{\{|^<[^>]*>$|^\[.*\]$|^@|^\$\{/.test(text) ||
    isPath(text) ||
    /^(?:https?|file):/.test(text) ||
    /^(?:id|type|src|source|env|file|valueFrom|secretKeyRef)[=:]/.test(text)
  );
}

/** Base64 may begin with a slash too, but it has no words between slashes. */
function isPath(text: string): boolean {
  if (!/^(?:\.{0,2}\/|~\/|[A-Za-z]:\\)/.test(text)) return false;
  return (
    !/^\/[A-Za-z0-9+/]{19,}={0,2}$/.test(text) ||
    !/\d/.test(text) ||
    !/[A-Z]/.test(text) ||
    /\/[a-z]{3,}\//.test(text)
  );
}

/**
 * Values that their makers publish: keys of emulators and of documentation open nothing. Their
 * beginnings, in two parts, so that scanners of source code do not report them.
 */
const published = [
  // Azurite and the Azure storage emulator
  ["Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1", "OUzFT50uSRZ6IFsuFq2UVErCz4I6tq"].join(""),
  // Azure Cosmos DB emulator
  ["C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEH", "LM+4QDU5DE2nQ9nDuVTqob"].join(""),
  // the test key of Stripe's documentation
  ["4eC39HqLyjWDarjt", "T1zdP7dc"].join(""),
];

export function isPublished(value: string): boolean {
  return published.some((start) => value.includes(start));
}

/** Returns the entropy in bits per character; random tokens have more than words. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
