/** ARG and ENV as a build would see them. Where builders disagree, a value is not known. */
import { describe, expect, test } from "vitest";
import { resolveBuild } from "../../src/build/resolve-build.ts";
import { Values } from "../../src/build/variable-values.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { samples, viewOf } from "../support/history-samples.ts";

/** What `$name` is at the end of the last stage. */
function valueOf(name: string, text: string): string | undefined {
  const { steps } = resolveBuild(parseDockerfile(`${text}\nRUN end`, "Dockerfile"));
  return steps.at(-1)!.scope.variables.get(name);
}

describe("the value of X", () => {
  test.each([
    ["an ARG has its default", "FROM a\nARG X=1", "1"],
    ["one without default is given from outside", "FROM a\nARG X", undefined],
    ["ENV", "FROM a\nENV X=1", "1"],
    ["a later ENV wins", "FROM a\nENV X=1\nENV X=2", "2"],
    ["the old form takes the rest of the line", 'FROM a\nENV X a  "b" c', "a  b c"],
    ["ENV wins over an ARG before it", "FROM a\nARG X=1\nENV X=2", "2"],
    ["an ARG after an ENV: builders disagree", "FROM a\nENV X=1\nARG X=2", undefined],
    ["unless both say the same", "FROM a\nENV X=1\nARG X=1", "1"],
    ["an ARG without default leaves the ENV", "FROM a\nENV X=1\nARG X", "1"],
    ["and the next ENV decides again", "FROM a\nENV X=1\nARG X=2\nENV X=3", "3"],
    ["a global ARG is not seen in a stage", "ARG X=1\nFROM a", undefined],
    ["unless it is declared there", "ARG X=1\nFROM a\nARG X", "1"],
    ["with its own default it is another one", "ARG X=1\nFROM a\nARG X=2", "2"],
    ["a global ARG may use others", "ARG Y=1\nARG X=${Y}2\nFROM a\nARG X", "12"],
    ["platforms are not known", "FROM a\nARG TARGETARCH\nARG X=$TARGETARCH", undefined],
    ["not even globally", "ARG X=v-$TARGETARCH\nFROM a\nARG X", undefined],
    ["proxies are given from outside", "FROM a\nARG HTTP_PROXY\nENV X=$HTTP_PROXY", undefined],
    ["a name that nothing sets may be the base's", "FROM a\nENV X=$Y", undefined],
    ["in one ENV all values see what was before", "FROM a\nENV Y=1\nENV Y=2 X=$Y", "1"],
    ["in one ARG each sees those before it", "FROM a\nARG Y=1 X=$Y", "1"],
    ["a stage goes on where its parent ended", "FROM a AS b\nENV X=1\nFROM b", "1"],
    ["with its ARGs", "FROM a AS b\nARG X=1\nFROM b", "1"],
    ["over several stages", "FROM a AS b\nENV X=1\nFROM b AS c\nENV Y=2\nFROM c\nENV X=$X$Y", "12"],
    ["other stages do not matter", "FROM a AS b\nENV X=1\nFROM a", undefined],
    ["siblings do not see each other", "FROM a AS b\nENV X=1\nFROM b AS c\nENV X=2\nFROM b AS d", "1"],
    ["a default in braces", "FROM a\nENV E=\nENV X=${E:-d}${E-e}${E:+f}${E+g}", "dg"],
    [
      "a cut prefix and suffix",
      "FROM a\nENV V=v1.2.3\nENV X=${V#v}-${V%%.*}-${V##*.}-${V/1/9}",
      "1.2.3-v1-3-v9.2.3",
    ],
    ["single quotes keep the dollar", "FROM a\nENV Y=1\nENV X='$Y'", "$Y"],
    ["so does an escape", "FROM a\nENV Y=1\nENV X=\\$Y", "$Y"],
    ["double quotes do not", 'FROM a\nENV Y=1\nENV X="a $Y"', "a 1"],
    ["the escape directive", "# escape=`\nFROM a\nENV Y=1\nENV X=C:\\dir\\`$Y", "C:\\dir\\$Y"],
    ["over a continuation", "FROM a\nENV Y=1 \\\n  # why\n  X=2", "2"],
    ["a name made of another", "FROM a\nENV N=X\nENV $N=1", "1"],
  ])("%s", (_, text, expected) => {
    expect(valueOf("X", text)).toBe(expected);
  });
});

describe("what FROM sees", () => {
  test.each([
    ["ARG V=1\nFROM a:$V", "a:1"],
    ["ARG V=1\nFROM a:${V:-2}", "a:1"],
    ["FROM a:${V:-2}", "a:2"],
    ["ARG V\nFROM a:$V", undefined],
    ["ARG V=1\nARG V=2\nFROM a:$V", "a:2"],
    ["ARG V=1\nFROM x\nARG V=2\nFROM a:$V", "a:1"],
    ["FROM x\nENV V=1\nFROM a:${V:-none}", "a:none"],
    ["FROM x-$TARGETOSVERSION", undefined],
  ])("%j → %s", (text, expected) => {
    expect(parseDockerfile(text, "Dockerfile").stages.at(-1)!.expandedImage).toBe(expected);
  });
});

describe("USER, WORKDIR and SHELL", () => {
  test.each([
    ["WORKDIR /a\nWORKDIR b/../c", "/a/c"],
    ["ENV D=/x\nWORKDIR ${D}/y", "/x/y"],
    ['WORKDIR "/a b"', "/a b"],
    ["WORKDIR /a\nWORKDIR C:\\app", undefined],
    ["WORKDIR $NOPE", undefined],
  ])("%j → %s", (text, expected) => {
    expect(resolveBuild(parseDockerfile(`FROM a\n${text}\nRUN end`, "D")).steps.at(-1)!.scope.workdir).toBe(
      expected,
    );
  });
});

describe("what real builders recorded", () => {
  /** Values that were given on the command line. */
  const given = new Set(["GIVEN", "NO_PROXY"]);
  const buildkit = samples.filter(({ builder }) => builder.includes("BuildKit"));

  test.each(buildkit.map((sample) => [sample.name, sample] as const))("%s", (_, sample) => {
    const { steps } = viewOf(sample.text);
    const entries = sample.history.slice(sample.fromHistory);
    let compared = 0;
    entries.forEach(({ createdBy = "" }, i) => {
      const step = steps.find(({ instruction }) => instruction.line === sample.lines[i]);
      if (step === undefined) return;
      const { scope, instruction } = step;
      const run = /^RUN \|\d+ ([^]*) # buildkit$/.exec(createdBy)?.[1];
      for (const [name, value] of scope.args) {
        if (run === undefined || value === undefined || given.has(name)) continue;
        expect(` ${run}`).toContain(` ${name}=${value} `);
        compared++;
      }
      const after = steps[steps.indexOf(step) + 1]?.scope;
      if (instruction.keyword === "ENV" && after !== undefined) {
        const values = instruction.pairs.map(({ name }) => `${name}=${after.env.get(name)}`);
        expect(createdBy).toBe(`ENV ${values.join(" ")}`);
        compared++;
      }
      if (instruction.keyword === "WORKDIR" && after?.workdir !== undefined) {
        expect(createdBy).toBe(`WORKDIR ${after.workdir}`);
        compared++;
      }
    });
    if (/^(?:ENV|WORKDIR \/|ARG \w+=)/m.test(sample.text.replace(/^ARG[^]*?(?=FROM)/, "")))
      expect(compared).toBeGreaterThan(0);
  });
});

describe("views of one line of changes", () => {
  test("see what was set up to them", () => {
    const one = Values.none.with([["a", "1"]]);
    const two = one.with([
      ["a", "2"],
      ["b", undefined],
    ]);
    const other = one.with([["c", "3"]]);
    const empty = Values.none.with([["z", "1"]]);
    expect([...one]).toEqual([["a", "1"]]);
    expect([...two]).toEqual([
      ["a", "2"],
      ["b", undefined],
    ]);
    expect([...other.keys()]).toEqual(["a", "c"]);
    expect([...empty.values()]).toEqual(["1"]);
    expect([one.has("b"), two.has("b"), two.get("b"), two.size, Values.none.size]).toEqual([
      false,
      true,
      undefined,
      2,
      0,
    ]);
  });
});
