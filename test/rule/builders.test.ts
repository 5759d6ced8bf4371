import type { Keyword } from "../../src/dockerfile/dockerfile.ts";
import { describe, expect, test } from "vitest";
import { commandRule } from "../../src/rule/command-rule.ts";
import type { Finding, RuleMeta } from "../../src/rule/contract.ts";
import { imageConfigRule } from "../../src/rule/image-config-rule.ts";
import { instructionPairRule, instructionRule } from "../../src/rule/instruction-rule.ts";
import { stageRule } from "../../src/rule/stage-rule.ts";
import { findingsOf } from "../support/subject.ts";

const meta = {
  id: "r",
  aliases: [],
  category: "correctness",
  severity: "warning",
  docs: { summary: "s", what: "w", why: "y", bad: [], good: [], fix: "f" },
} satisfies RuleMeta;

const linesOf = (findings: readonly Finding[]) =>
  findings.map(({ locations: [first] }) => first?.instruction?.line);
const textAt = (text: string, { locations: [first] }: Finding) =>
  text.slice(first?.range?.start ?? 0, first?.range?.end ?? 0);

describe("instructionRule", () => {
  const twoStages = "FROM a AS unused\nUSER x\nFROM b\nUSER y\nRUN id\n";

  test("calls find for the keywords only, in every stage", async () => {
    const rule = instructionRule({
      ...meta,
      reads: "dockerfile",
      keywords: ["USER"],
      find: ({ instruction }) => ({ message: instruction.body, advice: "a" }),
    });
    const findings = await findingsOf(rule, { dockerfile: twoStages });
    expect(findings.map(({ message, evidence }) => [message, evidence])).toEqual([
      ["x", "dockerfile"],
      ["y", "dockerfile"],
    ]);
  });

  test("leaves out stages that are not run or not exported", async () => {
    const find = () => ({ message: "m", advice: "a" });
    const needed = instructionRule({
      ...meta,
      reads: "dockerfile",
      onlyNeeded: true,
      keywords: ["USER"],
      find,
    });
    expect(linesOf(await findingsOf(needed, { dockerfile: twoStages }))).toEqual([4]);
    const built = instructionRule({ ...meta, reads: "build", keywords: ["USER"], find });
    expect(linesOf(await findingsOf(built, { dockerfile: twoStages }))).toEqual([4]);
  });

  test("a rule that reads the build is silent beside the image of another Dockerfile, and given its own", async () => {
    const rule = instructionRule({
      ...meta,
      reads: "build",
      keywords: ["RUN"],
      find: (_, { image }) => ({ message: `${image?.image.layers.length ?? "no"} layers`, advice: "a" }),
    });
    const sketch = { dockerfile: "FROM scratch\nRUN make\n", layers: ["a(1)"] };
    const messages = async (more: object) =>
      (await findingsOf(rule, { ...sketch, ...more })).map(({ message }) => message);
    expect(await messages({})).toEqual(["1 layers"]);
    expect(await messages({ builtFrom: "FROM scratch\nCOPY other /\n" })).toEqual([]);
  });
});

describe("instructionPairRule", () => {
  const dockerfile =
    "FROM a AS one\nRUN 1\nFROM b\nRUN 2\nRUN 3\nUSER x\nRUN 4\nCMD c\nCMD d\nUSER y\nCMD e\nUSER z\n";
  const pairs = async (pair: "next" | "last", keywords: readonly Keyword[]) => {
    const rule = instructionPairRule({
      ...meta,
      reads: "dockerfile",
      keywords,
      pair,
      find: (first, second) => ({
        message: `${first.instruction.line} ${second.instruction.line}`,
        advice: "a",
      }),
    });
    return (await findingsOf(rule, { dockerfile })).map(({ message }) => message);
  };

  test("next: neighbours of one stage, like consecutive RUNs", async () => {
    expect(await pairs("next", ["RUN"])).toEqual(["4 5"]);
  });

  test("last: each of a kind with the last of its kind", async () => {
    expect(await pairs("last", ["CMD", "USER"])).toEqual(["6 12", "8 11", "9 11", "10 12"]);
  });
});

describe("commandRule", () => {
  const dockerfile = "FROM a\nRUN curl 1 && sudo curl 2 && wget 3\nRUN echo curl\nRUN curl 4\n";

  test("the finding is at the command, also inside wrappers", async () => {
    const rule = commandRule({
      ...meta,
      reads: "dockerfile",
      commands: ["curl"],
      find: ({ args }) => ({ message: `curl ${args[0]?.text}`, advice: "a" }),
    });
    const findings = await findingsOf(rule, { dockerfile });
    expect(findings.map(({ message }) => message)).toEqual(["curl 1", "curl 2", "curl 4"]);
    expect(findings.map((finding) => textAt(dockerfile, finding))).toEqual([
      "curl 1",
      "sudo curl 2",
      "curl 4",
    ]);
  });

  test("oncePerRun: the first that is found", async () => {
    const rule = commandRule({
      ...meta,
      reads: "dockerfile",
      oncePerRun: true,
      find: ({ args: [first] }) =>
        first?.text === "1" ? undefined : { message: `${first?.text}`, advice: "a" },
    });
    const findings = await findingsOf(rule, { dockerfile });
    expect(findings.map(({ message }) => message)).toEqual(["2", "curl", "4"]);
  });
});

test("stageRule: the finding is at the FROM", async () => {
  const rule = stageRule({
    ...meta,
    find: ({ stage, needed }) => (needed ? undefined : { message: stage.image, advice: "a" }),
  });
  const findings = await findingsOf(rule, { dockerfile: "FROM a\nUSER x\nFROM b\nUSER y\n" });
  expect(findings.map(({ message }) => message)).toEqual(["a"]);
  expect(linesOf(findings)).toEqual([1]);
});

describe("imageConfigRule", () => {
  const rule = imageConfigRule({
    ...meta,
    options: { allow: { type: "list", default: ["app"], summary: "s" } },
    keyword: "USER",
    find: ({ user }, _, { allow }) =>
      allow.includes(user) ? undefined : { message: `the user is ${user || "root"}`, advice: "a" },
  });
  const layers = ["a(1)"];

  test("without the Dockerfile it is at the image", async () => {
    const [finding] = await findingsOf(rule, { layers });
    expect(finding).toMatchObject({ message: "the user is root", evidence: "layers", locations: [] });
    expect(await findingsOf(rule, { layers, config: { user: "app" } })).toEqual([]);
    expect(await findingsOf(rule, { layers, config: { user: "app" } }, { allow: [] })).toHaveLength(1);
  });

  test("with it, at the last instruction that sets it", async () => {
    const sketch = { layers, config: { user: "0" } };
    const [finding] = await findingsOf(rule, {
      ...sketch,
      dockerfile: "FROM scratch\nUSER x\nCOPY a /\nUSER 0\n",
    });
    expect(finding?.evidence).toBe("both");
    expect(linesOf([finding!])).toEqual([4]);
    const other = await findingsOf(rule, {
      ...sketch,
      dockerfile: "FROM scratch\nCOPY a /\nUSER 0\n",
      builtFrom: "FROM scratch\nRUN other\n",
    });
    expect(other[0]).toMatchObject({ evidence: "layers", locations: [] });
  });
});
