/** What yargs would get wrong, one case for each. */
import { describe, expect, test } from "vitest";
import {
  commandFirst,
  forYargs,
  fromWord,
  lastOf,
  splitAtDashes,
  targetsOf,
  toWord,
  valuesOf,
  withoutDefault,
} from "../../src/cli/yargs-input.ts";
import { layerlint } from "../support/command.ts";

const grammar = {
  commands: new Set(["lint", "fix", "inspect", "rules"]),
  flags: new Set(["no-config", "fix"]),
};

test("words after -- are targets, whatever they look like", () => {
  expect(splitAtDashes(["lint", "a", "--", "--fix", "-"])).toEqual({
    before: ["lint", "a"],
    behind: ["--fix", "-"],
  });
  expect(splitAtDashes(["lint", "a"])).toEqual({ before: ["lint", "a"], behind: [] });
  const input = forYargs(["lint", "a", "--", "--fix"], grammar);
  expect(targetsOf({ targets: ["a"] }, input)).toEqual(["a", "--fix"]);
});

describe("a command may stand behind options", () => {
  test.each([
    ["that have no value", ["--no-config", "fix", "x"], ["fix", "--no-config", "x"]],
    ["whose value is in the same word", ["--target=lint", "fix", "x"], ["fix", "--target=lint", "x"]],
  ])("%s", (_, argv, expected) => {
    expect(commandFirst(argv, grammar)).toEqual(expected);
  });

  test("after an option with a value it is a value, and after a target a target", () => {
    for (const argv of [
      ["--target", "lint", "x"],
      ["x", "lint"],
      ["--no-config", "x"],
      ["fix", "--no-config"],
    ])
      expect(commandFirst(argv, grammar)).toEqual(argv);
  });
});

describe("the named command becomes the default one, so that no help is formatted", () => {
  test("for lint, fix and inspect", () => {
    for (const name of ["lint", "fix", "inspect"])
      expect(withoutDefault([name, "x"], grammar)).toEqual({ defaultCommand: name, words: ["x"] });
  });

  test("not for other commands, with help, or if a command is the first target", () => {
    for (const argv of [["rules"], ["fix", "--help"], ["fix", "-h"], ["fix", "lint"], ["x"], []])
      expect(withoutDefault(argv, grammar)).toEqual({ defaultCommand: "lint", words: argv });
  });

  test("an error names the command that was typed", () => {
    expect(forYargs(["--no-config", "fix", "x"], grammar)).toMatchObject({
      command: "fix",
      defaultCommand: "fix",
      words: ["--no-config", "x"],
    });
    expect(forYargs(["x"], grammar).command).toBeUndefined();
  });
});

test("a single - reaches the command", async () => {
  expect(fromWord(toWord("-"))).toBe("-");
  expect(toWord("-")).not.toContain("-");
  expect(forYargs(["lint", "-", "x"], grammar).words.map(fromWord)).toEqual(["-", "x"]);
  const { stdout } = await layerlint(["lint", "--format", "gnu", "-"], {
    stdin: [Buffer.from("FROM debian:12\nRUN apt-get update && apt-get install -y make\n")],
  });
  expect(stdout).toMatch(/^-:\d/m);
});

describe("of an option that is given twice", () => {
  test("the last one counts, except where all do", () => {
    expect(lastOf(["a", "b"], { kind: "text" })).toBe("b");
    expect(lastOf(["a", "b"], { kind: "choice" })).toBe("b");
    expect(lastOf([false, true], { kind: "flag" })).toBe(true);
    expect(lastOf(["a", "b"], { kind: "list" })).toEqual(["a", "b"]);
    expect(lastOf("a", { kind: "text" })).toBe("a");
  });

  test("also by its name in camel case, and as it was typed", () => {
    const table = {
      "fail-on": { kind: "text", describe: "" },
      only: { kind: "list", describe: "" },
    } as const;
    const args = {
      "fail-on": ["info", toWord("-")],
      failOn: ["info", toWord("-")],
      only: ["x", toWord("-")],
      $0: "",
    };
    expect(valuesOf(args, table)).toEqual({ failOn: "-", only: ["x", "-"] });
  });
});
