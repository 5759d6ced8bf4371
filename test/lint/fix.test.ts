import { describe, expect, test } from "vitest";
import { defineRule, type Fix, type Rule, type Step, type Subject } from "../../src/rule/contract.ts";
import { fixDockerfile } from "../../src/lint/fix-dockerfile.ts";
import { allRules } from "../../rules/index.ts";
import { chooseRules, type Settings } from "../../src/lint/settings.ts";
import { subjectOf } from "../support/subject.ts";

/** A rule that finds RUNs with a word in them, and offers what `fixesFor` says. */
function rule(id: string, word: string, fixesFor: (step: Step) => Fix[]): Rule {
  const docs = { summary: "s", what: "w", why: "y", bad: [], good: [], fix: "f" };
  return defineRule({
    id,
    aliases: [],
    category: "size",
    severity: "warning",
    reads: "dockerfile",
    docs,
    *check({ dockerfile }) {
      for (const step of dockerfile.steps) {
        if (step.instruction.keyword !== "RUN" || !step.instruction.body.includes(word)) continue;
        const { instruction } = step;
        yield {
          message: `${id} in line ${instruction.line}`,
          advice: "a",
          evidence: "dockerfile",
          locations: [{ instruction }],
          fixes: fixesFor(step),
        };
      }
    },
  });
}

function replaceBody(step: Step, text: string, safety: Fix["safety"] = "safe"): Fix {
  const { start, end } = step.instruction.argsRange;
  const edits = [{ start, end, text }];
  return safety === "safe"
    ? { description: "d", safety, edits }
    : { description: "d", safety, condition: "c", edits };
}

async function fix(subject: Subject, rules: readonly Rule[], unsafe = false) {
  const settings: Settings = {
    rules: rules.map((each) => ({ rule: each, severity: each.severity, options: {} })),
    failOn: "warning",
    budget: undefined,
  };
  return fixDockerfile(subject, { settings, targets: { dockerfile: 0, image: undefined }, unsafe });
}

const old = rule("old", "old", (step) => [replaceBody(step, "new")]);

describe("fixing a Dockerfile", () => {
  test("goes on until nothing is left, also when fixes touch", async () => {
    const subject = await subjectOf({ dockerfile: "FROM x\nRUN a1 b1\n" });
    const a = rule("a", "a1", (step) => [replaceBody(step, step.instruction.body.replace("a1", "a2"))]);
    const b = rule("b", "b1", (step) => [replaceBody(step, step.instruction.body.replace("b1", "b2"))]);
    const { text, applied } = await fix(subject, [a, b]);
    expect(text).toBe("FROM x\nRUN a2 b2\n");
    expect(applied.map((each) => each.rule)).toEqual(["a", "b"]);
  });

  test("the same edit by two rules is applied once", async () => {
    const subject = await subjectOf({ dockerfile: "FROM x\nRUN old\n" });
    const twin = rule("twin", "old", (step) => [replaceBody(step, "new")]);
    const { text, resolved } = await fix(subject, [old, twin]);
    expect(text).toBe("FROM x\nRUN new\n");
    expect(resolved.size).toBe(2);
  });

  test("unsafe fixes need a request, and the first allowed fix is applied", async () => {
    const subject = await subjectOf({ dockerfile: "FROM x\nRUN old\n" });
    const both = rule("both", "old", (step) => [
      replaceBody(step, "unsafe", "unsafe"),
      replaceBody(step, "safe"),
    ]);
    expect((await fix(subject, [both])).text).toBe("FROM x\nRUN safe\n");
    expect((await fix(subject, [both], true)).text).toBe("FROM x\nRUN unsafe\n");
  });

  test("a fix that would break the file is not applied", async () => {
    const subject = await subjectOf({ dockerfile: "FROM x\nRUN old\nUSER u\n" });
    const breaking = rule("breaking", "old", (step) => [replaceBody(step, "new \\")]);
    const { text, applied, resolved } = await fix(subject, [breaking]);
    expect(text).toBe("FROM x\nRUN old\nUSER u\n");
    expect([applied.length, resolved.size]).toEqual([0, 0]);
  });

  test("a file that does not parse stays as it is", async () => {
    const text = "FROM x\nRUN old\nRUNN y\n";
    expect((await fix(await subjectOf({ dockerfile: text }), [old])).text).toBe(text);
  });

  test("fixes that never converge are a bug that names the rules", async () => {
    const subject = await subjectOf({ dockerfile: "FROM x\nRUN ping\n" });
    const ping = rule("ping", "ping", (step) => [replaceBody(step, "pong")]);
    const pong = rule("pong", "pong", (step) => [replaceBody(step, "ping")]);
    await expect(fix(subject, [ping, pong])).rejects.toThrow(/ping, pong|pong, ping/);
  });

  test("with an image, only rules that waited for each other go on without its layers", async () => {
    const subject = await subjectOf({ dockerfile: "FROM x\nRUN old\n", layers: ["a(1)"] });
    const onText = rule("on-text", "new", (step) => [replaceBody(step, "predicted")]);
    expect((await fix(subject, [old, onText])).text).toBe("FROM x\nRUN new\n");
    const a = rule("a", "old", (step) => [replaceBody(step, "old1 a")]);
    const b = rule("b", "old", (step) => [replaceBody(step, "b")]);
    const { text, resolved } = await fix(subject, [a, b]);
    expect(text).toBe("FROM x\nRUN b\n");
    expect(resolved.size).toBe(2);
  });
});

describe("fixes of several rules for the same RUN are compatible", () => {
  const everything = async (dockerfile: string) => {
    const rules = chooseRules(allRules, { preset: "strict", only: [], skip: [], severity: [] });
    const { text } = await fixDockerfile(await subjectOf({ dockerfile }), {
      settings: { rules, failOn: "never", budget: undefined },
      targets: { dockerfile: 0, image: undefined },
      unsafe: true,
    });
    return text;
  };
  const from = `FROM debian@sha256:${"0".repeat(64)}\n`;

  test("no command empties a cache that was mounted in the same round", async () => {
    const apt = await everything(`${from}RUN apt-get update && apt-get install -y git\n`);
    expect(apt).toContain("--mount=type=cache,target=/var/lib/apt");
    expect(apt).not.toContain("rm -rf /var/lib/apt/lists");
    const npm = await everything(`${from}RUN npm install -g serve\n`);
    expect(npm).toBe(`${from}RUN --mount=type=cache,target=/root/.npm npm install -g serve\n`);
  });

  test("no flag leaves a mounted cache unused, and no cleaner fails at a mount point", async () => {
    expect(await everything(`${from}RUN pip install x\n`)).toBe(`${from}RUN pip install --no-cache-dir x\n`);
    expect(await everything(`${from}RUN go mod download\n`)).not.toMatch(/--mount.*go clean/);
  });

  test("safe fixes of several rules still go together", async () => {
    const text = await everything(`${from}RUN useradd -u 1000000 x && pip install y\n`);
    expect(text).toBe(`${from}RUN useradd -l -u 1000000 x && pip install --no-cache-dir y\n`);
  });
});
