/** Tables of cases for rules about the text: a title, a Dockerfile, and what becomes of it. */
import { expect, test } from "vitest";
import type { OptionValues, Rule } from "../../src/rule/contract.ts";
import { checkFixes, fixWith, safetyOf } from "./fixes.ts";
import { findingsOf } from "./subject.ts";

type Rewording = readonly [title: string, before: string, after: string];

/** A safe fix does exactly this, and holds what every fix must hold, in CRLF too. */
export function fixesSafely(rule: Rule, cases: readonly Rewording[]): void {
  test.each(cases)("fixes safely: %s", async (_, before, after) => {
    expect(await safetyOf(rule, { dockerfile: before })).toBe("safe");
    expect(await fixWith(rule, { dockerfile: before })).toBe(after);
    const crlf = (text: string) => text.replaceAll("\n", "\r\n");
    expect(await fixWith(rule, { dockerfile: crlf(before) })).toBe(crlf(after));
    await checkFixes(rule, { dockerfile: before });
  });
}

/** The fix is offered with a condition that fails, and not applied without being asked for. */
export function fixesUnsafely(
  rule: Rule,
  cases: readonly (readonly [title: string, before: string, condition: RegExp, after: string])[],
): void {
  test.each(cases)("fixes when asked to: %s", async (_, before, condition, after) => {
    expect(await safetyOf(rule, { dockerfile: before })).toMatch(condition);
    expect(await fixWith(rule, { dockerfile: before })).toBe(before);
    expect(await fixWith(rule, { dockerfile: before }, true)).toBe(after);
    await checkFixes(rule, { dockerfile: before });
  });
}

/** There is one finding, with this message and this advice, and no edit. */
export function onlySays(
  rule: Rule,
  cases: readonly (readonly [title: string, dockerfile: string, message: RegExp, advice: RegExp])[],
): void {
  test.each(cases)("only says: %s", async (_, dockerfile, message, advice) => {
    const [finding, ...others] = await findingsOf(rule, { dockerfile });
    expect(finding?.message).toMatch(message);
    expect(finding?.advice).toMatch(advice);
    expect(finding?.fixes ?? []).toEqual([]);
    expect(others.map((each) => each.message)).toEqual([]);
  });
}

export function isSilent(
  rule: Rule,
  cases: readonly (readonly [title: string, dockerfile: string])[],
  options: OptionValues = {},
): void {
  test.each(cases)("is silent: %s", async (_, dockerfile) => {
    expect((await findingsOf(rule, { dockerfile }, options)).map(({ message }) => message)).toEqual([]);
  });
}
