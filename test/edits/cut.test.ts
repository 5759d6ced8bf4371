import { describe, expect, test } from "vitest";
import { cutCommands, cutWords } from "../../src/edits/cut.ts";
import { applyEdits } from "../../src/lint/apply-edits.ts";
import { subjectOf } from "../support/subject.ts";

const head = "FROM debian:12\n";

/** Takes every command called `rm` out of the only RUN. */
async function cut(run: string, after = "") {
  const subject = await subjectOf({ dockerfile: `${head}${run}${after}` });
  const view = subject.dockerfile!;
  const step = view.steps.find(({ instruction }) => instruction.keyword === "RUN")!;
  const removals = step.script!.commands.filter(({ name }) => name === "rm");
  const result = cutCommands(step, removals, view);
  if (result === undefined) return undefined;
  const text = applyEdits(view.file.text, result.edits).slice(head.length);
  return [text, result.condition === undefined ? "exact" : "not exact"];
}

describe("a command is cut out of a RUN with its operator", () => {
  test.each([
    ["first", "RUN rm x && a\n", "RUN a\n"],
    ["middle", "RUN a && rm x && b\n", "RUN a && b\n"],
    ["last", "RUN a && rm x\n", "RUN a\n"],
    ["&& in front", "RUN a \\\n  && rm x \\\n  && b\n", "RUN a \\\n  && b\n"],
    ["&& at the end", "RUN a && \\\n  rm x && \\\n  b\n", "RUN a && \\\n  b\n"],
    ["first of several lines", "RUN rm x && \\\n  b\n", "RUN b\n"],
    ["backtick", "# escape=`\nRUN a `\n  && rm x\n", "# escape=`\nRUN a\n"],
    ["two at once", "RUN a && rm x && rm y && b\n", "RUN a && b\n"],
    ["two apart", "RUN rm x && a && rm y\n", "RUN a\n"],
    ["comment before", "RUN a && \\\n  # why\n  rm x && \\\n  b\n", "RUN a && \\\n  # why\n  b\n"],
    ["comment behind", "RUN a \\\n  && rm x \\\n  # why\n  && b\n", "RUN a \\\n  # why\n  && b\n"],
    ["set -e and ;", "RUN set -e; a; rm x; b\n", "RUN set -e; a; b\n"],
    ["set -e and a last ;", "RUN set -e; a; rm x;\n", "RUN set -e; a;\n"],
    ["the && stays inside", "RUN a; rm x && b\n", "RUN a; b\n"],
    ["the ; stays outside", "RUN a && rm x; b\n", "RUN a; b\n"],
    ["heredoc", "RUN <<E\nset -e\nrm x\na\nE\n", "RUN <<E\nset -e\na\nE\n"],
    ["heredoc, last", "RUN <<-E\n\tset -e\n\ta\n\trm x\n\tE\n", "RUN <<-E\n\tset -e\n\ta\n\tE\n"],
    ["redirects of others", "RUN a > f && rm x\n", "RUN a > f\n"],
  ])("%s", async (_, run, wanted) => {
    const [first = ""] = run.startsWith("#") ? [run.slice(0, run.indexOf("\n") + 1)] : [];
    const body = run.slice(first.length);
    if (first === "") expect(await cut(run)).toEqual([wanted, "exact"]);
    else {
      const subject = await subjectOf({ dockerfile: `${first}${head}${body}` });
      const view = subject.dockerfile!;
      const [step] = view.steps;
      const removals = step!.script!.commands.filter(({ name }) => name === "rm");
      const edits = cutCommands(step!, removals, view)!.edits;
      expect(applyEdits(view.file.text, edits)).toBe(`${first}${head}${wanted.slice(first.length)}`);
    }
  });

  test("a cut that would reveal a failure has a condition", async () => {
    expect(await cut("RUN a; rm x\n")).toEqual(["RUN a\n", "not exact"]);
    expect(await cut("RUN set -e; a && b; rm x\n")).toEqual(["RUN set -e; a && b\n", "not exact"]);
    expect(await cut("RUN set -e; ! a; rm x\n")).toEqual(["RUN set -e; ! a\n", "not exact"]);
    expect(await cut("RUN <<E\na\nrm x\nE\n")).toEqual(["RUN <<E\na\nE\n", "not exact"]);
  });
});

describe("a RUN that is all that follows a WORKDIR makes its folder with some builders", () => {
  test.each([
    ["nothing after it", "COPY a b\nWORKDIR /w\nUSER u\nRUN rm x\n", "CMD a\n", "not exact"],
    ["a RUN after it", "COPY a b\nWORKDIR /w\nRUN rm x\n", "RUN b\n", "exact"],
    ["a COPY between", "WORKDIR /w\nCOPY a b\nRUN rm x\n", "CMD a\n", "exact"],
  ])("%s", async (_, run, after, condition) => {
    expect((await cut(run, after))?.[1]).toBe(condition);
  });
});

describe("a RUN without remaining commands is removed", () => {
  test.each([
    ["alone", "RUN rm x\n", "CMD a\n", "CMD a\n"],
    ["with cd, set and true", "RUN set -ex && cd /x && rm x || true\n", "CMD a\n", "CMD a\n"],
    ["one of two blank lines with it", "USER a\n\nRUN rm x\n\n", "CMD a\n", "USER a\n\nCMD a\n"],
    ["a heredoc", "RUN <<E\nrm x\nE\n", "CMD a\n", "CMD a\n"],
    ["a heredoc with its shell", "RUN <<E\n#!/bin/sh\nrm x\nE\n", "CMD a\n", "CMD a\n"],
    ["a heredoc with a # in a name", "RUN <<E\nrm x#y\nE\n", "CMD a\n", "CMD a\n"],
    [
      "a comment that only mentions a linter",
      "# see #hadolint\nRUN rm x\n",
      "CMD a\n",
      "# see #hadolint\nCMD a\n",
    ],
    ["its comment stays", "# why\nRUN rm x\n", "CMD a\n", "# why\nCMD a\n"],
    ["the last one, without newline", "USER a\n\n\nRUN rm x", "", "USER a"],
    ["indented", "  RUN rm x  \n", "CMD a\n", "CMD a\n"],
    ["the blank line above it stays", "USER a\n\nRUN rm x\n", "CMD a\n", "USER a\n\nCMD a\n"],
    ["one of two lines of blanks", "USER a\n  \nRUN rm x\n \n", "CMD a\n", "USER a\n \nCMD a\n"],
    ["the blank line above the last one", "USER a\n\nRUN rm x\n", "", "USER a\n"],
    [
      "a comment about another instruction",
      "# hadolint ignore=DL3059\nUSER a\nRUN rm x\n",
      "CMD a\n",
      "# hadolint ignore=DL3059\nUSER a\nCMD a\n",
    ],
  ])("%s", async (_, run, after, wanted) => {
    expect(await cut(run, after)).toEqual([wanted, "exact"]);
  });

  test("not when another effective command remains", async () => {
    expect(await cut("RUN echo x > /f && rm x\n")).toEqual(["RUN echo x > /f\n", "exact"]);
    expect(await cut("RUN true > /f && rm x\n")).toEqual(["RUN true > /f\n", "exact"]);
    expect(await cut("RUN sudo true && rm x\n")).toEqual(["RUN sudo true\n", "exact"]);
    expect(await cut("RUN cd $(mktemp -d) && rm x\n")).toEqual(["RUN cd $(mktemp -d)\n", "exact"]);
  });
});

describe("no edit where it cannot be written", () => {
  test.each([
    ["||", "RUN a || rm x\n"],
    ["a job in the background", "RUN a & rm x\n"],
    ["a subshell", "RUN a && (rm x)\n"],
    ["a condition", "RUN if a; then rm x; fi\n"],
    ["a pipeline", "RUN a && rm x | b\n"],
    ["a negation", "RUN a && ! rm x\n"],
    ["a wrapper", "RUN a && sudo rm x\n"],
    ["comments on both sides", "RUN a && \\\n  # one\n  rm x && \\\n  # two\n  b\n"],
    ["a comment of the shell", "RUN <<E\na\nrm x # gone\nb\nE\n"],
    ["a comment in what would go", "RUN rm \\\n  # one\n  x\n"],
    ["a comment of the shell behind it", "RUN rm x # gone\n"],
    ["a comment in the heredoc", "RUN <<E\n# gone\nrm x\nE\n"],
    ["a comment that a linter reads", "# hadolint ignore=DL3059\nRUN rm x\n"],
    ["one without a blank", "#hadolint ignore=DL3059\nRUN rm x\n"],
    ["one that is indented", "  # hadolint ignore=DL3059\nRUN rm x\n"],
    ["one of BuildKit", "# check = skip=all\nRUN rm x\n"],
    ["one above another comment", "# layerlint ignore=a\n# why\nRUN rm x\n"],
    ["a heredoc that another command reads", "RUN a && rm x && cat <<E > /f\ntext\nE\n"],
    ["a comment between two that go", "RUN a && rm x && \\\n  # why\n  rm y && b\n"],
    ["a comment before it, and an operator that would bind otherwise", "RUN a && \\\n  # why\n  rm x; b\n"],
    ["operators that would bind otherwise", "RUN a && rm x; rm y && b\n"],
    ["exec form", 'RUN ["rm", "x"]\n'],
  ])("%s", async (_, run) => {
    expect(await cut(run)).toBeUndefined();
  });
});

test("words are cut with the line ends before them, and comments between them stay", async () => {
  const words = async (run: string, ...gone: string[]) => {
    const subject = await subjectOf({ dockerfile: head + run });
    const view = subject.dockerfile!;
    const [command] = view.steps[0]!.script!.commands;
    const edits = cutWords(command!, new Set(command!.args.filter(({ text }) => gone.includes(text))), view);
    return edits === undefined ? undefined : applyEdits(view.file.text, edits).slice(head.length);
  };
  expect(await words("RUN rm -rf a b c\n", "b")).toBe("RUN rm -rf a c\n");
  expect(await words("RUN rm -rf \\\n  a \\\n  b \\\n  c\n", "a", "b")).toBe("RUN rm -rf \\\n  c\n");
  expect(await words("RUN rm -rf \\\r\n\ta \\\r\n\tb\r\n", "b")).toBe("RUN rm -rf \\\r\n\ta\r\n");
  expect(await words("RUN rm -rf a \\\n  # why\n  b\n", "b")).toBeUndefined();
});

describe("what remains keeps its comments and operators", () => {
  test.each([
    ["a comment of a later command", "RUN rm x && b # why\n", "RUN b # why\n"],
    ["the first two, with different operators", "RUN rm x; rm y && b\n", "RUN b\n"],
    ["the first of a list", "RUN rm x; b\n", "RUN b\n"],
    [
      "a comment behind it, under set -e",
      "RUN set -e; a; rm x; \\\n  # why\n  b\n",
      "RUN set -e; a; \\\n  # why\n  b\n",
    ],
    [
      "a comment before it, under set -e",
      "RUN set -e; a; \\\n  # why\n  rm x; \\\n  b\n",
      "RUN set -e; a; \\\n  # why\n  b\n",
    ],
    ["a subshell without effect", "RUN (true) && rm x\n", "RUN (true)\n"],
    ["a command in the value of a variable", "RUN A=$(touch /f) true && rm x\n", "RUN A=$(touch /f) true\n"],
    ["an unknown word", "RUN cd $X && rm x\n", "RUN cd $X\n"],
  ])("%s", async (_, run, wanted) => {
    expect(await cut(run)).toEqual([wanted, "exact"]);
  });

  test.each([
    ["a job in the background that is all the RUN does", "RUN rm x &\n"],
    ["a job in the background", "RUN a && rm x &\n"],
    ["an indented comment in a heredoc that would go", "RUN <<-E\n\t# gone\n\trm x\n\tE\n"],
    ["a directive of BuildKit without blanks", "# check=skip=all\nRUN rm x\n"],
    ["a negation without effect", "RUN ! true && rm x || a\n"],
  ])("no edit: %s", async (_, run) => {
    expect(await cut(run)).toBeUndefined();
  });

  test("a whole RUN goes with its line break of two characters", async () => {
    expect(await cut("USER a\r\nRUN rm x\r\n", "CMD b\r\n")).toEqual(["USER a\r\nCMD b\r\n", "exact"]);
  });

  test("a directive that a blank line separates is about no instruction", async () => {
    expect(await cut("# hadolint ignore=DL3059\n\nRUN rm x\n", "CMD b\n")).toEqual([
      "# hadolint ignore=DL3059\n\nCMD b\n",
      "exact",
    ]);
  });

  test("a RUN behind it makes the folder of the WORKDIR, whatever comes then", async () => {
    expect((await cut("COPY a b\nWORKDIR /w\nRUN rm x\n", "RUN b\nCMD c\n"))?.[1]).toBe("exact");
  });
});

test("neighbours that go are one edit", async () => {
  const subject = await subjectOf({ dockerfile: `${head}RUN a && rm x && rm y && b && rm z\n` });
  const view = subject.dockerfile!;
  const [step] = view.steps;
  const removals = step!.script!.commands.filter(({ name }) => name === "rm");
  expect(cutCommands(step!, removals, view)?.edits).toHaveLength(2);
  expect(cutCommands(step!, removals.slice(0, 2), view)?.edits).toHaveLength(1);

  const words = (await subjectOf({ dockerfile: `${head}RUN rm a b c d e\n` })).dockerfile!;
  const [command] = words.steps[0]!.script!.commands;
  const gone = (...names: string[]) => new Set(command!.args.filter(({ text }) => names.includes(text)));
  expect(cutWords(command!, gone("b", "d", "e"), words)).toHaveLength(2);
  expect(cutWords(command!, gone("a", "b", "c"), words)).toHaveLength(1);
});
