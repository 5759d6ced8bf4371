import { describe, expect, test } from "vitest";
import { mightTake, removed, takes } from "../../src/analysis/steps/removals.ts";
import { subjectOf } from "../support/subject.ts";

async function commandOf(run: string, head = "") {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\n${head}RUN ${run}\n` });
  const step = dockerfile!.steps.at(-1)!;
  return { step, command: step.script!.commands.at(-1)! };
}

/** What a command removes, as text. */
async function removals(run: string, head?: string): Promise<string[]> {
  const { step, command } = await commandOf(run, head);
  return removed(command, step).map(
    ({ verb, path, recursive, contentsOnly, manager }) =>
      `${verb} ${path}${contentsOnly ? "/*" : ""}${recursive ? " and below" : ""}${manager === undefined ? "" : ` by ${manager}`}`,
  );
}

describe("what a command removes", () => {
  test.each([
    ["rm /a", ["deletes /a"]],
    ["rm -f /a /b", ["deletes /a", "deletes /b"]],
    ["rm -r /a", ["deletes /a and below"]],
    ["rm -R /a", ["deletes /a and below"]],
    ["rm --recursive /a", ["deletes /a and below"]],
    ["rm -rf /a/*", ["deletes /a/* and below"]],
    ["rm '/a*'", ["deletes /a*"]],
    ["mv /a /b", ["moves /a and below"]],
    ["mv -f /a /b", ["moves /a and below"]],
    ["yum clean all", ["deletes /var/cache/yum/* and below by dnf"]],
    ["dnf clean all", ["deletes /var/cache/dnf/* and below by dnf"]],
  ])("%s", async (run, wanted) => {
    expect(await removals(run)).toEqual(wanted);
  });

  test.each([
    "rm -rf /a*",
    "rm -rf /a/*.x",
    "rm -rf /a*/*",
    "rm -rf /*",
    "rm -rf /",
    "rm -rf $X",
    "mv /a",
    "mv /a /b /c",
    "mv /a* /b",
    "mv -t /b /a",
    "mv / /b",
    "ls | xargs rm /a",
    "find /x -exec rm {} +",
    "cp /a /b",
  ])("%s: nothing that is certain", async (run) => {
    expect(await removals(run)).toEqual([]);
  });
});

describe("a removal takes a file", () => {
  const rm = { path: "/a", recursive: false, contentsOnly: false, verb: "deletes" } as const;
  const all = { ...rm, recursive: true };
  const contents = { ...rm, contentsOnly: true };
  test.each([
    ["by its name", rm, "/a", "file", true],
    ["but no folder without -r", rm, "/a", "dir", false],
    ["a folder with -r", all, "/a", "dir", true],
    ["what is below a folder", all, "/a/b/c", "file", true],
    ["below a folder, with a dot", all, "/a/.b", "file", true],
    ["not below without -r", rm, "/a/b", "file", false],
    ["not beside", all, "/ab", "file", false],
    ["all in a folder", contents, "/a/b", "file", true],
    ["in a folder, but not deeper", contents, "/a/b/c", "file", false],
    ["in a folder, but none with a dot", { ...contents, recursive: true }, "/a/.b", "file", false],
    ["deeper with -r", { ...contents, recursive: true }, "/a/b/c", "file", true],
    ["in a folder that was made", contents, "/a", "dir", true],
    ["in a folder that is a file", contents, "/a", "file", false],
    [
      "of a package manager, but not what another command made",
      { ...all, manager: "dnf" },
      "/a",
      "dir",
      false,
    ],
  ] as const)("%s", (_, removal, path, kind, wanted) => {
    expect(takes(removal, { path, kind })).toBe(wanted);
  });
});

describe("a command might take /tmp/a", () => {
  const taken = async (run: string) =>
    mightTake((await commandOf(run, "WORKDIR /w\n")).command, { path: "/tmp/a", kind: "file" });
  test.each([
    "rm /tmp/a",
    "rm -rf /tmp",
    "rm -rf /tmp/*",
    "rm -rf /tm*",
    "rm -rf /*",
    "rm $X",
    "unlink /tmp/a",
    "rmdir /tmp",
    "mv /tmp/a /x",
    "ls | xargs rm",
    "find /x -delete",
    "find $X -name y",
    "trap x EXIT",
    "$COMMAND",
  ])("%s", async (run) => {
    expect(await taken(run)).toBe(true);
  });

  test.each(["rm /tmp/b", "rm -rf /x/y*", "rm -tmp", "find /tmp -name a", "ls /tmp/a", "touch /tmp/a"])(
    "but not %s",
    async (run) => {
      expect(await taken(run)).toBe(false);
    },
  );
});
