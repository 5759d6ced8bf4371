import { expect, test } from "vitest";
import { checkMutant, corpus, disguise, fixedMeaning, mutant } from "./mutations.ts";

const first = 20_261_125;

test("1,000 changed Dockerfiles: fixes change only what they state, and converge", async () => {
  let safe = 0;
  let unsafe = 0;
  const texts = new Set<string>();
  for (let seed = first; seed < first + 1000; seed++) {
    const text = mutant(seed);
    texts.add(text);
    try {
      // both for each is for the deep test
      const counts = await checkMutant(text, [seed % 2 === 0]);
      safe += counts.safe;
      unsafe += counts.unsafe;
    } catch (error) {
      throw new Error(`seed ${seed}:\n${text}\n`, { cause: error });
    }
  }
  // the cases are many, and there is something to fix in them
  expect(corpus.length).toBeGreaterThan(50);
  expect(texts.size).toBeGreaterThan(900);
  expect(safe).toBeGreaterThan(500);
  expect(unsafe).toBeGreaterThan(500);
}, 600_000);

test("formatting that a builder ignores does not change fixes: 300 files", async () => {
  for (let seed = first; seed < first + 300; seed++) {
    const { plain, disguised } = disguise(seed);
    const [wanted, found] = [await fixedMeaning(plain), await fixedMeaning(disguised)];
    expect(found, `seed ${seed}:\n${disguised}`).toEqual(wanted);
  }
}, 600_000);
