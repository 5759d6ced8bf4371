import { expect, test } from "vitest";
import { allRules } from "../../rules/index.ts";
import { layerlint } from "../support/command.ts";

test("rules says which are opt-in", async () => {
  const { stdout } = await layerlint(["rules"]);
  const marked = stdout.split("\n").filter((line) => line.endsWith("(strict)"));
  expect(marked.map((line) => line.trim().split(" ")[0] ?? "").toSorted()).toEqual(
    allRules
      .filter(({ preset }) => preset === "strict")
      .map(({ id }) => id)
      .toSorted(),
  );
  expect(marked.length).toBeGreaterThan(0);
});

test("rules --format json has presets and options", async () => {
  const list = JSON.parse((await layerlint(["rules", "--format", "json"])).stdout) as Record<
    string,
    unknown
  >[];
  expect(list.find(({ id }) => id === "unused-ignore")).toMatchObject({ preset: "strict", options: {} });
  expect(list.find(({ id }) => id === "identical-rewrite")).toMatchObject({
    preset: "default",
    options: { "warn-from": { type: "size", default: 1_000_000 } },
  });
});

test("explain shows the options of a rule", async () => {
  const { stdout } = await layerlint(["explain", "identical-rewrite"]);
  expect(stdout).toContain("`warn-from` (size, 1 MB by default)");
});
