import { describe, expect, test } from "vitest";
import { joinRuns } from "../../src/edits/join.ts";
import { applyEdits } from "../../src/lint/apply-edits.ts";
import { subjectOf } from "../support/subject.ts";

const head = "FROM debian:12\n";

/** Joins all RUNs. */
async function joined(runs: string): Promise<string | undefined> {
  const view = (await subjectOf({ dockerfile: head + runs })).dockerfile!;
  const steps = view.steps.filter(({ instruction }) => instruction.keyword === "RUN");
  const edits = joinRuns(steps, view);
  return edits && applyEdits(view.file.text, edits).slice(head.length);
}

describe("neighbours become one RUN", () => {
  test.each([
    ["two commands", "RUN a\nRUN b\n", "RUN a \\\n    && b\n"],
    ["three", "RUN a\nRUN b\nRUN c\n", "RUN a \\\n    && b \\\n    && c\n"],
    ["blank lines between go", "RUN a\n\n \nRUN b\n", "RUN a \\\n    && b\n"],
    ["comments between stay", "RUN a\n# one\n\n  # two\nRUN b\n", "RUN a \\\n# one\n  # two\n    && b\n"],
    ["with CRLF", "RUN a\r\n# one\r\nRUN b\r\n", "RUN a \\\r\n# one\r\n    && b\r\n"],
    [
      "with the same flags",
      "RUN --network=none a\nRUN --network=none b\n",
      "RUN --network=none a \\\n    && b\n",
    ],
    [
      "with the same flags in another order",
      "RUN --network=none --security=sandbox a\nRUN --security=sandbox --network=none b\n",
      "RUN --network=none --security=sandbox a \\\n    && b\n",
    ],
    ["a variable in a subshell", "RUN (A=1; c)\nRUN b\n", "RUN (A=1; c) \\\n    && b\n"],
    ["groups that leave the shell alone", "RUN { a; }\nRUN (b)\n", "RUN { a; } \\\n    && (b)\n"],
    [
      "names that only look like the shell's own",
      "RUN evaluate\nRUN medieval\n",
      "RUN evaluate \\\n    && medieval\n",
    ],
    ["variables of one command", "RUN A=1 a\nRUN b\n", "RUN A=1 a \\\n    && b\n"],
  ])("%s", async (_, runs, wanted) => {
    expect(await joined(runs)).toBe(wanted);
  });
});

describe("a RUN that would change later commands gets a subshell", () => {
  test.each([
    ["cd", "RUN cd /x\nRUN b\n", "RUN ( cd /x ) \\\n    && b\n"],
    ["cd at the end", "RUN a\nRUN cd /x\n", "RUN a \\\n    && ( cd /x )\n"],
    ["cd in the middle", "RUN a\nRUN cd /x\nRUN b\n", "RUN a \\\n    && ( cd /x ) \\\n    && b\n"],
    ["a list", "RUN a; c\nRUN b\n", "RUN ( a; c ) \\\n    && b\n"],
    ["||", "RUN a || c\nRUN b\n", "RUN ( a || c ) \\\n    && b\n"],
    ["a variable", "RUN A=1\nRUN b\n", "RUN ( A=1 ) \\\n    && b\n"],
    ["a variable in a group", "RUN { A=1; c; }\nRUN b\n", "RUN ( { A=1; c; } ) \\\n    && b\n"],
    ["a function", "RUN f() { c; } && f\nRUN b\n", "RUN ( f() { c; } && f ) \\\n    && b\n"],
    ["set -e in a chain", "RUN set -e && a\nRUN b\n", "RUN ( set -e && a ) \\\n    && b\n"],
  ])("%s", async (_, runs, wanted) => {
    expect(await joined(runs)).toBe(wanted);
  });
});

describe("no edit where one RUN would do something else", () => {
  test.each([
    ["one RUN alone", "RUN a\n"],
    ["another instruction between", "RUN a\nUSER u\nRUN b\n"],
    ["another stage", "RUN a\nFROM debian:12\nRUN b\n"],
    ["other flags", "RUN a\nRUN --network=none b\n"],
    ["another mount", "RUN --mount=type=cache,target=/a a\nRUN --mount=type=cache,target=/b b\n"],
    ["a heredoc", "RUN a\nRUN cat <<E > /f\nx\nE\n"],
    ["a job in the background", "RUN a & c\nRUN b\n"],
    ["a job left in the background", "RUN a &\nRUN b\n"],
    ["set -e in a list", "RUN set -e; a\nRUN b\n"],
    ["set -e in front of a group", "RUN set -e && { a; c; }\nRUN b\n"],
    ["a comment at the end of one", "RUN a # why\nRUN b\n"],
    ["an operator at the end of one", "RUN a;\nRUN b\n"],
    ["a comment at the head of one", "RUN a\nRUN \\\n  # why\n  b\n"],
    ["a comment that a linter reads", "RUN a\n# hadolint ignore=DL3059\nRUN b\n"],
    ["the JSON form", 'RUN a\nRUN ["b"]\n'],
  ])("%s", async (_, runs) => {
    expect(await joined(runs)).toBeUndefined();
  });
});

describe("what stands in or around a RUN does not keep it from being joined", () => {
  test.each([
    ["blanks behind it", "RUN a  \nRUN b\n", "RUN a \\  \n    && b\n"],
    [
      "a comment between its commands",
      "RUN a\nRUN b && \\\n  # why\n  c\n",
      "RUN a \\\n  && b && \\\n  # why\n  c\n",
    ],
    ["an indented RUN", "RUN a\n  RUN b\n", "RUN a \\\n    && b\n"],
    ["a variable at the end of a subshell", "RUN (c; A=1)\nRUN b\n", "RUN (c; A=1) \\\n    && b\n"],
  ])("%s", async (_, runs, wanted) => {
    expect(await joined(runs)).toBe(wanted);
  });
});

describe("a subshell keeps in", () => {
  test.each([
    [
      "a variable with a long name, set in a group",
      "RUN { NAME=1; c; }\nRUN b\n",
      "RUN ( { NAME=1; c; } ) \\\n    && b\n",
    ],
    [
      "a function, but not the group of the RUN before",
      "RUN { a; }\nRUN f() { c; } && f\n",
      "RUN { a; } \\\n    && ( f() { c; } && f )\n",
    ],
  ])("%s", async (_, runs, wanted) => {
    expect(await joined(runs)).toBe(wanted);
  });
});

describe("neighbours stay apart", () => {
  test.each([
    ["when the file has an error", "RUN a\nRUN b\nRUNN c\n"],
    ["when set -e stands in a subshell", "RUN a && (set -e; c)\nRUN b\n"],
    ["when a whole RUN is a heredoc", "RUN <<E\na\nE\nRUN b\n"],
    ["when the last one is a job in the background", "RUN a\nRUN b &\n"],
    ["when an indented comment is for a linter", "RUN a\n  # hadolint ignore=DL3059\nRUN b\n"],
    ["when one has a flag without a value", "RUN --network a\nRUN b\n"],
  ])("%s", async (_, runs) => {
    expect(await joined(runs)).toBeUndefined();
  });
});
