import { describe, expect, test } from "vitest";
import { allRules } from "../../rules/index.ts";
import { collect } from "../../src/lint/collect.ts";
import { locationInFile } from "../../src/lint/locate.ts";
import { chooseRules } from "../../src/lint/settings.ts";
import { subjectOf, type SubjectSketch } from "../support/subject.ts";

const apt = "RUN apt-get update && apt-get install -y curl";

/** What is still found, as `rule:line`, and how much is not. */
async function lint(sketch: string | SubjectSketch) {
  const subject = await subjectOf(typeof sketch === "string" ? { dockerfile: sketch } : sketch);
  const rules = chooseRules(allRules, { only: [], skip: [], severity: [] });
  const { findings, suppressed, failures } = collect(subject, {
    rules,
    known: allRules,
    failOn: "never",
    budget: undefined,
  });
  expect(failures).toEqual([]);
  const file = subject.dockerfile!.file;
  const found = findings.map(({ rule, finding }) => {
    const place = locationInFile(finding.locations, subject);
    return `${rule.rule.id}:${place === undefined ? "-" : file.positionAt(place.start).line}`;
  });
  return {
    found: found.filter((text) => /^(?:leftover-cache|invalid-ignore|deleted-later)/.test(text)),
    suppressed,
  };
}

test("without a comment both are found", async () => {
  expect(await lint(`FROM debian\n${apt}\n${apt}\n`)).toEqual({
    found: ["leftover-cache:2", "leftover-cache:3"],
    suppressed: 0,
  });
});

describe("ignore= silences its rules in the next instruction only", () => {
  test.each([
    ["right above", "# layerlint ignore=leftover-cache"],
    ["with a reason", "# layerlint ignore=leftover-cache -- the cache, is wanted"],
    ["among others, with blanks", "#  Layerlint  ignore = secret-in-layer , leftover-cache"],
    ["by another linter's name", "# layerlint ignore=dl3009"],
    ["behind blanks and other comments", "\t# layerlint ignore=DL3009\n\n# about apt\n"],
    ["in hadolint's words", "# hadolint ignore=DL3008,DL3009"],
    ["in hadolint's words, with a reason", "# hadolint ignore=DL3009 -- wanted"],
    [
      "in hadolint's words, with a reason as hadolint takes it",
      "# hadolint ignore=DL3009  # a later step reads it",
    ],
    ["with a carriage return", "# layerlint ignore=leftover-cache\r"],
  ])("%s", async (_, comment) => {
    const { found, suppressed } = await lint(`FROM debian\n${comment}\n${apt}\n${apt}\n`);
    expect(found).toHaveLength(1);
    expect(suppressed).toBe(1);
  });

  test("a comment among continuation lines applies to the whole instruction", async () => {
    const text = `FROM debian\nRUN apt-get update && \\\n    # layerlint ignore=leftover-cache -- wanted\n    apt-get install -y curl\n${apt}\n`;
    expect(await lint(text)).toEqual({ found: ["leftover-cache:5"], suppressed: 1 });
  });

  test("a comment line in a heredoc script applies to its RUN", async () => {
    const text = `FROM debian\nRUN <<EOF\napt-get update\n# layerlint ignore=leftover-cache\napt-get install -y curl\nEOF\n${apt}\n`;
    expect(await lint(text)).toEqual({ found: ["leftover-cache:7"], suppressed: 1 });
  });

  test("a comment in a file that COPY writes belongs to the file", async () => {
    const text = `FROM debian\nCOPY <<EOF /x\n# layerlint ignore=leftover-cache\nEOF\n${apt}\n`;
    expect(await lint(text)).toEqual({ found: ["leftover-cache:5"], suppressed: 0 });
  });

  test("another rule is not silenced by it", async () => {
    const { found } = await lint(`FROM debian\n# layerlint ignore=deleted-later\n${apt}\n`);
    expect(found).toEqual(["leftover-cache:3"]);
  });
});

describe("ignore-file= silences its rules everywhere", () => {
  test.each([
    "# layerlint ignore-file=leftover-cache -- a builder image",
    "# layerlint ignore-file",
    "# layerlint ignore-file -- generated",
    "# hadolint global ignore=DL3009",
  ])("%s", async (comment) => {
    for (const text of [
      `${comment}\nFROM debian\n${apt}\n${apt}\n`,
      `FROM debian\n${apt}\n${apt}\n${comment}\n`,
    ])
      expect(await lint(text)).toEqual({ found: [], suppressed: 2 });
  });

  test.each(["# layerlint ignore-file=", "# hadolint global ignore=", "# check=skip="])(
    "an empty list silences nothing: %s",
    async (comment) => {
      const { found, suppressed } = await lint(`${comment}\nFROM debian\n${apt}\n`);
      expect(found).toContain("leftover-cache:3");
      expect(suppressed).toBe(0);
    },
  );
});

describe("hadolint's stage ignore= silences its rules in the stage whose FROM follows", () => {
  test("and in no other", async () => {
    const text = `FROM debian AS a\n${apt}\n# hadolint stage ignore=DL3009 # of b\n\nFROM a AS b\n${apt}\n${apt}\nFROM b\n${apt}\n`;
    expect(await lint(text)).toEqual({ found: ["leftover-cache:2", "leftover-cache:9"], suppressed: 2 });
  });

  test("above another instruction it is reported", async () => {
    const text = `FROM debian\n# hadolint stage ignore=DL3009\n${apt}\n`;
    const { found, suppressed } = await lint(text);
    expect([found.toSorted(), suppressed]).toEqual([["invalid-ignore:2", "leftover-cache:3"], 0]);
  });
});

describe("the check directive of BuildKit", () => {
  const twice = (directive: string) => `${directive}\nFROM debian\n${apt}\n`;
  const named = allRules.map((rule) =>
    rule.id === "leftover-cache" ? { ...rule, aliases: [...rule.aliases, "UndefinedVar"] } : rule,
  );
  const count = async (text: string) => {
    const rules = chooseRules(named, { only: ["leftover-cache"], skip: [], severity: [] });
    const subject = await subjectOf({ dockerfile: text });
    return collect(subject, { rules, known: named, failOn: "never", budget: undefined }).suppressed;
  };

  test.each([
    "# check=skip=UndefinedVar",
    "# check=skip=StageNameCasing, UndefinedVar;error=true",
    "#check = error=true; skip=undefinedvar",
    "# syntax=docker/dockerfile:1\n# check=skip=all",
  ])("%s", async (directive) => {
    expect(await count(twice(directive))).toBe(1);
  });

  test("only error= silences nothing", async () => {
    expect(await count(twice("# check=error=true"))).toBe(0);
  });

  test.each([
    ["above the instruction", `FROM debian\n# check=skip=UndefinedVar\n${apt}\n${apt}\n`, 1],
    ["with a reason", `FROM debian\n# check=skip=StageNameCasing,UndefinedVar // wanted\n${apt}\n`, 1],
    ["with blank lines and comments between", `FROM debian\n# check = skip=all\n\n# apt\n${apt}\n`, 1],
    ["above another instruction", `\n# check=skip=UndefinedVar\nFROM debian\n${apt}\n`, 0],
    ["names behind a blank", `FROM debian\n# check=skip=StageNameCasing, UndefinedVar\n${apt}\n`, 0],
    [
      "inside the instruction",
      `FROM debian\nRUN apt-get update && \\\n# check=skip=all\n${apt.slice(22)}\n`,
      0,
    ],
  ])("%s", async (_, text, wanted) => {
    expect(await count(text)).toBe(wanted);
  });
});

describe("ignore-start= and ignore-end= silence their rules between them", () => {
  test("from the one to the other", async () => {
    const text = `FROM debian\n${apt}\n# layerlint ignore-start=leftover-cache -- all of it\n${apt}\n${apt}\n# layerlint ignore-end=leftover-cache\n${apt}\n`;
    expect(await lint(text)).toEqual({ found: ["leftover-cache:2", "leftover-cache:7"], suppressed: 2 });
  });

  test("an end without rules ends all, one with rules only those", async () => {
    const start = "# layerlint ignore-start=leftover-cache\n# layerlint ignore-start=deleted-later\n";
    const all = await lint(`FROM debian\n${start}${apt}\n# layerlint ignore-end\n${apt}\n`);
    expect(all).toEqual({ found: ["leftover-cache:6"], suppressed: 1 });
    const one = await lint(`FROM debian\n${start}${apt}\n# layerlint ignore-end=deleted-later\n${apt}\n`);
    expect(one.suppressed).toBe(2);
    expect(one.found).toEqual(["invalid-ignore:2"]);
  });
});

describe("findings about layers", () => {
  const dockerfile = (comment: string) =>
    `FROM debian\n${comment}COPY big /big\nRUN echo x > /small\nRUN rm /big\n`;
  const layers = ["big(5MB)", "small(2)", ".wh.big"];

  test("are silenced at the instruction that made the layer", async () => {
    expect((await lint({ dockerfile: dockerfile(""), layers })).found).toEqual(["deleted-later:2"]);
    const comment = "# layerlint ignore=deleted-later -- known\n";
    expect(await lint({ dockerfile: dockerfile(comment), layers })).toEqual({ found: [], suppressed: 1 });
  });

  test("and at no other", async () => {
    const text = dockerfile("").replace("RUN echo", "# layerlint ignore=deleted-later\nRUN echo");
    expect((await lint({ dockerfile: text, layers })).found).toEqual(["deleted-later:2"]);
  });

  test("which only add a note to another are not counted as suppressed", async () => {
    const moved = {
      dockerfile:
        "FROM debian\nCOPY big /big\n# layerlint ignore=deleted-later,moved-later\nRUN mv /big /moved\n",
      layers: ["big(5MB,same)", ".wh.big moved(5MB,same)"],
    };
    expect(await lint(moved)).toEqual({ found: [], suppressed: 1 });
  });

  test("of an image that another Dockerfile made are not", async () => {
    const comment = "# layerlint ignore-file\n";
    const builtFrom = "FROM debian\nCOPY other /big\nRUN echo other\nRUN something else\n";
    const { found } = await lint({ dockerfile: dockerfile(comment), layers, builtFrom });
    expect(found).toContain("deleted-later:-");
  });
});

describe("a pair of instructions is silenced at either end", () => {
  const rm = "RUN rm -rf /var/lib/apt/lists/*";
  test.each([
    ["the one that adds", "# layerlint ignore=deleted-later\n", ""],
    ["the one that deletes", "", "# layerlint ignore=deleted-later -- kept apart on purpose\n"],
    ["in hadolint's words, where the lists are fetched", "# hadolint ignore=DL3008,DL3009\n", ""],
    ["in hadolint's words, where they are removed", "", "# hadolint ignore=DL3009\n"],
    ["by the alias", "# layerlint ignore=dl3009\n", ""],
  ])("%s", async (_, adder, remover) => {
    const text = `FROM debian\n${adder}${apt}\n${remover}${rm}\n`;
    expect(await lint(text)).toEqual({ found: [], suppressed: 1 });
  });

  test("another linter's name for a cache does not silence what is no cache", async () => {
    const text = `FROM debian\n# hadolint ignore=DL3009\nRUN curl -o /x.tgz https://example.com/x.tgz\nRUN rm /x.tgz\n`;
    expect(await lint(text)).toEqual({ found: ["deleted-later:3"], suppressed: 0 });
  });
});

describe("no edit touches an instruction that a comment silences for the rule", () => {
  const offered = async (dockerfile: string) => {
    const subject = await subjectOf({ dockerfile });
    const rules = chooseRules(allRules, { only: ["leftover-cache"], skip: [], severity: [] });
    const { findings } = collect(subject, { rules, known: allRules, failOn: "never", budget: undefined });
    return findings.flatMap(({ finding }) => finding.fixes ?? []).map(({ description }) => description);
  };
  const install = "RUN apt-get install -y git\n";

  test("the update that a later RUN would get", async () => {
    expect(await offered(`FROM debian\n${apt}\n${install}`)).toContain(
      "append rm -rf /var/lib/apt/lists/* to line 2",
    );
    for (const comment of ["# layerlint ignore=leftover-cache\n", "# hadolint ignore=DL3009\n"])
      expect(await offered(`FROM debian\n${apt}\n${comment}${install}`)).not.toContain(
        "append rm -rf /var/lib/apt/lists/* to line 2",
      );
  });

  test("a comment for another rule has no effect on the edit", async () => {
    expect(await offered(`FROM debian\n${apt}\n# layerlint ignore=deleted-later\n${install}`)).toContain(
      "append rm -rf /var/lib/apt/lists/* to line 2",
    );
  });
});
