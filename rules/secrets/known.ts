/** The values that no output may repeat, whichever rules run. */
import type { Instruction, Subject } from "../../src/engine/contract.ts";
import type { KnownSecret } from "../knowledge/secrets.ts";
import { recorded, valueLeak } from "./in-settings.ts";

export function knownSecrets({ dockerfile, image }: Subject): KnownSecret[] {
  const known: KnownSecret[] = [];
  // of all stages: a report may quote any line
  for (const instruction of dockerfile?.file.instructions ?? []) known.push(...inPairs(instruction));
  if (image === undefined) return known;
  for (const { leak, name } of recorded(image)) known.push({ name, value: leak.value });
  return known;
}

function inPairs({ keyword, pairs }: Instruction): KnownSecret[] {
  return pairs.flatMap(({ name, value, rawValue }) => {
    if (value === undefined || rawValue === undefined) return [];
    if (valueLeak(keyword, name, value) === undefined) return [];
    // as it is, and as the file writes it: `a\ b`, `a"b c"`
    const texts = rawValue.includes(value) ? [value] : [value, rawValue];
    return texts.map((text) => ({ name, value: text }));
  });
}
