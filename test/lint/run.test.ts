/** What the engine makes of the findings of all rules: one list, in the order in which it is read. */
import { describe, expect, test } from "vitest";
import { toBytes } from "../../src/byte-path.ts";
import type { Entry } from "../../src/image/image.ts";
import type { TargetIndexes } from "../../src/lint/locate.ts";
import { runRules } from "../../src/lint/run.ts";
import type { Settings } from "../../src/lint/settings.ts";
import {
  defineRule,
  type Finding,
  type SourceLocation,
  type Rule,
  type Subject,
} from "../../src/rule/contract.ts";
import { subjectOf } from "../support/subject.ts";

/** A rule that finds what `findings` says, whatever it looks at. */
function rule(id: string, findings: (subject: Subject) => readonly Partial<Finding>[]): Rule {
  return defineRule({
    id,
    aliases: [],
    category: "size",
    severity: "error",
    reads: "either",
    docs: { summary: "s", what: "w", why: "y", bad: [], good: [], fix: "f" },
    *check(subject) {
      for (const finding of findings(subject))
        yield { message: id, advice: "a", evidence: "layers", locations: [], ...finding };
    },
  });
}

function settingsOf(...rules: readonly Rule[]): Settings {
  return {
    rules: rules.map((each) => ({ rule: each, severity: each.severity, options: {} })),
    failOn: "never",
    budget: undefined,
  };
}

describe("findings are ordered", async () => {
  const dockerfile = "FROM a\nCOPY one /one\nCOPY two /two\n";
  const linked = await subjectOf({ dockerfile, layers: ["one(1)", "two(1)"] });
  const { instructions } = linked.dockerfile!.file;
  const bare = await subjectOf({ layers: ["one(1)", "two(1)", "three(1)"] });
  /** Messages in the order of the report; `same` is found by two rules. */
  const order = (
    subject: Subject,
    findings: readonly Partial<Finding>[],
    targets: TargetIndexes = { dockerfile: 0, image: 1 },
  ) => {
    const rules = [
      rule("b", () => findings),
      rule("a", () => findings.filter(({ message }) => message === "same")),
    ];
    return runRules(subject, settingsOf(...rules), targets).findings.map(({ finding }) =>
      finding.message === "same" ? `same of ${finding.rule}` : finding.message,
    );
  };
  const at = (message: string, place: SourceLocation, more: Partial<Finding> = {}) => ({
    message,
    locations: [place],
    ...more,
  });

  test("by target, in the order in which they were given", async () => {
    const based = await subjectOf({ dockerfile, layers: ["base(1)", "one(1)", "two(1)"], base: 1 });
    const findings = [at("image", { layer: 0 }), at("line 3", { instruction: instructions[2]! })];
    expect(order(based, findings)).toEqual(["line 3", "image"]);
    expect(order(based, findings, { dockerfile: 1, image: 0 })).toEqual(["image", "line 3"]);
  });

  test("by line, also when a layer gives the line", () => {
    const line3 = at("line 3", { layer: 1 });
    const others = [2, 1].map((line) => at(`line ${line}`, { instruction: instructions[line - 1]! }));
    expect(order(linked, [line3, ...others])).toEqual(["line 1", "line 2", "line 3"]);
  });

  test("by layer where there is no line, the whole image first", () => {
    const layers = [2, 0, 1].map((layer) => at(`layer ${layer}`, { layer }));
    expect(order(bare, [...layers, { message: "image", locations: [] }])).toEqual([
      "image",
      "layer 0",
      "layer 1",
      "layer 2",
    ]);
  });

  test("of one place by severity, then by bytes, then by rule", () => {
    const place = { layer: 0 };
    const findings = [
      at("same", place),
      at("few", place, { bytes: 1 }),
      at("info", place, { severity: "info", bytes: 9 }),
      at("warning", place, { severity: "warning" }),
      at("many", place, { bytes: 2 }),
      at("none", place, { bytes: 0 }),
    ];
    expect(order(bare, findings)).toEqual([
      "many",
      "few",
      "none",
      "same of a",
      "same of b",
      "warning",
      "info",
    ]);
  });
});

test("a finding is at most as severe as its rule", async () => {
  const findings: Partial<Finding>[] = [{}, { severity: "error" }, { severity: "info" }];
  const { rules, ...others } = settingsOf(rule("r", () => findings));
  const settings: Settings = { ...others, rules: rules.map((each) => ({ ...each, severity: "warning" })) };
  const subject = await subjectOf({ layers: ["a(1)"] });
  const results = runRules(subject, settings, { dockerfile: undefined, image: 0 });
  expect(results.findings.map(({ finding }) => finding.severity)).toEqual(["warning", "warning", "info"]);
});

describe("what rules find about a secret", async () => {
  const key = (layer: number, path: string) => ({ locations: [{ layer, path: toBytes(path) }] });
  const subject = await subjectOf({ layers: ["key(9) other(5)", ".wh.key"] });
  const [entry, other] = subject.image!.image.layers[0]!.entries;
  const fix = { description: "drop", safety: "safe", operation: "drop-dead" } as const;
  const secret = { ...rule("secret", () => [key(0, "key")]), category: "security" } as const;
  const results = (inodes: readonly Entry[]) => {
    const size = rule("size", () => [
      { message: "deleted", fixes: [fix], inodes: inodes.map((each) => ({ layer: 0, entry: each })) },
    ]);
    return runRules(subject, settingsOf(size, secret), { dockerfile: undefined, image: 0 }).findings;
  };

  test("is one finding with its aspects and their fixes", () => {
    const [only, ...more] = results([entry!]);
    expect(more).toEqual([]);
    expect(only!.finding).toMatchObject({ rule: "secret", notes: ["size: deleted"] });
    expect(only!.fixes).toEqual([fix]);
    expect(only!.inodes).toHaveLength(1);
  });

  test("stays a finding of its own with another file in it, or none", () => {
    for (const inodes of [[entry!, other!], [other!], []])
      expect(
        results(inodes)
          .map(({ finding }) => finding.rule)
          .toSorted(),
      ).toEqual(["secret", "size"]);
  });
});
