/** Stages and how they hang together by FROM. */
import type { Instruction, Problem, Stage } from "./dockerfile.ts";
import { expand } from "./expand.ts";
import { keywords } from "./problems.ts";

export interface Stages {
  readonly stages: readonly Stage[];
  readonly problems: readonly Problem[];
}

/** Set by BuildKit without being declared, in FROM and global ARGs. */
export const platformArgs = ["TARGET", "BUILD"].flatMap((side) =>
  ["PLATFORM", "OS", "ARCH", "VARIANT"].map((what) => side + what),
);

const stageName = /^[a-z][a-z0-9-_.]*$/;

export function readStages(instructions: readonly Instruction[], escape: string): Stages {
  const stages: Stage[] = [];
  const problems: Problem[] = [];
  const global = new Map<string, string | undefined>(platformArgs.map((name) => [name, undefined]));
  let body: Instruction[] = [];
  // `FORM x`: the word is the problem, not what follows from it.
  let misspelt = false;
  for (const instruction of instructions) {
    const {
      keyword,
      words,
      keywordRange: { start, end },
    } = instruction;
    if (keyword === "FROM") {
      body = [];
      const stage = readStage(instruction, stages, body, global, escape);
      stages.push(stage);
      if (
        words.length !== 0 &&
        words.length !== 1 &&
        !(words.length === 3 && words[1]!.text.toUpperCase() === "AS")
      ) {
        problems.push({
          code: "from-arguments",
          message: "FROM takes an image, or an image AS a name",
          start,
          end,
        });
      } else if (stage.name !== undefined && !stageName.test(stage.name)) {
        const range = words[2]!;
        const message = `invalid stage name ${range.text}: it starts with a letter and holds letters, digits, "-", "_" and "."`;
        problems.push({ code: "stage-name", message, start: range.start, end: range.end });
      }
    } else if (stages.length > 0) body.push(instruction);
    else if (keyword === "ARG") {
      for (const pair of instruction.pairs) {
        const value =
          pair.rawValue === undefined ? undefined : expand(pair.rawValue, global, escape, "unset");
        global.set(pair.name, value);
      }
    } else if (!keywords.includes(keyword)) misspelt = true;
    else if (problems.length === 0 && !misspelt) {
      problems.push({
        code: "no-from",
        message: `${keyword} before the first FROM: a Dockerfile starts with FROM`,
        start,
        end,
      });
    }
  }
  const last = instructions.at(-1);
  if (stages.length === 0 && problems.length === 0 && !misspelt && last !== undefined) {
    problems.push({
      code: "no-from",
      message: "the Dockerfile has no FROM",
      start: last.start,
      end: last.keywordRange.end,
    });
  }
  return { stages, problems };
}

function readStage(
  from: Instruction,
  earlier: readonly Stage[],
  instructions: readonly Instruction[],
  global: ReadonlyMap<string, string | undefined>,
  escape: string,
): Stage {
  const image = from.words[0]?.text ?? "";
  const expandedImage = expand(image, global, escape, "unset");
  const named = from.words[1]?.text.toUpperCase() === "AS" ? from.words[2]?.text.toLowerCase() : undefined;
  const wanted = expandedImage?.toLowerCase();
  const parent = wanted === undefined ? undefined : earlier.findLast((stage) => stage.name === wanted)?.index;
  return {
    index: earlier.length,
    name: named,
    from,
    image,
    expandedImage,
    parent,
    platform: from.flags.find((flag) => flag.name === "platform")?.value,
    instructions,
  };
}
