/** A Dockerfile that was changed after the build: no link to what changed may be trusted. */
import { describe, expect, test } from "vitest";
import type { Instruction } from "../../src/dockerfile/dockerfile.ts";
import { originsOf } from "../../src/origin/origins.ts";
import { factsOf, samples, viewOf, type Sample } from "../support/history-samples.ts";

interface Mutation {
  readonly what: string;
  readonly text: string;
  /** First lines of the instructions of the new text that were not there before, or stand elsewhere. */
  readonly changed: readonly number[];
}

/** The RUNs, COPYs and ADDs that end in the image, as they stand in the text. */
function substantial(sample: Sample): Instruction[] {
  return viewOf(sample.text).steps.flatMap(({ instruction }) =>
    ["RUN", "COPY", "ADD"].includes(instruction.keyword) ? [instruction] : [],
  );
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function replace(text: string, { start, end }: Instruction, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function* mutations(sample: Sample): Generator<Mutation> {
  const { text } = sample;
  const found = substantial(sample);
  const source = (instruction: Instruction) => text.slice(instruction.start, instruction.end);
  for (const [i, one] of found.entries()) {
    yield { what: `line ${one.line} deleted`, text: replace(text, one, "#"), changed: [] };
    const twice = replace(text, one, `${source(one)}\n${source(one)}`);
    yield { what: `line ${one.line} doubled`, text: twice, changed: [one.line, lineAt(twice, one.end + 1)] };
    for (const added of ["RUN echo something new > /new", "COPY new /new", "COPY a.txt /a.txt"]) {
      if (source(one) === added) continue;
      yield {
        what: `${added} before line ${one.line}`,
        text: replace(text, one, `${added}\n${source(one)}`),
        changed: [one.line],
      };
    }
    if (one.keyword === "RUN" && one.heredocs.length === 0 && one.form === "shell") {
      yield {
        what: `line ${one.line} edited`,
        text: replace(text, one, `${source(one)} && echo more`),
        changed: [one.line],
      };
    }
    for (const other of found.slice(i + 1)) {
      if (source(one) === source(other) || one.stage !== other.stage) continue;
      const swapped = replace(replace(text, other, source(one)), one, source(other));
      const moved = one.start + source(other).length + (other.start - one.end);
      yield {
        what: `lines ${one.line} and ${other.line} swapped`,
        text: swapped,
        changed: [one.line, lineAt(swapped, moved)],
      };
    }
  }
}

describe("deleted, inserted, doubled, edited and swapped instructions", () => {
  test.each(samples)("$name", (sample) => {
    const untouched = originsOf(factsOf(sample.history), viewOf(sample.text), {
      fromHistory: sample.fromHistory,
    });
    for (const { what, text, changed } of mutations(sample)) {
      for (const options of [{ fromHistory: sample.fromHistory }, {}]) {
        const origins = originsOf(factsOf(sample.history), viewOf(text), options);
        const trusted = origins.links.flatMap(({ instruction, certainty }) =>
          instruction !== undefined && (certainty === "exact" || certainty === "aligned")
            ? [instruction.line]
            : [],
        );
        expect
          .soft(
            trusted.filter((line) => changed.includes(line)),
            what,
          )
          .toEqual([]);
      }
    }
    expect(untouched.links.length).toBe(sample.history.length);
  });
});
