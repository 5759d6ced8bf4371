import { describe, expect, test } from "vitest";
import { changeBy } from "../../src/analysis/ownership/permission-change.ts";
import { subjectOf } from "../support/subject.ts";

/** What a command changes, as text: the flag of COPY, and the paths. */
async function change(run: string): Promise<string | undefined> {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\nWORKDIR /w\nRUN ${run}\n` });
  const found = changeBy(dockerfile!.steps.at(-1)!.script!.commands.at(-1)!);
  if (found === undefined) return undefined;
  const { flag, value, keeps, recursive, operands } = found;
  const paths = operands.map(({ path }) => path).join(" ");
  return `${flag}=${value}${recursive ? " -R" : ""}${keeps === undefined ? "" : ` without ${keeps}`} ${paths}`;
}

describe("a change of owner or mode that a flag of COPY can make", () => {
  test.each([
    ["chown 1:2 /a b", "chown=1:2 /a /w/b"],
    ["chown app /a", "chown=app:0 without group /a"],
    ["chown app: /a", "chown=app /a"],
    ["chown :app /a", "chown=0:app without user /a"],
    ["chgrp -v app /a", "chown=0:app without user /a"],
    ["chown $U:${G} /a", "chown=$U:${G} /a"],
    ['chown "$U:$G" /a', "chown=$U:$G /a"],
    ["chmod '755' /a", "chmod=755 /a"],
    ["chmod -R 0755 /a", "chmod=0755 -R /a"],
    ["chmod --recursive --changes +x /a", "chmod=+x -R /a"],
    ["chmod u+x,go+rw,-w /a", "chmod=u+x,go+rw,-w /a"],
  ])("%s", async (run, wanted) => {
    expect(await change(run)).toBe(wanted);
  });

  test.each([
    ["of another command", "touch /a"],
    ["of another user", "sudo chown 1 /a"],
    ["whose output goes to a file", "chown -v 1 /a > /x"],
    ["of files that a glob names", "chown 1 /a/*"],
    ["of a path that is a variable", "chown 1 $X"],
    ["of links", "chown -h 1 /a"],
    ["with an option that only ends like a known one", "chmod --not-c 755 /a"],
    ["without an owner", "chown : /a"],
    ["to the login group of a number", "chown 1: /a"],
    ["to what a command prints", "chown $(id -u) /a"],
    ["to a value that is partly in quotes", 'chown a"$X" /a'],
    ["to a value that goes on behind its quotes", 'chown "$X"b /a'],
    ["to a mode of five digits", "chmod 07555 /a"],
    ["to a mode of one digit", "chmod 7 /a"],
    ["to digits behind a letter", "chmod u755 /a"],
    ["of others than user, group and all", "chmod u+x,y+x /a"],
    ["by an unknown letter", "chmod u+x,g+z /a"],
    ["to the mode of a file", "chmod --reference=/b /a"],
  ])("none %s", async (_, run) => {
    expect(await change(run)).toBeUndefined();
  });
});
