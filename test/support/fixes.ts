/** What fixes make of a Dockerfile, checked. */
import { expect } from "vitest";
import type { Rule } from "../../src/rule/contract.ts";
import { checkFixes, fixWith } from "../../src/testing/fixes.ts";

export * from "../../src/testing/fixes.ts";

/** The Dockerfile after its fixes, checked in every way the harness knows; with CRLF it must come out the same. */
export async function checkedFix(rule: Rule, dockerfile: string, unsafe = false): Promise<string> {
  const windows = dockerfile.replaceAll("\n", "\r\n");
  await checkFixes(rule, { dockerfile });
  await checkFixes(rule, { dockerfile: windows });
  const fixed = await fixWith(rule, { dockerfile }, unsafe);
  expect(await fixWith(rule, { dockerfile: windows }, unsafe)).toBe(fixed.replaceAll("\n", "\r\n"));
  return fixed;
}

/** The Dockerfile after its fixes, none of which is safe. */
export async function unsafeFix(rule: Rule, dockerfile: string): Promise<string> {
  expect(await fixWith(rule, { dockerfile })).toBe(dockerfile);
  return checkedFix(rule, dockerfile, true);
}
