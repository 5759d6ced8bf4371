import { describe, expect, test } from "vitest";
import { heldInstruction, heredocsOf } from "../../src/dockerfile/dockerfile.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";

function parse(text: string) {
  return parseDockerfile(text, "Dockerfile");
}

describe("lines", () => {
  test("comments and blank lines inside a continuation are dropped, inner blanks kept", () => {
    const text = "FROM a\nRUN apt-get update && \\\n  # why\n\n    apt-get  install x  \nUSER b\n";
    const run = parse(text).instructions[1]!;
    expect(run.body).toBe("apt-get update &&     apt-get  install x");
    expect([run.line, run.endLine]).toEqual([2, 5]);
    expect(text.slice(run.start, run.end)).toBe(
      "RUN apt-get update && \\\n  # why\n\n    apt-get  install x",
    );
  });

  test("a comment that ends in the escape does not continue", () => {
    expect(parse("FROM a\n# note \\\nUSER b").instructions).toHaveLength(2);
  });

  test("blanks after the escape are allowed", () => {
    expect(parse("FROM a\nRUN b \\  \t\n c").instructions[1]!.body).toBe("b  c");
  });

  test("a file may end in a continuation", () => {
    const [, run] = parse("FROM a\nRUN b \\").instructions;
    expect(run!.body).toBe("b");
  });

  test("BOM, CRLF and astral characters keep offsets true", () => {
    const text = "\ufeffFROM a\r\nRUN echo 😀 \\\r\n  && echo b\r\nUSER c\r\n";
    const file = parse(text);
    expect(file.instructions.map(({ keyword, line }) => [keyword, line])).toEqual([
      ["FROM", 1],
      ["RUN", 2],
      ["USER", 4],
    ]);
    const run = file.instructions[1]!;
    expect(run.body).toBe("echo 😀   && echo b");
    expect(text.slice(run.bodyOffsets[run.body.indexOf("&&")], run.end)).toBe("&& echo b");
    expect(file.positionAt(run.start)).toEqual({ line: 2, column: 1 });
    expect(file.agrees).toBe(true);
  });

  test("the backtick as escape leaves backslashes alone", () => {
    const file = parse("# escape=`\nFROM a\nCOPY x C:\\\nRUN b `\n c");
    expect(file.instructions.map(({ keyword, body }) => [keyword, body])).toEqual([
      ["FROM", "a"],
      ["COPY", "x C:\\"],
      ["RUN", "b  c"],
    ]);
  });

  test("lower-case keywords and indentation", () => {
    expect(parse("from a\n\t run b").instructions.map(({ keyword }) => keyword)).toEqual(["FROM", "RUN"]);
  });
});

describe("flags", () => {
  test("come before the arguments, over continuations, quoted too", () => {
    const run = parse('FROM a\nRUN --mount=type=cache,target=/x \\\n  --network="none" b --not=flag')
      .instructions[1]!;
    expect(run.flags.map(({ name, value }) => [name, value])).toEqual([
      ["mount", "type=cache,target=/x"],
      ["network", "none"],
    ]);
    expect(run.body).toBe("b --not=flag");
  });

  test("-- ends them", () => {
    const run = parse("FROM a\nCOPY --link -- --x /y").instructions[1]!;
    expect(run.flags).toMatchObject([{ name: "link", value: undefined }]);
    expect(run.words.map(({ value }) => value)).toEqual(["--x", "/y"]);
  });
});

describe("stages", () => {
  test("names are lower-cased; a stage is found by name, also through a global ARG", () => {
    const file = parse("ARG BASE=build\nFROM x AS Build\nFROM ${BASE}\nFROM ${MISSING:-y}");
    expect(file.stages.map(({ name, parent, expandedImage }) => [name, parent, expandedImage])).toEqual([
      ["build", undefined, "x"],
      [undefined, 0, "build"],
      [undefined, undefined, "y"],
    ]);
  });

  test("an ARG without a default may be given, one that nothing declares may not", () => {
    expect(parse("ARG A\nFROM $A").problems).toEqual([]);
    expect(parse("FROM $TARGETARCH").problems).toEqual([]);
  });

  test("a stage is never its own parent", () => {
    expect(parse("FROM node AS node").stages[0]!.parent).toBeUndefined();
  });

  test("platform and digest", () => {
    const [stage] = parse("FROM --platform=$BUILDPLATFORM a:1@sha256:00 AS b").stages;
    expect([stage!.platform, stage!.image]).toEqual(["$BUILDPLATFORM", "a:1@sha256:00"]);
    expect(parse("FROM a-$TARGETARCH").stages[0]!.expandedImage).toBeUndefined();
  });

  test("an ONBUILD holds an instruction, with its heredoc", () => {
    const file = parse("FROM a\nONBUILD RUN <<EOF\necho\nEOF\nONBUILD COPY --chown=1 . /x");
    const [, run, copy] = file.instructions.map(heldInstruction);
    expect([run!.keyword, copy!.keyword]).toEqual(["RUN", "COPY"]);
    expect(heredocsOf(run!)[0]!.content).toBe("echo\n");
    expect(copy!.flags[0]!.value).toBe("1");
  });
});

describe("problems", () => {
  test.each([
    ["", "empty"],
    ["# only a comment\n", "empty"],
    ["RUN a", "no-from"],
    ["ARG A", "no-from"],
    ["FROM", "missing-arguments"],
    ["FROM a b", "from-arguments"],
    ["FROM a AS 1x", "stage-name"],
    ["FROM a\nEXPOSE", "missing-arguments"],
    ["FROM a\nRUN []", "missing-arguments"],
    ["FROM a\nCOPY x <<EOF\nEOF", "missing-arguments"],
    ["FROM a\nARG =x", "missing-name"],
    ["FROM a\nLABEL =x", "missing-name"],
    ['FROM a\nVOLUME [" "]', "empty-volume"],
    ["FROM a\n\\\n", "empty-instruction"],
    [`FROM a\nRUN ${"x".repeat(65_532)}`, "long-line"],
    [`FROM a\nRUN ${"é".repeat(32_766)}`, "long-line"],
    ["FROM a\nHEALTHCHECK FOO", "healthcheck"],
    ["FROM a\nHEALTHCHECK CMD", "healthcheck"],
    ["FROM a\nHEALTHCHECK CMD []", "healthcheck"],
    ["FROM a\nHEALTHCHECK NONE x", "healthcheck"],
    ["FROM a\nHEALTHCHECK --interval=30 CMD x", "healthcheck"],
    ["FROM a\nHEALTHCHECK --timeout=10us CMD x", "healthcheck"],
    ["FROM a\nHEALTHCHECK --retries=many CMD x", "healthcheck"],
    ["FROM a\nCOPY --form=b x y", "flag"],
    ["FROM a\nCOPY --from x y", "flag"],
    ["FROM a\nCOPY --chown=1 --chown=2 x y", "flag"],
    ["FROM a\nCOPY --link=maybe x y", "flag"],
    ["FROM a\nRUN --network=hots x", "flag"],
    ["FROM a\nCOPY --from=$X x y", "flag"],
    ["FROM a AS b\nCOPY --from=b x y", "stage-reference"],
    ["FROM a\nCOPY --from=c x y\nFROM b AS C", "stage-reference"],
    ["FROM a\nCOPY --from=0 x y", "stage-reference"],
    ["FROM a\nFROM b\nCOPY --from=2 x y", "stage-reference"],
    ["FROM $A", "from-arguments"],
    ['FROM ""', "from-arguments"],
    ["ENV A=b\nFROM $A", "no-from"],
    ["FROM a\nRUN --mount=from=$X,target=/x y", "flag"],
    ["FROM a\nRUNN x", "unknown-instruction"],
    ["FROM a\nONBUILD RUNN x", "unknown-instruction"],
    ["FROM a\nUSER", "missing-arguments"],
    ["FROM a\nCOPY x", "missing-arguments"],
    ["FROM a\nENV x", "missing-value"],
    ["FROM a\nENV x=1 y", "missing-equals"],
    ["FROM a\nSHELL /bin/sh", "shell-form"],
    ["FROM a\nONBUILD FROM b", "onbuild"],
    ["# escape=x\nFROM a", "invalid-escape"],
  ])("%j: %s", (text, code) => {
    const codes = parse(text).problems.map((problem) => problem.code);
    expect(codes).toContain(code);
  });

  test.each([
    "RUN",
    "CMD",
    "ENTRYPOINT []",
    "ENV a b=c =d",
    `RUN ${"x".repeat(65_531)}`,
    "HEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=0 --start-interval=1ms --retries=0 CMD x",
    "HEALTHCHECK --interval= NONE",
    'HEALTHCHECK CMD ["a"]',
    "COPY --exclude=a --exclude=b --parents --link=False x y",
    "RUN --mount=type=cache,target=/x --mount=type=bind,from=b,target=/$X --network=none --security=insecure x",
    "ADD --checksum=sha256:00 --keep-git-dir=true --unpack --surprise x y",
    "RUN --something=new x",
    "COPY --from=image x y",
    "ONBUILD COPY --from=7 x y",
    "FROM b AS c\nFROM c\nCOPY --from=c --chown=1 x y\nCOPY --from=1 x y",
    "FROM a AS a\nFROM b AS a\nCOPY --from=0 x y\nFROM x\nCOPY --from=A x y",
    "COPY <<EOF <<EOT /x/\na\nEOF\nb\nEOT",
    "ONBUILD RUN <<EOF\na\nEOF",
    "USER a b",
    'ARG "X"=1',
  ])("none: %j", (text) => {
    expect(parse(`FROM a\n${text}`).problems).toEqual([]);
  });

  test("a file that builds has none", () => {
    const text =
      "# syntax=docker/dockerfile:1\n# check=skip=all\nARG A=1\nFROM a:$A AS b\nENV a b c\nCMD []\nHEALTHCHECK NONE\n";
    expect(parse(text).problems).toEqual([]);
  });
});
