/** Finds the values that no output may repeat, whichever rules run. */
import { pairsOf, type Instruction } from "../../dockerfile/dockerfile.ts";
import type { Subject } from "../../analysis/subject.ts";
import type { KnownSecret } from "../../knowledge/secrets/secrets.ts";
import { recorded, valueLeak } from "./secrets-in-settings.ts";

export function knownSecrets({ dockerfile, image }: Subject): KnownSecret[] {
  const known: KnownSecret[] = [];
  // all stages, because a report may quote any line
  if (dockerfile !== undefined) {
    const { text, instructions } = dockerfile.file;
    for (const instruction of instructions) known.push(...inPairs(instruction, text));
  }
  if (image === undefined) return known;
  for (const { leak, name } of recorded(image)) known.push({ name, value: leak.value });
  return known;
}

function inPairs(instruction: Instruction, text: string): KnownSecret[] {
  return pairsOf(instruction).flatMap(({ name, value, rawValue, start, end }) => {
    if (value === undefined || rawValue === undefined) return [];
    if (valueLeak(instruction.keyword, name, value) === undefined) return [];
    // the value, and its spelling in the file: `a\ b`, `a"b c"`, over several lines
    const texts = rawValue.includes(value) ? [value] : [value, rawValue];
    const lines = text.slice(start, end).split(/[\\`]?\r?\n/);
    if (lines.length > 1) texts.push(...lines.map((line) => partOf(line, name)));
    return texts.filter((each) => each.length >= 4).map((each) => ({ name, value: each }));
  });
}

/** Returns the part of a value on one line. */
function partOf(line: string, name: string): string {
  const part = line.startsWith(name) ? line.slice(name.length).replace(/^\s*=/, "") : line;
  return part.trim().replace(/^["']|["']$/g, "");
}
