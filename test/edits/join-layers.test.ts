import { describe, expect, test } from "vitest";
import { squashableLayers } from "../../rules/layers/squashable-layers.ts";
import { editsOf } from "../support/fixes.ts";

/** The first fix of the text: what it does, and the bytes that it promises. */
async function joins(dockerfile: string, layers: readonly string[]) {
  const [fix] = await editsOf(squashableLayers, { dockerfile: `FROM a\n${dockerfile}`, layers });
  return fix && `${fix.description}: ${fix.bytes}`;
}

describe("of the RUNs that could be joined, those that save most are", () => {
  const dockerfile = "RUN one\nRUN two\nENV A=1\nRUN three\nRUN four \\\n  five\n";
  test.each([
    ["first", 40, 20, "join lines 2 to 3 into one RUN: 40000000"],
    ["last", 20, 40, "join lines 5 to 7 into one RUN: 40000000"],
  ])("where those are the %s", async (_, a, b, wanted) => {
    expect(await joins(dockerfile, [`a(${a}MB) x(1)`, ".wh.a", `b(${b}MB) y(1)`, ".wh.b"])).toBe(wanted);
  });
});

test("a RUN apart does not keep its neighbours from being joined", async () => {
  const runs = "RUN two\nRUN three\n";
  expect(await joins(`RUN one\nENV A=1\n${runs}`, ["x(1)", "b(40MB)", ".wh.b"])).toBe(
    "join lines 4 to 5 into one RUN: 40000000",
  );
  expect(await joins(`RUN one\nCOPY a /\n${runs}`, ["x(1)", "y(1)", "b(40MB)", ".wh.b"])).toBe(
    "join lines 4 to 5 into one RUN: 40000000",
  );
});

test("what a RUN behind them hides is not counted", async () => {
  expect(await joins("RUN one\nRUN two\nENV A=1\nRUN three\n", ["a(40MB) b(70MB)", ".wh.a", ".wh.b"])).toBe(
    "join lines 2 to 3 into one RUN: 40000000",
  );
});

test("what a RUN before them made is not counted", async () => {
  expect(await joins("RUN zero\nENV A=1\nRUN one\nRUN two\n", ["b(70MB)", "a(40MB)", ".wh.a .wh.b"])).toBe(
    "join lines 4 to 5 into one RUN: 40000000",
  );
});
