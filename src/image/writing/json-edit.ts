/**
 * Edits a JSON document and keeps every other byte: unknown keys, their order, the spelling of numbers
 * (docs/spec/image-formats.md, section 3: an image ID is the hash of these bytes).
 */

/** A JSON value with its offsets in the text. */
export type Node =
  | {
      readonly kind: "object";
      readonly start: number;
      readonly end: number;
      readonly members: ReadonlyMap<string, Node>;
    }
  | { readonly kind: "array"; readonly start: number; readonly end: number; readonly items: readonly Node[] }
  | { readonly kind: "other"; readonly start: number; readonly end: number };

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Parses `text`, which must be valid JSON. Of a duplicate key the last one wins, as in `JSON.parse`. */
export function parseNodes(text: string): Node {
  let at = 0;
  const blank = () => {
    while (/[\s]/.test(text[at] ?? "")) at++;
  };
  const string = (): string => {
    const start = at++;
    while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    at++;
    return text.slice(start, at);
  };
  const value = (): Node => {
    blank();
    const start = at;
    if (text[at] === "{") {
      at++;
      const members = new Map<string, Node>();
      for (blank(); text[at] !== "}"; blank()) {
        if (text[at] === ",") {
          at++;
          continue;
        }
        const key = JSON.parse(string()) as string;
        blank();
        at++;
        members.set(key, value());
      }
      return { kind: "object", start, end: ++at, members };
    }
    if (text[at] === "[") {
      at++;
      const items: Node[] = [];
      for (blank(); text[at] !== "]"; blank()) {
        if (text[at] === ",") at++;
        else items.push(value());
      }
      return { kind: "array", start, end: ++at, items };
    }
    if (text[at] === '"') string();
    else while (at < text.length && !/[\s,\]}]/.test(text.charAt(at))) at++;
    return { kind: "other", start, end: at };
  };
  return value();
}

/** Applies edits that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}

/** Returns the edit that sets a member of an object: in place, else at the end. */
export function setMember(node: Node, key: string, json: string): Edit {
  if (node.kind !== "object") throw new Error(`${key} can be set in an object only`);
  const known = node.members.get(key);
  if (known !== undefined) return { start: known.start, end: known.end, text: json };
  const at = node.end - 1;
  return { start: at, end: at, text: `${node.members.size === 0 ? "" : ","}${JSON.stringify(key)}:${json}` };
}
