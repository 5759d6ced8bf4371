import { expect, test } from "vitest";
import { whiteoutAndFile } from "../../../rules/portability/whiteout-and-file.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(whiteoutAndFile, { layers, base });

test("the whiteout after the file is what runtimes refuse", async () => {
  const [finding] = await find(["f(9)", "f(8) .wh.f"]);
  expect(finding?.message).toContain("has 1 file and, after it, the whiteout of the same name (/f)");
});

test("it is silent about the other order", async () => {
  expect(await find(["f(9)", ".wh.f f(8)"])).toEqual([]);
});
