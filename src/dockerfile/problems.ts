/** Finds what BuildKit refuses in a single instruction, and in a file without instructions. */
import { pairsOf, type Instruction, type Problem, type Range } from "./dockerfile.ts";
import { flagProblem } from "./flag-problems.ts";
import { acceptsJson, readJsonArray } from "./json-form.ts";
import type { Lines } from "./lines.ts";
import { nearest } from "./nearest.ts";

export const keywords: readonly string[] = [
  "ADD",
  "ARG",
  "CMD",
  "COPY",
  "ENTRYPOINT",
  "ENV",
  "EXPOSE",
  "FROM",
  "HEALTHCHECK",
  "LABEL",
  "MAINTAINER",
  "ONBUILD",
  "RUN",
  "SHELL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
];

/** Bytes of the longest line that fits into the builder's buffer. */
const maxLine = 65_535;

export function problemsOf(instructions: readonly Instruction[], lines: Lines): Problem[] {
  const long = longLine(lines);
  if (instructions.length === 0) {
    const empty = { code: "empty", message: "the Dockerfile has no instruction", start: 0 };
    return [...long, { ...empty, end: lines.all[0]?.end ?? 0 }];
  }
  const found = instructions.map((instruction) => problemOf(instruction) ?? onbuildProblem(instruction));
  return [...long, ...found.filter((problem) => problem !== undefined)];
}

function longLine({ all, text }: Lines): Problem[] {
  for (const { start, end, next } of all) {
    if ((next - start) * 3 <= maxLine) continue;
    const bytes = new TextEncoder().encode(text.slice(start, next).replace(/\n$/, "")).length;
    if (bytes <= maxLine) continue;
    const message = `this line takes ${bytes} bytes, and a builder reads at most ${maxLine}: break it with a continuation`;
    return [{ code: "long-line", message, start, end }];
  }
  return [];
}

function problemOf(instruction: Instruction): Problem | undefined {
  const { keyword, keywordRange } = instruction;
  const at = (code: string, message: string, range: Range = keywordRange): Problem => ({
    code,
    message,
    start: range.start,
    end: range.end,
  });
  if (!keywords.includes(keyword)) {
    const near = nearest(keyword, keywords);
    const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
    return at("unknown-instruction", `unknown instruction ${printable(keyword)}${hint}`);
  }
  return argumentProblem(instruction, at) ?? flagProblem(instruction);
}

type Report = (code: string, message: string, range?: Range) => Problem;

function argumentProblem(instruction: Instruction, at: Report): Problem | undefined {
  const { keyword, body, words, exec, form } = instruction;
  // an empty body is an empty command for the shell
  const mayBeEmpty = keyword === "RUN" || keyword === "CMD" || keyword === "ENTRYPOINT";
  if (body === "" && !mayBeEmpty) {
    return at(
      "missing-arguments",
      `${keyword} needs ${keyword === "FROM" ? "an image" : "at least one argument"}`,
    );
  }
  if (form === "shell" && (acceptsJson(keyword) || keyword === "HEALTHCHECK")) {
    const array = readJsonArray(keyword === "HEALTHCHECK" ? body.replace(/^\S+\s*/, "") : body);
    if (array !== undefined && array.some((item) => typeof item !== "string"))
      return at("json-strings", `${keyword}: a JSON array must hold strings only`, instruction.argsRange);
  }
  switch (keyword) {
    case "COPY":
    case "ADD": {
      const target = words[1] === undefined ? undefined : words.at(-1);
      if (target === undefined) return at("missing-arguments", `${keyword} needs a source and a destination`);
      const heredoc = instruction.heredocs.find(({ start }) => start.start === target.start);
      if (heredoc !== undefined)
        return at("missing-arguments", `${keyword} needs a destination after the heredoc`, heredoc.start);
      return undefined;
    }
    case "SHELL":
      if (form !== "exec") return at("shell-form", 'SHELL needs the JSON form: SHELL ["/bin/sh", "-c"]');
      break;
    case "ENV":
    case "LABEL": {
      if (instruction.pairs.length === 0) return at("missing-value", `${keyword} needs a name and a value`);
      const bare =
        words[0]?.text.includes("=") === true ? words.find((word) => !word.text.includes("=")) : undefined;
      if (bare !== undefined)
        return at("missing-equals", `${keyword}: no = in ${printable(bare.text)}; it takes name=value`, bare);
      break;
    }
    case "HEALTHCHECK":
      return healthcheckProblem(instruction, at);
    case "VOLUME": {
      if (exec?.some((path) => path.trim() === "") === true)
        return at("empty-volume", "VOLUME: a path must not be empty", instruction.argsRange);
      break;
    }
  }
  const isLegacy = keyword !== "ARG" && words[0]?.text.includes("=") === false;
  const nameless =
    pairsOf(instruction).length === 0 || isLegacy
      ? undefined
      : words.find(({ text }) => text.startsWith("="));
  if (nameless !== undefined) return at("missing-name", `${keyword}: a name must not be empty`, nameless);
  if (exec?.length === 0 && keyword !== "CMD" && keyword !== "ENTRYPOINT")
    return at("missing-arguments", `${keyword} needs at least one argument`);
  return undefined;
}

function healthcheckProblem({ body, flags, words }: Instruction, at: Report): Problem | undefined {
  const [type] = words;
  if (type === undefined) return undefined;
  const kind = type.text.toUpperCase();
  if (kind === "NONE")
    return words.length > 1 ? at("healthcheck", "HEALTHCHECK NONE takes no arguments", words[1]) : undefined;
  if (kind !== "CMD")
    return at("healthcheck", `HEALTHCHECK takes CMD or NONE, not ${printable(type.text)}`, type);
  if (words.length === 1 || /^\S+\s+\[\s*\]$/.test(body))
    return at("healthcheck", "HEALTHCHECK CMD needs a command", type);
  for (const flag of flags) {
    const { name, value = "" } = flag;
    if (value === "" || !(name in intervals || name === "retries")) continue;
    if (name === "retries" ? !/^\+?\d{1,9}$/.test(value) : !isInterval(value))
      return at(
        "healthcheck",
        name === "retries"
          ? `HEALTHCHECK: --retries=${printable(value)} is not a number`
          : `HEALTHCHECK: --${name}=${printable(value)} is not a duration: write 30s, 1m30s`,
        flag,
      );
  }
  return undefined;
}

const intervals = { interval: 1, timeout: 1, "start-period": 1, "start-interval": 1 };

/** Returns true for a Go duration that is zero or at least a millisecond. */
function isInterval(text: string): boolean {
  if (/^[+-]?0+$/.test(text)) return true;
  if (!/^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return false;
  const units = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 3.6e6 };
  let milliseconds = 0;
  for (const [, number, unit] of text.matchAll(/([\d.]+)([^\d.]+)/g))
    milliseconds += Number(number) * units[unit as keyof typeof units];
  return milliseconds === 0 || (milliseconds >= 1 && !text.startsWith("-"));
}

function onbuildProblem(instruction: Instruction): Problem | undefined {
  if (instruction.keyword !== "ONBUILD" || instruction.trigger === undefined) return undefined;
  const { trigger } = instruction;
  const { keyword, keywordRange } = trigger;
  if (!["ONBUILD", "FROM", "MAINTAINER"].includes(keyword)) return problemOf(trigger);
  return {
    code: "onbuild",
    message: `${keyword} is not allowed after ONBUILD`,
    start: keywordRange.start,
    end: keywordRange.end,
  };
}

/** Replaces control characters, which must not reach a terminal. */
function printable(word: string): string {
  // eslint-disable-next-line no-control-regex
  const clean = word.replace(/[\x00-\x1f\x7f-\x9f]/g, "�");
  return clean.length > 40 ? `${clean.slice(0, 40)}…` : clean;
}
