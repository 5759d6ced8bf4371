/** Finds what BuildKit refuses in stages and in references to them. */
import type { Instruction, Problem, Range, Stage } from "./dockerfile.ts";
import { keywords } from "./problems.ts";

const stageName = /^[a-z][a-z0-9-_.]*$/;

export function stageProblems(instructions: readonly Instruction[], stages: readonly Stage[]): Problem[] {
  const first = stages[0]?.from.index ?? instructions.length;
  const before = instructions.slice(0, first);
  return [
    ...startProblem(before, stages.length === 0),
    ...stages.flatMap((stage) => fromProblem(stage) ?? []),
    ...referenceProblems(stages),
  ];
}

function startProblem(before: readonly Instruction[], isAll: boolean): Problem[] {
  // `FORM x`: report the misspelt keyword, not its consequences
  const misspelt = before.findIndex(({ keyword }) => !keywords.includes(keyword));
  const wrong = before.findIndex(({ keyword }) => keyword !== "ARG" && keywords.includes(keyword));
  const instruction = before[wrong];
  if (instruction !== undefined && (misspelt < 0 || wrong < misspelt)) {
    const message = `${instruction.keyword} before the first FROM: a Dockerfile starts with FROM`;
    return [problem("no-from", message, instruction.keywordRange)];
  }
  const last = before.at(-1);
  if (!isAll || misspelt >= 0 || last === undefined) return [];
  return [
    problem("no-from", "the Dockerfile has no FROM", { start: last.start, end: last.keywordRange.end }),
  ];
}

function fromProblem({ from, name, expandedImage }: Stage): Problem | undefined {
  const { words, keywordRange } = from;
  const [image, as, last] = words;
  if (image === undefined) return undefined;
  if (words.length !== 1 && !(words.length === 3 && as?.text.toUpperCase() === "AS"))
    return problem("from-arguments", "FROM takes an image, or an image AS a name", keywordRange);
  if (last !== undefined && name !== undefined && !stageName.test(name)) {
    const message = `invalid stage name ${last.text}: it starts with a letter and holds letters, digits, "-", "_" and "."`;
    return problem("stage-name", message, last);
  }
  if (expandedImage === "") {
    const message = `${image.text} is empty here: only an ARG before the first FROM can give it a value`;
    return problem("from-arguments", message, image);
  }
  return undefined;
}

/** Finds `COPY --from` that names a later stage; it copies from earlier stages or from an image. */
function referenceProblems(stages: readonly Stage[]): Problem[] {
  const names = new Map<string, number>();
  for (const { name, index } of stages) if (name !== undefined && !names.has(name)) names.set(name, index);
  const found: Problem[] = [];
  for (const stage of stages) {
    for (const { keyword, flags } of stage.instructions) {
      const from = keyword === "COPY" ? flags.find((flag) => flag.name === "from") : undefined;
      if (from?.value === undefined) continue;
      const isNumber = /^[+-]?\d+$/.test(from.value);
      const index = isNumber ? Number(from.value) : names.get(from.value.toLowerCase());
      if (index === undefined || (index >= 0 && index < stage.index)) continue;
      const message =
        index === stage.index
          ? `COPY --from=${from.value} names its own stage`
          : isNumber && (index < 0 || index >= stages.length)
            ? `COPY --from=${from.value}: there is no such stage; stages count from 0`
            : `COPY --from=${from.value} names a stage below it: only stages above can be copied from`;
      found.push(problem("stage-reference", message, from));
    }
  }
  return found;
}

function problem(code: string, message: string, { start, end }: Range): Problem {
  return { code, message, start, end };
}
