/** Recognizes placeholders of secrets. */

const words =
  /example|sample|change_?(?:me|it)|placeholder|insecure|fake|not[-_]?(?:a[-_]?)?(?:real|secret)|replace|dummy|insert|redacted|your[-_ ]|^your|my[-_]?(?:secret|token|password|key)|^(?:x+|\*+|\.+|-+|0+|1234\d*)$|x{5,}|\*{3,}|\.{3}|…|^todo|^fixme|^(?:null|nil|none|true|false|yes|no|on|off|undefined|empty|secret|token|password|passwd|pass|admin|root|test|testing|postgres|mysql|guest|user|default|foo|bar|foobar|secret123|password123)$/i;

/** Returns true for variables, templates, paths, words, and values too short for a secret. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  return (
    text.length < 6 ||
    words.test(text) ||
    /[$%]\{|^\$|^%\w+%$|^\{\{|^<.*>$|^\[.*\]$|^@/.test(text) ||
    /^(?:\.{0,2}\/|~\/|[A-Za-z]:\\|https?:\/\/|file:)/.test(text) ||
    /^\d+$/.test(text) ||
    new Set(text).size < 4
  );
}

/** Returns the entropy in bits per character; random tokens have more than words. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
