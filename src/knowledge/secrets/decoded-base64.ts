/** Decodes base64 inside a text once, to look for keys and tokens in it. */

/** Returns what the long runs of base64 in a text say where that is text, a line each; empty for none. Linear. */
export function decodedBase64(text: string): string {
  const found: string[] = [];
  for (const [run] of text.matchAll(/[A-Za-z0-9+/]{40,}/g)) {
    // the first bytes say whether it is text
    if (!isText(decoded(run.slice(0, 40)))) continue;
    const whole = decoded(run.slice(0, run.length - (run.length % 4)));
    if (isText(whole)) found.push(whole);
  }
  return found.join("\n");
}

function decoded(base64: string): string {
  try {
    return atob(base64);
  } catch {
    return "";
  }
}

function isText(text: string): boolean {
  return /^[\t\n\r\x20-\x7e]+$/.test(text);
}
