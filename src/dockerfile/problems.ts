/** What BuildKit refuses in a single instruction, and in a file without any. */
import type { Instruction, Problem } from "./dockerfile.ts";
import type { Lines } from "./lines.ts";

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

export function problemsOf(instructions: readonly Instruction[], lines: Lines): Problem[] {
  if (instructions.length === 0) {
    return [
      { code: "empty", message: "the Dockerfile has no instruction", start: 0, end: lines.all[0]?.end ?? 0 },
    ];
  }
  return instructions.flatMap((instruction) => {
    const found = problemOf(instruction) ?? onbuildProblem(instruction);
    return found === undefined ? [] : [found];
  });
}

function problemOf(instruction: Instruction): Problem | undefined {
  const { keyword, body, words, keywordRange } = instruction;
  const at = (code: string, message: string, range = keywordRange): Problem => ({
    code,
    message,
    start: range.start,
    end: range.end,
  });
  if (!keywords.includes(keyword)) {
    const near = nearest(keyword);
    const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
    return at("unknown-instruction", `unknown instruction ${printable(keyword)}${hint}`);
  }
  if (body === "") {
    return at(
      "missing-arguments",
      `${keyword} needs ${keyword === "FROM" ? "an image" : "at least one argument"}`,
    );
  }
  if ((keyword === "COPY" || keyword === "ADD") && words.length < 2) {
    return at("missing-arguments", `${keyword} needs a source and a destination`);
  }
  if (keyword === "SHELL" && instruction.form !== "exec") {
    return at("shell-form", 'SHELL needs the JSON form: SHELL ["/bin/sh", "-c"]');
  }
  if (instruction.exec?.length === 0 && keyword !== "CMD" && keyword !== "ENTRYPOINT") {
    return at("missing-arguments", `${keyword} needs at least one argument`);
  }
  if (keyword === "ENV" || keyword === "LABEL") {
    if (instruction.pairs.length === 0) return at("missing-value", `${keyword} needs a name and a value`);
    const bare = words.find((word, i) => instruction.pairs.length > 1 && !word.text.includes("=") && i > 0);
    if (bare !== undefined) {
      return at("missing-equals", `${keyword}: no = in ${printable(bare.text)}; it takes name=value`, bare);
    }
  }
  if (keyword === "ENV" && instruction.pairs.some((pair) => pair.name === "")) {
    return at("missing-name", "ENV: a name must not be empty");
  }
  return undefined;
}

function onbuildProblem({ trigger }: Instruction): Problem | undefined {
  if (trigger === undefined) return undefined;
  const { keyword, keywordRange } = trigger;
  if (!["ONBUILD", "FROM", "MAINTAINER"].includes(keyword)) return problemOf(trigger);
  return {
    code: "onbuild",
    message: `${keyword} is not allowed after ONBUILD`,
    start: keywordRange.start,
    end: keywordRange.end,
  };
}

/** The keyword at a distance of at most two single-letter edits. */
function nearest(word: string): string | undefined {
  if (word.length < 3 || word.length > 20) return undefined;
  let best: string | undefined;
  let least = Math.min(3, word.length - 1);
  for (const keyword of keywords) {
    const distance = editDistance(word, keyword);
    if (distance < least) {
      least = distance;
      best = keyword;
    }
  }
  return best;
}

/** Optimal string alignment: a swap of neighbours counts once. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(previous[j]! + 1, row[j - 1]! + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/** Binary garbage must not reach a terminal. */
function printable(word: string): string {
  // eslint-disable-next-line no-control-regex
  const clean = word.replace(/[\x00-\x1f\x7f-\x9f]/g, "�");
  return clean.length > 40 ? `${clean.slice(0, 40)}…` : clean;
}
