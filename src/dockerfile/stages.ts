/** Groups instructions into stages and links each to the stage its FROM names. */
import type { FromInstruction, Instruction, Stage } from "./dockerfile.ts";
import { expand } from "./expand.ts";

/** Variables that BuildKit sets without a declaration, in FROM and global ARGs. */
export const platformArgs = [
  "TARGETSTAGE",
  ...["TARGET", "BUILD"].flatMap((side) =>
    ["PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"].map((what) => side + what),
  ),
];

/** `ARG X` without a value leaves what the builder set. */
export function declareGlobals(
  values: Map<string, string | undefined>,
  instruction: Instruction,
  escape: string,
): void {
  if (instruction.keyword !== "ARG") return;
  for (const { name, rawValue } of instruction.pairs) {
    if (rawValue !== undefined) values.set(name, expand(rawValue, values, escape, "unset"));
    else if (!values.has(name)) values.set(name, undefined);
  }
}

export function readStages(instructions: readonly Instruction[], escape: string): Stage[] {
  const stages: Stage[] = [];
  const named = new Map<string, number>();
  const global = new Map<string, string | undefined>(platformArgs.map((name) => [name, undefined]));
  let body: Instruction[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === "FROM") {
      body = [];
      const stage = readStage(instruction, stages.length, named, body, global, escape);
      stages.push(stage);
      if (stage.name !== undefined) named.set(stage.name, stage.index);
    } else if (stages.length > 0) body.push(instruction);
    else declareGlobals(global, instruction, escape);
  }
  return stages;
}

function readStage(
  from: FromInstruction,
  index: number,
  earlier: ReadonlyMap<string, number>,
  instructions: readonly Instruction[],
  global: ReadonlyMap<string, string | undefined>,
  escape: string,
): Stage {
  const image = from.words[0]?.text ?? "";
  const expandedImage = expand(image, global, escape, "unset");
  return {
    index,
    name: from.words[1]?.text.toUpperCase() === "AS" ? from.words[2]?.text.toLowerCase() : undefined,
    from,
    image,
    expandedImage,
    parent: expandedImage === undefined ? undefined : earlier.get(expandedImage.toLowerCase()),
    platform: from.flags.find((flag) => flag.name === "platform")?.value,
    instructions,
  };
}
