import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";

const folder = testFolder("hostile-names");
const image = join(folder, "a\u001b]0;owned\u0007.tar");

test.each([
  ["inspect", [image]],
  ["compare", [image, image]],
])("%s shows the control characters of a file name", async (command, targets) => {
  copyFileSync(join(import.meta.dirname, "../../fixtures/demo/image.tar"), image);
  const { stdout } = await layerlint([command, ...targets]);
  expect(stdout).toContain("a�]0;owned�.tar");
  // oxlint-disable-next-line no-control-regex
  expect(stdout).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
});
