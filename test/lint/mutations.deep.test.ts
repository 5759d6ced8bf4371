import { expect, test } from "vitest";
import { checkMutant, disguise, fixedMeaning, mutant } from "./mutations.ts";

const first = Math.floor(Date.now() / 1000);

test("20,000 randomly changed Dockerfiles", async () => {
  for (let seed = first; seed < first + 20_000; seed++) {
    const text = mutant(seed);
    try {
      await checkMutant(text);
    } catch (error) {
      throw new Error(`seed ${seed}:\n${text}\n`, { cause: error });
    }
  }
}, 600_000);

test("10,000 files with changed formatting", async () => {
  for (let seed = first; seed < first + 10_000; seed++) {
    const { plain, disguised } = disguise(seed);
    const [wanted, found] = [await fixedMeaning(plain), await fixedMeaning(disguised)];
    expect(found, `seed ${seed}:\n${disguised}`).toEqual(wanted);
  }
}, 600_000);
