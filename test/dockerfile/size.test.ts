/** Large and hostile files: what takes quadratic time elsewhere takes minutes here, and these tests have seconds. */
import { describe, expect, test } from "vitest";
import { resolveBuild } from "../../src/build/resolve-build.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";

interface Size {
  readonly instructions: number;
  /** In the scripts of all RUNs. */
  readonly commands: number;
}

/** Parses, and looks at the script of every RUN. */
function read(text: string): Size {
  const file = parseDockerfile(text, "Dockerfile");
  const steps = resolveBuild(file).stages.flatMap((stage) => stage.steps);
  for (const { instruction, script } of steps)
    expect(script !== undefined, instruction.keyword).toBe(instruction.keyword === "RUN");
  const commands = steps.reduce((sum, { script }) => sum + (script?.commands.length ?? 0), 0);
  return { instructions: file.instructions.length, commands };
}

function times(n: number, make: (i: number) => string): string {
  return Array.from({ length: n }, (_, i) => make(i)).join("");
}

describe("long files", () => {
  test.each([
    ["RUNs of three lines", "FROM a\n" + "RUN a && \\\n  # why\n  b $X\n".repeat(4000), 4001, 8000],
    ["ENVs", "FROM a\n" + times(12_000, (i) => `ENV A${i}=b$A${i - 1}\n`), 12_001, 0],
    ["ARGs", "FROM a\n" + times(12_000, (i) => `ARG A${i}=b\n`), 12_001, 0],
    ["stages", times(6000, (i) => `FROM a${i} AS s${i}\nRUN x\n`), 12_000, 6000],
    [
      "stages from each other",
      "FROM a AS s0\n" + times(6000, (i) => `FROM s${i} AS s${i + 1}\nRUN x\n`),
      12_001,
      6000,
    ],
    ["a continuation", "FROM a\nRUN x" + " && \\\n  yyy zzz".repeat(12_000), 2, 12_001],
    ["comments in a continuation", "FROM a\nRUN x \\\n" + "# c\n".repeat(12_000) + " y", 2, 1],
    ["a heredoc", "FROM a\nRUN <<EOF\n" + "apt-get install x\n".repeat(12_000) + "EOF\n", 2, 12_000],
    ["heredocs", "FROM a\n" + "RUN <<EOF\na\nEOF\n".repeat(4000), 4001, 4000],
    ["heredocs without end", `FROM a\nRUN ${times(1000, (i) => `<<E${i} `)}\n` + "x\n".repeat(12_000), 2, 1],
  ])("12,000 lines of %s", { timeout: 120_000 }, (_, text, instructions, commands) => {
    expect(read(text)).toEqual({ instructions, commands });
  });

  const pieces =
    "a|\\|'|\"|$|${|${A:-|<<|<<A |(|$(|`|{|[|&&a |\\ |--a |A=b |\u00a0|\r|if |[[ |((|case a in |\"$(|*|sh -c '|f(){ |a;|sudo |xargs |env A=b |f(){ a;};f;|#|\ufeff";
  test.each(pieces.split("|").filter((piece) => piece !== ""))(
    "lines of 30 kB: %j",
    { timeout: 120_000 },
    (piece) => {
      const long = piece.repeat(30_000 / piece.length);
      for (const keyword of ["RUN x ", 'RUN ["', "ENV A=", "COPY ", "LABEL ", "RUN --mount=", "ARG "])
        expect(read(`FROM a\n${keyword}${long}z\nUSER b\n`).instructions).toBe(
          piece === "<<A " && /RUN|COPY/.test(keyword) && !keyword.includes("[") ? 2 : 3,
        );
      expect(read(`# syntax=${long}z\nFROM a\n`).instructions).toBe(1);
      expect(read(`FROM a\nRUN <<EOF\n${long}\nEOF\n`).instructions).toBe(2);
    },
  );

  test("a line of a megabyte is read, and refused as the builder does", () => {
    const file = parseDockerfile(`FROM a\nRUN ${"x".repeat(1_000_000)}\nUSER b`, "Dockerfile");
    expect(file.problems.map(({ code }) => code)).toEqual(["long-line"]);
    expect(file.instructions).toHaveLength(3);
  });
});

describe("values", () => {
  test("that double with each line become unknown, not a crash", () => {
    const text = `FROM a\nENV A0=0123456789\n${times(60, (i) => `ENV A${i + 1}=$A${i}$A${i}\n`)}WORKDIR /$A60`;
    const { steps } = resolveBuild(parseDockerfile(text, "Dockerfile"));
    expect(steps.at(-1)!.scope.env.get("A10")).toHaveLength(10_240);
    expect(steps.at(-1)!.scope.env.get("A60")).toBeUndefined();
  });

  test.each(["${A:-", "${A:+", "${A#", '"${A:-', "${A//a/"])("nested without end: %s", (piece) => {
    expect(read(`FROM a\nENV A=a\nENV B=${piece.repeat(10_000)}`).instructions).toBe(3);
  });

  test("patterns with many stars", () => {
    const text = `FROM scratch\nENV A=${"a".repeat(5000)}\nWORKDIR /\${A##${"*a".repeat(50)}*b}`;
    expect(read(text).instructions).toBe(3);
  });
});
