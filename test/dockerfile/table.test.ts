/** The rows A to X of docs/spec/dockerfile.md: each shows that we read what BuildKit reads. */
import { describe, expect, test } from "vitest";
import { resolveBuild } from "../../src/build/resolve-build.ts";
import { type Dockerfile, type Instruction, heredocsOf, pairsOf } from "../../src/dockerfile/dockerfile.ts";
import { expand } from "../../src/dockerfile/expand.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { Command, Step } from "../../src/rule/contract.ts";

function parse(text: string): Dockerfile {
  return parseDockerfile(text, "Dockerfile");
}

function only(text: string): Instruction {
  const { instructions } = parse(`FROM scratch\n${text}`);
  expect(instructions).toHaveLength(2);
  return instructions[1]!;
}

function stepsOf(text: string): readonly Step[] {
  return resolveBuild(parse(`FROM scratch\n${text}`)).steps;
}

function commandsOf(text: string): readonly Command[] {
  return stepsOf(text).at(-1)!.script!.commands;
}

function keywords(text: string): string[] {
  return parse(text).instructions.map((instruction) => instruction.keyword);
}

describe("docs/spec/dockerfile.md, the lettered table", () => {
  test("A: the JSON form keeps inner blanks, over continuations too", () => {
    expect(only('COPY ["a b","c d/"]').exec).toEqual(["a b", "c d/"]);
    expect(only('RUN ["sh","-c","echo  hi there"]').exec).toEqual(["sh", "-c", "echo  hi there"]);
    expect(only('CMD ["a",\\\n"b c"]').exec).toEqual(["a", "b c"]);
  });

  test.each(['RUN ["a",]', 'RUN ["echo", "x', "RUN ['a']", "RUN [ -f /x ]", 'RUN ["a"] b', 'CMD ["a"],'])(
    "B: %s is the shell form",
    (text) => {
      const run = only(text);
      expect([run.form, run.exec]).toEqual(["shell", undefined]);
    },
  );

  test.each(['RUN ["a", 1]', 'COPY ["a", ["b"]]', "CMD [null]", 'HEALTHCHECK CMD ["a", 1]'])(
    "B: %s is an error, because it is JSON",
    (text) => {
      expect(parse(`FROM a\n${text}`).problems.map(({ code }) => code)).toEqual(["json-strings"]);
    },
  );

  test("C: two backslashes at the end of a line do not continue it", () => {
    const file = parse("FROM a\nRUN c \\\\\nUSER d");
    expect(file.instructions.map(({ keyword }) => keyword)).toEqual(["FROM", "RUN", "USER"]);
    expect(file.agrees).toBe(false);
  });

  test("D: a heredoc may have a descriptor", () => {
    const run = only("RUN 3<<'EOF' cat /dev/fd/3\necho $X\nEOF");
    expect(heredocsOf(run)[0]).toMatchObject({ name: "EOF", fd: 3, expand: false, content: "echo $X\n" });
  });

  test("E: a quoted heredoc name may hold a blank", () => {
    const run = only('RUN cat <<"E F" >/x\nbody\nE F');
    expect(heredocsOf(run)[0]).toMatchObject({ name: "E F", content: "body\n", expand: false });
  });

  test("F: an escape at the end of a body's last line means nothing", () => {
    const file = parse("FROM a\nRUN <<EOF\necho a \\\nEOF\nUSER b");
    expect(file.instructions.map(({ keyword }) => keyword)).toEqual(["FROM", "RUN", "USER"]);
    expect(heredocsOf(file.instructions[1]!)[0]).toMatchObject({ content: "echo a \\\n" });
  });

  test("G: a quoted name means that the body is not expanded", () => {
    expect(heredocsOf(only('COPY <<"EOF" /x\n$D\nEOF'))[0]!.expand).toBe(false);
    expect(heredocsOf(only("COPY <<EOF /x\n$D\nEOF"))[0]!.expand).toBe(true);
  });

  test("H: chomped heredocs lose the leading tabs of body and delimiter", () => {
    const run = only("RUN <<-EOF\n\techo a\n\t\techo b\n\tEOF");
    expect(heredocsOf(run)[0]).toMatchObject({ chomp: true, content: "echo a\necho b\n" });
  });

  test("I: the destination of a COPY with a heredoc is the last word of its first line", () => {
    const copy = only("COPY <<EOF /x\nsome words of the body\nEOF");
    expect(copy.words.map((word) => word.value)).toEqual(["<<EOF", "/x"]);
  });

  test.each([
    "RUN echo $((1<<2))",
    "CMD cat <<EOF",
    "RUN echo '<<EOF'",
    'RUN ["cat", "<<EOF"]',
    "RUN cat <<< word",
  ])("J: no heredoc in %s", (text) => {
    expect(keywords(`FROM a\n${text}\nUSER b`)).toEqual(["FROM", text.split(" ")[0], "USER"]);
  });

  test("K: an unknown directive ends the directives", () => {
    const file = parse("# foo=bar\n# escape=`\nFROM a\nRUN b \\\n c");
    expect(file.escape).toBe("\\");
    expect(file.instructions).toHaveLength(2);
  });

  test("L: a directive given twice is an error", () => {
    const file = parse("# Escape=`\n# escape=`\nFROM a");
    expect(file.problems.map(({ code }) => code)).toEqual(["duplicate-directive"]);
  });

  test("M: one ARG may declare several", () => {
    expect(pairsOf(only("ARG X=1 Y=2")).map(({ name, value }) => [name, value])).toEqual([
      ["X", "1"],
      ["Y", "2"],
    ]);
  });

  test("N: ARG X Y=2 declares X without default", () => {
    expect(pairsOf(only("ARG X Y=2")).map(({ name, value }) => [name, value])).toEqual([
      ["X", undefined],
      ["Y", "2"],
    ]);
  });

  test("O: $$ and $(( )) are no variables", () => {
    expect(expand("$$ $((1+2))", new Map(), "\\", "unset")).toBe(" $((1+2))");
    expect(commandsOf("RUN echo $$ $((1 + 2)) $(id)")[0]!.args.map(({ value }) => value)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each([
    ["${Y#a.}", "b.c"],
    ["${Y##*.}", "c"],
    ["${Y%.c}", "a.b"],
    ["${Y%%.*}", "a"],
    ["${Y/./-}", "a-b.c"],
    ["${Y//./-}", "a-b-c"],
  ])("P: %s", (text, value) => {
    const file = parse(`ARG Y=a.b.c\nFROM ${text}\nARG Y\nWORKDIR /${text}\nRUN b ${text}`);
    expect(file.stages[0]!.expandedImage).toBe(value);
    const step = resolveBuild(file).steps.at(-1)!;
    expect([step.scope.workdir, step.script!.commands[0]!.args[0]!.value]).toEqual([`/${value}`, value]);
  });

  test("Q: what the builder does not expand stays for the shell", () => {
    const values = commandsOf("ARG X=1\nRUN echo '$X' \"$X\" \\$X")[0]!.args.map(({ value }) => value);
    expect(values).toEqual(["$X", "1", "$X"]);
  });

  test("R: commas in quotes do not cut a mount's options", () => {
    const [mount] = stepsOf("RUN --mount=type=secret,'\"id=a,b\"',target=/x c")[0]!.mounts;
    expect([...mount!.options]).toEqual([
      ["type", "secret"],
      ["id", "a,b"],
      ["target", "/x"],
    ]);
  });

  test("S: quotes keep blanks in the value of an ENV", () => {
    expect(pairsOf(only('ENV y="2 3" z=4')).map(({ name, value }) => [name, value])).toEqual([
      ["y", "2 3"],
      ["z", "4"],
    ]);
  });

  test("T: a LABEL over two lines has one value, without the line's end", () => {
    expect(pairsOf(only('LABEL "c d"="e \\\n f"'))).toMatchObject([{ name: "c d", value: "e  f" }]);
  });

  test("U: EXPOSE and MAINTAINER are known, other words are problems with a suggestion", () => {
    expect(parse("FROM a\nEXPOSE 80\nMAINTAINER me").problems).toEqual([]);
    expect(parse("FORM a").problems[0]!.message).toBe("unknown instruction FORM (did you mean FROM?)");
    expect(parse("FROM a\nXYZZY b").problems[0]!.message).toBe("unknown instruction XYZZY");
  });

  test("V: a carriage return alone does not end a line", () => {
    expect(keywords("FROM a\rUSER b")).toEqual(["FROM"]);
  });

  test("W: a heredoc without end is an error", () => {
    const file = parse("FROM a\nRUN <<EOF\necho");
    expect(file.problems.map(({ code }) => code)).toEqual(["unterminated-heredoc"]);
    expect(heredocsOf(file.instructions[1]!)[0]!.delimiter).toBeUndefined();
  });

  test("X: a backslash in a comment inside a continuation", () => {
    const file = parse("FROM a\nRUN \\\n# comment\\comment\nx\nUSER b");
    expect(file.instructions.map(({ body }) => body)).toEqual(["a", "x", "b"]);
  });
});
