import { describe, expect, test } from "vitest";
import { runsAfter } from "../../src/build/runs-after.ts";
import { itemAt } from "../../src/must.ts";
import { subjectOf } from "../support/subject.ts";

/** Whether `x` runs after each command that is not `x`, by its name. */
async function followed(dockerfile: string): Promise<Record<string, boolean>> {
  const { dockerfile: view } = await subjectOf({ dockerfile });
  const isFollowed = runsAfter(view!, ({ name }) => name === "x");
  const steps = view!.stages.flatMap((stage) => stage.steps);
  return Object.fromEntries(
    steps.flatMap((step) =>
      (step.script?.commands ?? [])
        .filter(({ name }) => name !== "x")
        .map((command) => [command.name ?? "", isFollowed(command, step)] as const),
    ),
  );
}

describe("a command runs after another one", () => {
  test.each([
    ["later in the RUN", "FROM s\nRUN a && x && b\n", { a: true, b: false }],
    ["later in the stage", "FROM s\nRUN a\nRUN x\nRUN b\n", { a: true, b: false }],
    [
      "in a stage that is FROM it, also through others",
      "FROM s AS one\nRUN a\nFROM one AS two\nRUN b\nFROM two\nRUN x && c\n",
      { a: true, b: true, c: false },
    ],
    [
      "not in a stage that only copies from it",
      "FROM s AS one\nRUN a\nFROM s\nCOPY --from=one / /\nRUN x && b\n",
      { a: false, b: false },
    ],
    ["not in its parent", "FROM s AS one\nRUN x\nFROM one\nRUN a\n", { a: false }],
    ["never", "FROM s\nRUN a\n", { a: false }],
  ])("%s", async (_, dockerfile, expected) => {
    expect(await followed(dockerfile)).toEqual(expected);
  });
});

test("every command is asked for once", async () => {
  const { dockerfile: view } = await subjectOf({ dockerfile: `FROM s\n${"RUN a && b\n".repeat(50)}` });
  let asked = 0;
  const isFollowed = runsAfter(view!, () => {
    asked++;
    return false;
  });
  for (const step of view!.steps) isFollowed(itemAt(step.script?.commands ?? [], 0), step);
  expect(asked).toBe(100);
});
