import { describe, expect, test } from "vitest";
import { stepsAfter } from "../../src/build/steps-after.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { subjectOf } from "../support/subject.ts";

/** Of the last instruction of the Dockerfile. */
async function editable(dockerfile: string): Promise<boolean> {
  const { dockerfile: view } = await subjectOf({ dockerfile });
  return isEditable(view!.steps.at(-1)!, view!);
}

describe("an instruction may be edited", () => {
  test.each([
    ["a RUN", "FROM a\nRUN b\n"],
    ["a RUN with a heredoc", "FROM a\nRUN <<EOF\nb\nEOF\n"],
    ["a COPY with a heredoc", 'FROM a\nCOPY <<-"EOF" /b\nc\nEOF\n'],
    ["what no shell runs, in another shell", 'FROM a\nSHELL ["pwsh", "-c"]\nCOPY b /c\n'],
  ])("%s", async (_, dockerfile) => {
    expect(await editable(dockerfile)).toBe(true);
  });
});

describe("it may not", () => {
  test.each([
    ["where the file does not parse", "FROM a\nFOO\nRUN b\n"],
    ["with a heredoc that nothing ends", "FROM a\nRUN <<EOF\nb\n"],
    ["where another build runs it", "FROM a\nONBUILD COPY b /c\n"],
    ["with a heredoc of another file descriptor", "FROM a\nRUN b 3<<EOF\nc\nEOF\n"],
    ["with a heredoc whose name has a blank", 'FROM a\nRUN b <<"E F"\nc\nE F\n'],
    ["with one such heredoc among others", "FROM a\nRUN b <<A 3<<B\na\nA\nb\nB\n"],
    ["in JSON form, which no shell reads", 'FROM a\nRUN ["b"]\n'],
    ["in a shell that is not known", 'FROM a\nSHELL ["pwsh", "-c"]\nRUN b\n'],
    ["where the script is not understood", "FROM a\nRUN b 'c\n"],
    ["on Windows", "FROM mcr.microsoft.com/windows/nanoserver\nCOPY b /c\n"],
  ])("%s", async (_, dockerfile) => {
    expect(await editable(dockerfile)).toBe(false);
  });
});

test("what runs on top of a step is the rest of its stage, and the stages that are FROM it, however far", async () => {
  const dockerfile =
    "FROM a AS one\nRUN b\nRUN c\nFROM one AS two\nRUN d\nFROM a AS other\nRUN e\nFROM two\nRUN f\n";
  const { dockerfile: view } = await subjectOf({ dockerfile });
  const after = stepsAfter(view!.stages[0]!.steps[0]!, view!);
  expect(after.map(({ instruction }) => instruction.body)).toEqual(["c", "d", "f"]);
});
