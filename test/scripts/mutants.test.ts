import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { runInThisContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { findMutants, instrument } from "../../scripts/mutants/instrument.ts";
import { roomOf } from "../../scripts/mutants/project.ts";
import { sample } from "../../scripts/mutants/sample.ts";
import { Switchboard } from "../../scripts/mutants/switchboard.ts";
import { stepsOf } from "../support/work.ts";

const root = join(import.meta.dirname, "../..");

function changes(source: string): string[] {
  return findMutants("a.ts", source).map(
    ({ original, replacement }) => `${original} → ${replacement ?? "(removed)"}`,
  );
}

describe("which mutants there are", () => {
  test("a comparison has its neighbours, its operands their own", () => {
    expect(changes("export const f = (n: number) => n > 7;")).toEqual([
      "n > 7 → n >= 7",
      "n > 7 → n <= 7",
      "7 → 8",
    ]);
  });

  test("a string is mutated in conditions, not in messages", () => {
    expect(changes('export const f = (s: string) => (s === "a" ? "one" : `other ${s}`);')).toEqual([
      's === "a" → true',
      's === "a" → false',
      's === "a" → s !== "a"',
      '"a" → ""',
    ]);
  });

  test("documentation, tables, types and the words of errors are left alone", () => {
    expect(changes("defineRule({ docs: { bad: [f(1 + 2)] }, late: true, check: () => [] });")).toEqual([
      "defineRule({ docs: { bad: [f(1 + 2)] }, late: true, check: () => [] }); → (removed)",
    ]);
    expect(changes('export const TABLE = new Map([["a", 1], ["b", 2]]);')).toEqual([]);
    expect(changes("export type N = 1 | 2;")).toEqual([]);
    expect(changes("function f() { throw new Error(g(1)); }")).toEqual([
      "throw new Error(g(1)); → (removed)",
    ]);
  });

  test("the condition of a message is mutated", () => {
    expect(changes('const f = (n: number) => ({ message: n > 1 ? "many" : "one" });')).toContain(
      "n > 1 → n >= 1",
    );
  });

  test("an optional chain is mutated as a whole", () => {
    expect(changes("const f = (a?: string[]) => a?.filter(g)[0];")).toEqual([
      "a?.filter(g)[0] → a.filter(g)[0]",
      "0 → 1",
    ]);
  });

  test("a regular expression has mutants that are regular expressions", () => {
    expect(changes("const f = (s: string) => /^a+$/.test(s);")).toEqual([
      "/^a+$/ → /a+$/",
      "/^a+$/ → /^a+/",
      "/^a+$/ → /^a$/",
    ]);
  });
});

test("a removed statement leaves the else of the if around it where it was", () => {
  const source = "const f = (n) => { let s = 0; if (n > 0) s = 1; else s = 2; return s; };";
  const removed = findMutants("a.ts", source).filter(({ replacement }) => replacement === undefined);
  const mutants = new Map(removed.map((mutant, id) => [id, mutant]));
  expect(removed.map(({ original }) => original)).toEqual(["s = 1;", "s = 2;"]);
  const code = instrument("a.ts", source, 0, { mutants, imported: new Map() });
  const load = runInThisContext(`(__mutants) => { ${code} return f; }`) as (
    board: object,
  ) => (n: number) => number;
  const results = [undefined, 0, 1].map((active) => {
    const f = load({ on: (id: number) => id === active, tick: () => undefined });
    return [f(1), f(0)];
  });
  expect(results).toEqual([
    [1, 2],
    [0, 2],
    [1, 0],
  ]);
});

test("the counters do not count themselves in a test that counts calls of built-in methods", () => {
  const switchboard = new Switchboard();
  const steps = stepsOf(() => {
    switchboard.tick(1);
    switchboard.on(2);
    new Set().add(3);
  });
  expect(steps).toBe(1);
  expect(switchboard.stop()).toEqual({ files: [1], reached: [2], ticks: 1 });
});

describe("the sample", () => {
  const mutants = findMutants(
    "a.ts",
    "export const f = (a: number, b: number) => a < b && a * b > 3 && a - b < 12 && !!b;",
  );

  test("is the same for the same seed, and another for another", () => {
    expect(sample(mutants, 5, 1)).toEqual(sample(mutants, 5, 1));
    expect(sample(mutants, 5, 1)).not.toEqual(sample(mutants, 5, 2));
  });

  test("a larger one holds the smaller one", () => {
    expect(sample(mutants, 9, 1)).toEqual(expect.arrayContaining(sample(mutants, 5, 1)));
  });
});

test("the longest folder decides about the room", () => {
  const rooms = { edits: ["rules/fixes"], rules: ["rules", "!rules/knowledge"] };
  expect(
    ["rules/sudo.ts", "rules/fixes/cut.ts", "rules/knowledge/a.ts", "src/a.ts"].map((file) =>
      roomOf(file, rooms),
    ),
  ).toEqual(["rules", "edits", undefined, undefined]);
});

test(
  "weak tests let mutants survive, an endless loop and the compiler do not",
  { timeout: 60_000 },
  async () => {
    const options = ["--project", join(root, "fixtures/weak-tests"), "--sample", "0", "--whole"];
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["scripts/mutants.mjs", ...options],
      { cwd: root },
    );
    expect(stdout.trimEnd().split("\n")).toEqual([
      "src/lines.ts:4:10  line.length > LONGEST  →  line.length >= LONGEST",
      'src/lines.ts:18:10  line === ""  →  line !== ""  (no test runs it)',
      "code: 90.0 % of 20 mutants killed (1 by the compiler), 2 survived",
    ]);
    expect(stderr.match(/not used.*/g)).toEqual([
      "not used, it works too long: test/lines.test.ts > three million spaces are counted: too much work for every mutant",
    ]);
  },
);

test(
  "a room with a folder that does not exist is an error, not a score of 100 %",
  { timeout: 60_000 },
  () => {
    const project = mkdtempSync(join(tmpdir(), "layerlint-rooms-"));
    try {
      writeFileSync(join(project, "mutants.json"), '{ "edits": ["rules/fixes"] }');
      const args = ["scripts/mutants.mjs", "--project", project];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
      expect([status, stdout, stderr]).toEqual([
        2,
        "",
        "mutants.json names rules/fixes, which does not exist\n",
      ]);
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  },
);
