/** Tests of a rule as tables, for any test runner: vitest, node:test, jest, mocha. */
import assert from "node:assert/strict";
import type { OptionValues, Rule } from "../rule/contract.ts";
import { checkBad, checkDocs, checkExampleFixes, checkGood } from "./examples.ts";
import { checkFixes, fixWith, safetyOf } from "./fixes.ts";
import { findingsOf } from "./subject.ts";

/** The two functions of a test runner that the tables need. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => Promise<void>) => unknown;
}

export interface RuleTables {
  /** Tests the documentation: it is complete, bad examples are found and fixed, good ones have no findings. */
  readonly examples: (rule: Rule) => void;
  /** Tests that the safe fixes give this text and pass `checkFixes`, also with CRLF. */
  readonly fixesSafely: (
    rule: Rule,
    cases: readonly (readonly [title: string, before: string, after: string])[],
  ) => void;
  /** Tests that the fix is offered with this condition, and applied only with unsafe fixes. */
  readonly fixesUnsafely: (
    rule: Rule,
    cases: readonly (readonly [title: string, before: string, condition: RegExp, after: string])[],
  ) => void;
  /** Tests that there is one finding, with this message and advice, and no edit. */
  readonly onlySays: (
    rule: Rule,
    cases: readonly (readonly [title: string, dockerfile: string, message: RegExp, advice: RegExp])[],
  ) => void;
  readonly isSilent: (
    rule: Rule,
    cases: readonly (readonly [title: string, dockerfile: string])[],
    options?: OptionValues,
  ) => void;
}

export function tablesFor({ describe, it }: TestRunner): RuleTables {
  return {
    examples(rule) {
      const { bad, good } = rule.docs;
      describe(rule.id, () => {
        it("is documented", async () => checkDocs(rule));
        for (const example of bad) {
          it(`finds: ${example.title}`, () => checkBad(rule, example));
          it(`fixes safely what it finds, or says why not: ${example.title}`, () =>
            checkExampleFixes(rule, example));
        }
        for (const example of good) it(`is silent: ${example.title}`, () => checkGood(rule, example));
      });
    },
    fixesSafely(rule, cases) {
      for (const [title, before, after] of cases)
        it(`fixes safely: ${title}`, async () => {
          assert.equal(await safetyOf(rule, { dockerfile: before }), "safe");
          assert.equal(await fixWith(rule, { dockerfile: before }), after);
          const crlf = (text: string) => text.replaceAll("\n", "\r\n");
          assert.equal(await fixWith(rule, { dockerfile: crlf(before) }), crlf(after));
          await checkFixes(rule, { dockerfile: before });
        });
    },
    fixesUnsafely(rule, cases) {
      for (const [title, before, condition, after] of cases)
        it(`fixes when asked to: ${title}`, async () => {
          assert.match((await safetyOf(rule, { dockerfile: before })) ?? "no edit", condition);
          assert.equal(await fixWith(rule, { dockerfile: before }), before);
          assert.equal(await fixWith(rule, { dockerfile: before }, true), after);
          await checkFixes(rule, { dockerfile: before });
        });
    },
    onlySays(rule, cases) {
      for (const [title, dockerfile, message, advice] of cases)
        it(`only says: ${title}`, async () => {
          const [finding, ...others] = await findingsOf(rule, { dockerfile });
          assert.match(finding?.message ?? "nothing is found", message);
          assert.match(finding?.advice ?? "", advice);
          assert.deepEqual(finding?.fixes ?? [], []);
          assert.deepEqual(
            others.map((each) => each.message),
            [],
          );
        });
    },
    isSilent(rule, cases, options = {}) {
      for (const [title, dockerfile] of cases)
        it(`is silent: ${title}`, async () => {
          const findings = await findingsOf(rule, { dockerfile }, options);
          assert.deepEqual(
            findings.map(({ message }) => message),
            [],
          );
        });
    },
  };
}
