/** Parses ignore comments, without looking up the rules they name. */
import type { Range } from "../../dockerfile/dockerfile.ts";
import { itemAt } from "../../must.ts";
import { closest } from "../closest.ts";

/**
 * `file`: the whole file. `start` and `end`: the instructions between two comments. `next`: the next instruction.
 * `above`: the next instruction, which begins after the comment. `stage`: the stage whose FROM follows.
 */
export type Reach = "next" | "above" | "file" | "stage" | "start" | "end";

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
  return readCheckComment(text, start);
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

const hadolintReach: Readonly<Record<string, Reach>> = { global: "file", stage: "stage" };

function readHadolint(text: string, start: number, at: number): IgnoreText | undefined {
  // the stage pragma is of hadolint 2.15
  const match = /^[ \t]*(?:(global|stage)[ \t]+)?([a-z]+)[ \t]*=/i.exec(text.slice(at));
  if (match === null) return undefined;
  const word = itemAt(match, 2).toLowerCase();
  const reach = hadolintReach[match[1]?.toLowerCase() ?? ""] ?? "next";
  if (word === "ignore")
    return { tool: "hadolint", reach, ...readNames(text, start, at + match[0].length, /^(?:--|#)/) };
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
 * Reads `# check=skip=A,B reason` above an instruction, which BuildKit obeys from frontend 1.21 on: the names end at the
 * first blank. What else `check` sets counts in the first lines of the file only.
 */
function readCheckComment(text: string, start: number): IgnoreText | undefined {
  const match = /^[ \t]*#[ \t]*check[ \t]*=[ \t]*(?=\w+[ \t]*=)/i.exec(text);
  if (match === null) return undefined;
  const [value = ""] = /^\S*/.exec(text.slice(match[0].length)) ?? [];
  const whole = { start, end: start + text.length };
  const read = readCheckDirective(value, start + match[0].length);
  if (read === undefined) {
    if (!/^(?:error|experimental)\b/i.test(value)) return undefined;
    const message = `BuildKit reads this only in the first lines of the file, before any other comment`;
    return { tool: "buildkit", reach: "above", names: [], problem: { message, ...whole } };
  }
  const isCut = value.endsWith(",") || value.endsWith("=");
  const message = "BuildKit reads the names up to the first blank: write skip=A,B";
  return { ...read, reach: "above", problem: isCut ? { message, ...whole } : undefined };
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
function readNames(
  text: string,
  start: number,
  at: number,
  reason = /^--/,
): Pick<IgnoreText, "names" | "problem"> {
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
  if (rest === "" || reason.test(rest)) return { names, problem: undefined };
  const from = start + text.indexOf(rest, end);
  const message = `"${rest}": cannot parse this: separate rules by commas, and write a reason after "--"`;
  return { names, problem: { message, start: from, end: from + rest.length } };
}
