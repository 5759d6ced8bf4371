// Draws the sample: the same seed draws the same mutants, and a larger sample holds the smaller one. A mutant is drawn by its
// own text and place alone, so that a change in one file leaves the sample of all others as it was.
import { createHash } from "node:crypto";
import type { Mutant } from "./instrument.ts";

export function sample(mutants: readonly Mutant[], size: number, seed: number): Mutant[] {
  const drawn = mutants.map((mutant) => ({ mutant, lot: lotOf(mutant, seed) }));
  drawn.sort((a, b) => (a.lot < b.lot ? -1 : 1));
  const chosen = new Set(drawn.slice(0, size).map(({ mutant }) => mutant));
  return mutants.filter((mutant) => chosen.has(mutant));
}

function lotOf({ file, line, column, original, replacement }: Mutant, seed: number): string {
  return createHash("sha256")
    .update(JSON.stringify([seed, file, line, column, original, replacement]))
    .digest("hex");
}
