/**
 * Returns true if a script has a pipe outside quotes and comments. Returns false for a script with `case`, whose
 * patterns contain bars.
 */
export function hasPipe(script: string, escape: string): boolean {
  if (/\bcase\b/.test(script)) return false;
  let quote = "";
  for (let at = 0; at < script.length; at++) {
    const char = script.charAt(at);
    if ((char === "\\" || char === escape) && quote !== "'") at++;
    else if (quote !== "") {
      if (char === quote) quote = "";
    } else if (char === "'" || char === '"') quote = char;
    else if (char === "#" && /^$|[\s;&|(]/.test(script[at - 1] ?? "")) {
      const end = script.indexOf("\n", at);
      if (end < 0) return false;
      at = end;
    } else if (char === "|") {
      if (script[at + 1] === "|") at++;
      else if (script[at - 1] !== ">") return true;
    }
  }
  return false;
}
