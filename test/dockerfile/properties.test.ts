import {
  type Dockerfile,
  type Range,
  heldInstruction,
  heredocsOf,
  pairsOf,
} from "../../src/dockerfile/dockerfile.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { resolveBuild } from "../../src/build/resolve-build.ts";
import { samples } from "../support/history-samples.ts";

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

/** Real files with a few characters cut, doubled or put in. */
const mutated = fc
  .tuple(
    fc.constantFrom(...new Set(samples.map((sample) => sample.text))),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), piece, fc.nat(40)), { maxLength: 5 }),
  )
  .map(([source, changes]) =>
    changes.reduce((now, [where, insert, cut]) => {
      const at = Math.floor(where * now.length);
      return now.slice(0, at) + insert + now.slice(cut < 20 ? at : at + cut - 20);
    }, source),
  );

function checkOffsets(source: string): void {
  const file = parse(source);
  const slice = ({ start, end }: Range) => source.slice(start, end);
  for (const comment of file.comments) {
    expect(slice(comment)).toBe(comment.text);
    expect(comment.text).toMatch(/^#/);
    expect(file.positionAt(comment.start).line).toBe(comment.line);
  }
  for (const directive of file.directives) {
    expect(slice(directive).toLowerCase()).toContain(directive.name);
    expect(slice(directive)).toContain(directive.value);
  }
  for (const problem of file.problems) {
    expect(problem.start).toBeLessThanOrEqual(problem.end);
    expect(problem.end).toBeLessThanOrEqual(source.length);
  }
  for (const outer of file.instructions) {
    for (const instruction of new Set([outer, heldInstruction(outer)])) {
      const { body, bodyOffsets, argsRange, keyword, keywordRange, flags, form } = instruction;
      const heredocs = heredocsOf(instruction);
      expect(bodyOffsets).toHaveLength(body.length + 1);
      for (let i = 0; i < body.length; i++) expect(source[bodyOffsets[i]!]).toBe(body[i]);
      expect(argsRange.start).toBe(bodyOffsets[0]);
      if (body !== "") expect(argsRange.end).toBe(bodyOffsets[body.length - 1]! + 1);
      /** What the builder sees of a range inside the body. */
      const seen = ({ start, end }: Range) =>
        body
          .split("")
          .filter((_, i) => bodyOffsets[i]! >= start && bodyOffsets[i]! < end)
          .join("");
      if (!slice(keywordRange).includes("\n")) expect(slice(keywordRange).toUpperCase()).toBe(keyword);
      for (const word of instruction.words) {
        expect(seen(word)).toBe(word.text);
        if (form === "exec") expect(JSON.parse(word.text)).toBe(word.value);
      }
      for (const pair of pairsOf(instruction)) {
        expect(seen(pair).endsWith(pair.rawValue ?? "")).toBe(true);
        expect(file.positionAt(pair.start).line).toBeGreaterThanOrEqual(instruction.line);
      }
      for (const flag of flags) {
        expect(slice(flag)).toMatch(/^-/);
        if (/^[\w=,/:-]*$/.test(slice(flag))) {
          const value = flag.value === undefined ? "" : `=${flag.value}`;
          expect(slice(flag)).toBe(`--${flag.name}${value}`);
        }
      }
      for (const { start, body: range, content, delimiter, name, chomp } of heredocs) {
        expect(slice(start)).toMatch(/^\d*<</);
        expect(chomp ? slice(range).replace(/^\t+/gm, "") : slice(range)).toBe(content);
        if (delimiter !== undefined) {
          expect(slice(delimiter)).toBe(name);
          expect(delimiter.end).toBeLessThanOrEqual(instruction.end);
        }
      }
    }
  }
}

/** Bytes as the command reads them: what is no UTF-8 becomes U+FFFD. */
const bytes = fc
  .uint8Array({ maxLength: 400 })
  .map((array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(array));

/** Everything that a rule can ask of a file. */
function readAll(source: string): void {
  const file = parse(source);
  expect(typeof file.agrees).toBe("boolean");
  for (const { steps } of resolveBuild(file).stages) {
    for (const { script, triggered, mounts, sources, scope } of steps) {
      for (const each of [script, triggered]) expect(each?.commands).not.toBeNull();
      expect(mounts.every(({ type }) => type !== undefined)).toBe(true);
      expect(sources?.paths).not.toEqual([]);
      for (const [name] of scope.variables) expect(typeof name).toBe("string");
    }
  }
}

describe("no file content makes the parsers throw", () => {
  test.each([
    ["random bytes", bytes],
    ["random bytes behind a FROM", bytes.map((source) => `FROM a\nRUN ${source}`)],
    ["pieces of Dockerfiles", text],
    ["pieces behind a FROM", text.map((source) => `FROM a\n${source}`)],
    ["mutations of real files", mutated],
  ])("%s", (_, arbitrary) => {
    fc.assert(fc.property(arbitrary, readAll), { seed, numRuns: 1000 });
  });
});

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

  test("every node equals the text at its offsets", () => {
    fc.assert(fc.property(text, checkOffsets), { seed, numRuns: 1000 });
  });

  test("also in mutations of real files", () => {
    fc.assert(fc.property(mutated, checkOffsets), { seed, numRuns: 1000 });
  });

  test("CRLF parses like LF", () => {
    fc.assert(
      fc.property(text, (source) => {
        const unix = source.replace(/\r/g, "");
        const shape = (file: Dockerfile) =>
          file.instructions.map((instruction) => ({
            keyword: instruction.keyword,
            body: instruction.body,
            line: instruction.line,
            endLine: instruction.endLine,
            heredocs: heredocsOf(instruction).map(({ content }) => content.replaceAll("\r\n", "\n")),
            pairs: pairsOf(instruction).map(({ name, value }) => [name, value]),
          }));
        expect(shape(parse(unix.replace(/\n/g, "\r\n")))).toEqual(shape(parse(unix)));
      }),
      { seed, numRuns: 1000 },
    );
  });
});
