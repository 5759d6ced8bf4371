import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dockerfile } from "../../src/dockerfile/dockerfile.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";

const seed = 20261124;
const piece = fc.oneof(
  fc.constantFrom(
    ..."FROM a|FROM b AS c|RUN |COPY |ADD x |ENV a=1 |ARG X Y=2|LABEL |ONBUILD |CMD [|SHELL |# |#escape=`|# syntax=x|HEALTHCHECK CMD ".split(
      "|",
    ),
    "\\\n",
    "`\n",
    "\n",
    "\r\n",
    " ",
    "\t",
    "<<EOF ",
    "<<-'E F'",
    "3<<X",
    "\nEOF\n",
    "\nX\n",
    '["a", "b"]',
    "'",
    '"',
    "$X",
    "${X:-",
    "}",
    "--mount=type=cache,target=/x ",
    "&& b",
    "\ufeff",
    "😀",
    "\u00a0",
    "\0",
  ),
  fc.string({ unit: "grapheme", maxLength: 6 }),
);
const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(""));

function parse(source: string): Dockerfile {
  return parseDockerfile(source, "Dockerfile");
}

describe("any text", () => {
  test("parses without throwing, into instructions in order that do not overlap", () => {
    fc.assert(
      fc.property(text, (source) => {
        const file = parse(source);
        let end = 0;
        let line = 0;
        for (const instruction of file.instructions) {
          expect(instruction.start).toBeGreaterThanOrEqual(end);
          expect(instruction.end).toBeGreaterThan(instruction.start);
          expect(instruction.line).toBeGreaterThan(line);
          expect(file.positionAt(instruction.start).line).toBe(instruction.line);
          ({ end, endLine: line } = instruction);
        }
        expect(end).toBeLessThanOrEqual(source.length);
        expect(typeof file.agrees).toBe("boolean");
      }),
      { seed, numRuns: 1000 },
    );
  });

  test("every character outside instructions is a comment, a directive or blank", () => {
    fc.assert(
      fc.property(text, (source) => {
        const file = parse(source);
        const covered = [...file.instructions, ...file.comments];
        const rest = source.replace(/[\ud800-\udfff]/g, "x");
        const left = rest
          .split("")
          .filter((_, i) => !covered.some(({ start, end }) => start <= i && i < end))
          .join("");
        // An escape alone on a line joins nothing.
        expect(left.replace(/[\\`]/g, "").trim()).toBe("");
      }),
      { seed, numRuns: 1000 },
    );
  });

  test("body, words and flags are what the file says at their offsets", () => {
    fc.assert(
      fc.property(text, (source) => {
        for (const instruction of parse(source).instructions) {
          const { body, bodyOffsets, words, keyword, keywordRange } = instruction;
          expect(bodyOffsets).toHaveLength(body.length + 1);
          for (let i = 0; i < body.length; i++) expect(source[bodyOffsets[i]!]).toBe(body[i]);
          if (!source.slice(keywordRange.start, keywordRange.end).includes("\n")) {
            expect(source.slice(keywordRange.start, keywordRange.end).toUpperCase()).toBe(keyword);
          }
          for (const word of words) {
            const written = source.slice(word.start, word.end);
            if (!written.includes("\n")) expect(written).toBe(word.text);
          }
        }
      }),
      { seed, numRuns: 1000 },
    );
  });

  test("CRLF means what LF means", () => {
    fc.assert(
      fc.property(text, (source) => {
        const unix = source.replace(/\r/g, "");
        const shape = (file: Dockerfile) =>
          file.instructions.map(({ keyword, body, line, endLine, heredocs, pairs }) => ({
            keyword,
            body,
            line,
            endLine,
            heredocs: heredocs.map(({ content }) => content),
            pairs: pairs.map(({ name, value }) => [name, value]),
          }));
        expect(shape(parse(unix.replace(/\n/g, "\r\n")))).toEqual(shape(parse(unix)));
      }),
      { seed, numRuns: 1000 },
    );
  });
});
