/** Parses ignore comments, without looking up the rules they name. */
import { itemAt } from "../../must.ts";
import type { Range } from "../../dockerfile/dockerfile.ts";
import { closest } from "../closest.ts";

/** `file`: the whole file. `start` and `end`: the instructions between two comments. `next`: the next instruction. */
export type Reach = "next" | "file" | "start" | "end";

export interface NamedRule extends Range {
  readonly name: string;
}

export interface IgnoreText {
  readonly tool: "layerlint" | "hadolint" | "buildkit";
  readonly reach: Reach;
  /** The named rules; empty for all rules. */
  readonly names: readonly NamedRule[];
  readonly problem: (Range & { readonly message: string }) | undefined;
}

const verbs: Readonly<Record<string, Reach>> = {
  ignore: "next",
  "ignore-file": "file",
  "ignore-start": "start",
  "ignore-end": "end",
};
/** Verbs of other linters, with the layerlint verb for each. */
const foreignVerbs: Readonly<Record<string, string>> = {
  disable: "ignore",
  "disable-file": "ignore-file",
  "disable-line": "ignore",
  "disable-next-line": "ignore",
  "ignore-line": "ignore",
  "ignore-next-line": "ignore",
  "ignore-all": "ignore-file",
  skip: "ignore",
  enable: "ignore-end",
  noqa: "ignore",
};

const candidates = [...Object.keys(verbs), ...Object.keys(foreignVerbs)];

/**
 * Reads one comment (`#` included, no line end) that starts at `start`. Undefined for any other comment, including
 * prose that mentions a linter.
 */
export function readIgnoreComment(text: string, start: number): IgnoreText | undefined {
  const head = /^[ \t]*#+[ \t]*(layerlint|hadolint|check)\b/i.exec(text);
  if (head === null) return undefined;
  const at = head[0].length;
  const tool = itemAt(head, 1).toLowerCase();
  if (tool === "layerlint") return readOwn(text, start, at);
  if (tool === "hadolint") return readHadolint(text, start, at);
  return readStrayDirective(text, start);
}

function readOwn(text: string, start: number, at: number): IgnoreText | undefined {
  const match = /^[ \t]+([a-z]+(?:-[a-z]+)*)[ \t]*(=?)/i.exec(text.slice(at));
  const verb = match?.[1]?.toLowerCase() ?? "";
  const reach = verbs[verb];
  const whole = { start, end: start + text.length };
  if (match === null || reach === undefined) return misspelt(text, start, at);
  const after = at + match[0].length;
  if (match[2] === "=") return { tool: "layerlint", reach, ...readNames(text, start, after) };
  const rest = text.slice(after).trim();
  if (rest === "" || rest.startsWith("--")) {
    if (reach !== "next" && reach !== "start")
      return { tool: "layerlint", reach, names: [], problem: undefined };
    const message = `"${verb}" names no rule: write "# layerlint ${verb}=rule,rule -- reason"`;
    return { tool: "layerlint", reach, names: [], problem: { message, ...whole } };
  }
  const message = `cannot parse this comment: write "# layerlint ${verb}=rule,rule -- reason"`;
  return { tool: "layerlint", reach, names: [], problem: { message, ...whole } };
}

/**
 * `# layerlint: ignore=x`, `# layerlint ingore=x`, `# layerlint disable=x`: meant for layerlint, but without effect
 * unless reported.
 */
function misspelt(text: string, start: number, at: number): IgnoreText | undefined {
  const match = /^[ \t]*[:\-/]?[ \t]*([a-z]+(?:-[a-z]+)*)[ \t]*(=?)/i.exec(text.slice(at));
  const word = match?.[1]?.toLowerCase();
  if (match === null || word === undefined) return undefined;
  const close = verbs[word] === undefined && match[2] === "=" ? closest(word, candidates) : word;
  const guess = close === undefined ? undefined : (foreignVerbs[close] ?? close);
  if (guess === undefined || verbs[guess] === undefined) return undefined;
  const message = `cannot parse this comment: write "# layerlint ${guess}=rule,rule -- reason"`;
  return {
    tool: "layerlint",
    reach: "next",
    names: [],
    problem: { message, start, end: start + text.length },
  };
}

function readHadolint(text: string, start: number, at: number): IgnoreText | undefined {
  const match = /^[ \t]*(global[ \t]+)?([a-z]+)[ \t]*=/i.exec(text.slice(at));
  if (match === null) return undefined;
  const word = itemAt(match, 2).toLowerCase();
  const reach = match[1] === undefined ? "next" : "file";
  if (word === "ignore") return { tool: "hadolint", reach, ...readNames(text, start, at + match[0].length) };
  if (closest(word, ["ignore"]) === undefined) return undefined;
  const message = `cannot parse this comment: did you mean "# hadolint ignore="?`;
  return {
    tool: "hadolint",
    reach: "next",
    names: [],
    problem: { message, start, end: start + text.length },
  };
}

/**
 * Reads a stray `# check=skip=…`. BuildKit reads it only in the first lines, where the parser takes it as a
 * directive.
 */
function readStrayDirective(text: string, start: number): IgnoreText | undefined {
  if (!/^[ \t]*#[ \t]*check[ \t]*=[ \t]*(?:skip|error)[ \t]*=/i.test(text)) return undefined;
  const message = `"# check=" is read only in the first lines of the file, before any other comment`;
  return {
    tool: "buildkit",
    reach: "next",
    names: [],
    problem: { message, start, end: start + text.length },
  };
}

/** Reads the value of the `check` directive, `skip=A,B;error=true`, which begins at `start`. */
export function readCheckDirective(value: string, start: number): IgnoreText | undefined {
  for (const part of value.matchAll(/[^;]+/g)) {
    const match = /^\s*skip\s*=/i.exec(part[0]);
    if (match === null) continue;
    const names: NamedRule[] = [];
    const from = start + part.index + match[0].length;
    for (const word of part[0].slice(match[0].length).matchAll(/[^\s,]+/g))
      names.push({ name: word[0], start: from + word.index, end: from + word.index + word[0].length });
    return { tool: "buildkit", reach: "file", names, problem: undefined };
  }
  return undefined;
}

/** Reads `rule, rule -- reason` from `at` on. Other text is a problem; the names before it still apply. */
function readNames(text: string, start: number, at: number): Pick<IgnoreText, "names" | "problem"> {
  const names: NamedRule[] = [];
  const name = /[ \t]*([A-Za-z]\w*(?:-\w+)*)[ \t]*(,?)/y;
  name.lastIndex = at;
  let end = at;
  let open = true;
  for (let match = name.exec(text); open && match !== null; match = name.exec(text)) {
    const from = start + match.index + match[0].indexOf(itemAt(match, 1));
    names.push({ name: itemAt(match, 1), start: from, end: from + itemAt(match, 1).length });
    end = name.lastIndex;
    open = match[2] === ",";
  }
  const rest = text.slice(end).trim();
  const whole = { start, end: start + text.length };
  if (names.length === 0) return { names, problem: { message: `"ignore=" names no rule`, ...whole } };
  if (rest === "" || rest.startsWith("--")) return { names, problem: undefined };
  const from = start + text.indexOf(rest, end);
  const message = `"${rest}": cannot parse this: separate rules by commas, and write a reason after "--"`;
  return { names, problem: { message, start: from, end: from + rest.length } };
}
