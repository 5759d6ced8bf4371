import { describe, expect, test } from "vitest";
import { append, insertAfter, insertBefore } from "../../src/edits/append.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { applyEdits } from "../../src/lint/apply-edits.ts";
import { subjectOf } from "../support/subject.ts";

async function appended(run: string, head = "FROM debian:12\n") {
  const subject = await subjectOf({ dockerfile: `${head}${run}` });
  const view = subject.dockerfile!;
  const step = view.steps.findLast(({ instruction }) => instruction.keyword === "RUN")!;
  const result = isEditable(step, view) ? append(step, "X", view) : undefined;
  if (result === undefined) return undefined;
  return { run: applyEdits(view.file.text, result.edits).slice(head.length), condition: result.condition };
}

describe("a command is appended in the layout of the RUN, and exactly", () => {
  test.each([
    ["one line", "RUN a && b\n", "RUN a && b && X\n"],
    ["a single command", "RUN a\n", "RUN a && X\n"],
    ["no final newline", "RUN a", "RUN a && X"],
    ["&& in front", "RUN a \\\n    && b\n", "RUN a \\\n    && b \\\n    && X\n"],
    ["&& at the end", "RUN a && \\\n\tb\n", "RUN a && \\\n\tb && \\\n\tX\n"],
    ["CRLF", "RUN a \\\r\n && b\r\n", "RUN a \\\r\n && b \\\r\n && X\r\n"],
    ["words on lines of their own", "RUN a \\\n  b \\\n  c\n", "RUN a \\\n  b \\\n  c \\\n  && X\n"],
    ["a blank line between", "RUN a && \\\n  \n  b\n", "RUN a && \\\n  \n  b \\\n  && X\n"],
    ["a comment between", "RUN a && \\\n  # why\n  b\n", "RUN a && \\\n  # why\n  b \\\n  && X\n"],
    [
      "set -e with ;",
      "RUN set -ex; \\\n    a; \\\n    b\n",
      "RUN set -ex; \\\n    a; \\\n    b; \\\n    X\n",
    ],
    ["set -e with a last ;", "RUN set -eux; a; b;\n", "RUN set -eux; a; b; X;\n"],
    ["set -e in front of a chain", "RUN set -e && a && b\n", "RUN set -e && a && b && X\n"],
    ["a group at the end", "RUN a && { b; c; }\n", "RUN a && { b; c; } && X\n"],
    ["a subshell at the end", "RUN a && (cd /x && b)\n", "RUN a && (cd /x && b) && X\n"],
    ["a subshell at the end with set -e", "RUN set -e; a; (b && c)\n", "RUN set -e; a; (b && c); X\n"],
    ["a heredoc with set -e", "RUN <<EOF\nset -e\na\nb\nEOF\n", "RUN <<EOF\nset -e\na\nb\nX\nEOF\n"],
    ["a heredoc with tabs", "RUN <<-EOF\n\tset -e\n\ta\n\tEOF\n", "RUN <<-EOF\n\tset -e\n\ta\n\tX\n\tEOF\n"],
    ["a heredoc with one list", "RUN <<EOF\na && b\nEOF\n", "RUN <<EOF\na && b && X\nEOF\n"],
    [
      "a heredoc with a comment on the line behind",
      "RUN <<EOF\nset -e\na\n# why b\nEOF\n",
      "RUN <<EOF\nset -e\na\nX\n# why b\nEOF\n",
    ],
    ["a redirect at the end", "RUN a > /f 2>&1\n", "RUN a > /f 2>&1 && X\n"],
  ])("%s", async (_, run, wanted) => {
    expect(await appended(run)).toEqual({ run: wanted, condition: undefined });
  });
});

describe("an inexact edit has a condition", () => {
  test.each([
    ["||", "RUN a || true\n", "RUN { a || true; } && X\n", /\|\|/],
    ["&& and ||", "RUN a && b || c\n", "RUN { a && b || c; } && X\n", /\|\|/],
    ["; without set -e", "RUN a; b\n", "RUN a; b && X\n", /without set -e/],
    [
      "set -e that is taken back",
      "RUN set -e; a; set +e; b\n",
      "RUN set -e; a; set +e; b && X\n",
      /without set -e/,
    ],
    ["set -e not first", "RUN a; set -e; b\n", "RUN a; set -e; b && X\n", /without set -e/],
    ["a background job", "RUN a & b\n", "RUN a & b && X\n", /background/],
    [
      "a group with set -e, whose a && b does not end the shell",
      "RUN set -e; { a && b; }\n",
      "RUN set -e; { a && b; }; X\n",
      /a group, in which set -e/,
    ],
    [
      "a subshell with set -e behind &&",
      "RUN set -e; a && (b; c)\n",
      "RUN set -e; a && (b; c) && X\n",
      /a group, in which set -e/,
    ],
    ["|| with set -e, which a group would lift", "RUN set -e; a || b\n", "RUN set -e; a || b; X\n", /\|\|/],
    ["a pipeline at the end", "RUN a | b\n", "RUN a | b && X\n", /simple command or a group/],
    [
      "a loop at the end",
      "RUN for i in 1; do a; done\n",
      "RUN for i in 1; do a; done && X\n",
      /simple command or a group/,
    ],
    ["a negation", "RUN ! a\n", "RUN ! a && X\n", /simple command or a group/],
    ["exit", "RUN a && exit 0\n", "RUN a && exit 0 && X\n", /exec, exit or trap/],
    ["exec", "RUN exec a\n", "RUN exec a && X\n", /exec, exit or trap/],
    ["trap", "RUN trap 'rm f' EXIT && a\n", "RUN trap 'rm f' EXIT && a && X\n", /exec, exit or trap/],
    ["a comment at the end", "RUN a && b # done\n", "RUN a && b && X # done\n", /comment/],
    ["a heredoc without set -e", "RUN <<EOF\na\nb\nEOF\n", "RUN <<EOF\na\nb && X\nEOF\n", /without set -e/],
  ])("%s", async (_, run, wanted, condition) => {
    const result = await appended(run);
    expect(result?.run).toBe(wanted);
    expect(result?.condition).toMatch(condition);
  });
});

describe("there is no edit when it cannot be written", () => {
  test.each([
    ["exec form", 'RUN ["a", "b"]\n'],
    ["a job left in the background", "RUN a && b &\n"],
    ["the body of a heredoc of the shell", "RUN a && cat <<E > /f\ntext\nE\n"],
    ["a heredoc inside the script", "RUN <<EOF\nset -e\ncat <<E > /f\ntext\nE\nEOF\n"],
    ["a heredoc with a file descriptor", "RUN 3<<EOF a\nb\nEOF\n"],
    ["a heredoc whose name has a blank", 'RUN <<"E F"\nset -e\na\nE F\n'],
    ["python", "RUN <<EOF\n#!/usr/bin/python3\nprint(1)\nEOF\n"],
    ["a script that the shell would refuse", "RUN a && (b\n"],
  ])("%s", async (_, run) => {
    expect(await appended(run)).toBeUndefined();
  });

  test("PowerShell and Windows", async () => {
    expect(await appended("RUN a\n", 'FROM x\nSHELL ["powershell", "-Command"]\n')).toBeUndefined();
    expect(await appended("RUN a\n", "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n")).toBeUndefined();
    expect(
      await appended("RUN a\n", "FROM mcr.microsoft.com/windows/nanoserver:1 AS w\nFROM w\n"),
    ).toBeUndefined();
  });

  test("a file with a syntax error anywhere", async () => {
    expect(await appended("RUN a\n", "FROM x\nRUNN y\n")).toBeUndefined();
  });
});

/** Puts X behind the first command that is called `a`, or in front of the first `b`. */
async function between(where: "behind a" | "before b", run: string) {
  const head = "FROM debian:12\n";
  const view = (await subjectOf({ dockerfile: head + run })).dockerfile!;
  const step = view.steps[0]!;
  const named = (wanted: string) => step.script!.commands.find(({ name }) => name === wanted)!;
  const index = () =>
    step.script!.list!.items.findIndex(
      ({ start, end }) => start <= named("a").start && named("a").start < end,
    );
  const result =
    where === "behind a"
      ? insertAfter(step, index(), "X", view)
      : {
          edits: [insertBefore(step, named("b"), "X", view)].filter((edit) => edit !== undefined),
          condition: undefined,
        };
  if (result === undefined || result.edits.length === 0) return undefined;
  return [applyEdits(view.file.text, result.edits).slice(head.length), result.condition];
}

describe("a command is inserted after an item, and a failure of either still ends the RUN", () => {
  test.each([
    ["in a chain", "RUN a && b\n", "RUN a && X && b\n"],
    ["in the layout behind it", "RUN a \\\n && b\n", "RUN a \\\n && X \\\n && b\n"],
    ["in front of && under set -e", "RUN set -e; a && b\n", "RUN set -e; a && X && b\n"],
    ["in front of ; under set -e", "RUN set -e; a; b\n", "RUN set -e; a; X; b\n"],
    ["where only a later part has a ||", "RUN set -e; a; b || c\n", "RUN set -e; a; X; b || c\n"],
    ["on a line of a heredoc", "RUN <<E\nset -e\n  a\n  b\nE\n", "RUN <<E\nset -e\n  a\n  X\n  b\nE\n"],
    ["behind a group", "RUN { a && c; } && b\n", "RUN { a && c; } && X && b\n"],
  ])("%s", async (_, run, wanted) => {
    expect(await between("behind a", run)).toEqual([wanted, undefined]);
  });

  test.each([
    ["RUN a; b\n", "RUN a && X; b\n", /without set -e/],
    ["RUN a || c; b\n", "RUN a && X || c; b\n", /\|\|/],
    ["RUN <<E\na\nb\nE\n", "RUN <<E\na && X\nb\nE\n", /without set -e/],
    ["RUN c || a; b\n", "RUN c || a && X; b\n", /\|\|/],
    ["RUN a && b & c\n", "RUN a && X && b & c\n", /background/],
    ["RUN set -e; { a && c; }; b\n", "RUN set -e; { a && c; }; X; b\n", /a group, in which set -e/],
    ["RUN if a; then c; fi && b\n", "RUN if a; then c; fi && X && b\n", /something other than/],
  ])("an inexact insertion has a condition: %j", async (run, wanted, why) => {
    const [text, condition] = (await between("behind a", run))!;
    expect(text).toBe(wanted);
    expect(condition).toMatch(why);
  });

  test.each(["RUN a & b\n", "RUN <<E\na <<F\nb\nF\nb\nE\n"])("not in %j", async (run) => {
    expect(await between("behind a", run)).toBeUndefined();
  });
});

describe("a command is inserted before another", () => {
  test.each([
    ["in a chain", "RUN a && b\n", "RUN a && X && b\n"],
    ["behind ; under set -e", "RUN set -e; a; b\n", "RUN set -e; a; X; b\n"],
    [
      "behind && under set -e, which would not see it fail",
      "RUN set -e; a && b\n",
      "RUN set -e; a && X && b\n",
    ],
    ["behind ; without set -e", "RUN a; b\n", "RUN a; X && b\n"],
    ["on a line of a heredoc", "RUN <<E\nset -e\n  a\n  b\nE\n", "RUN <<E\nset -e\n  a\n  X\n  b\nE\n"],
    ["in front of the group that holds it", "RUN a && { c; b; }\n", "RUN a && X && { c; b; }\n"],
  ])("%s", async (_, run, wanted) => {
    expect(await between("before b", run)).toEqual([wanted, undefined]);
  });

  test.each([
    ["where it runs only after a failure", "RUN a || b\n"],
    ["where it runs in the background", "RUN b & a\n"],
    ["where all of it stays in the background", "RUN a && b &\n"],
  ])("not %s", async (_, run) => {
    expect(await between("before b", run)).toBeUndefined();
  });
});
