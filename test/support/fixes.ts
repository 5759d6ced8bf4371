import { expect } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { Finding, Fix, Rule } from "../../src/rule/contract.ts";
import { applyEdits, collide, whatBroke } from "../../src/lint/apply-edits.ts";
import { fixDockerfile } from "../../src/lint/fix-dockerfile.ts";
import { defaultOptions, type Settings } from "../../src/lint/settings.ts";
import { findingsOf, subjectOf, type SubjectSketch } from "./subject.ts";

/** The Dockerfile after all fixes of one rule, the unsafe ones too where wanted. */
export async function fixWith(rule: Rule, sketch: SubjectSketch, unsafe = false): Promise<string> {
  const chosen = { rule, severity: rule.severity, options: defaultOptions(rule) };
  const settings: Settings = { rules: [chosen], failOn: "never", budget: undefined };
  const subject = await subjectOf({
    ...(rule.wantsContent === undefined ? {} : { keep: rule.wantsContent }),
    ...sketch,
  });
  const { text } = await fixDockerfile(subject, {
    settings,
    targets: { dockerfile: 0, image: subject.image === undefined ? undefined : 1 },
    unsafe,
    target: sketch.target,
  });
  return text;
}

/** What a rule offers for a sketch: the fixes of its findings that edit the Dockerfile. */
export async function editsOf(rule: Rule, sketch: SubjectSketch): Promise<Fix[]> {
  const findings = await findingsOf(rule, sketch);
  return findings.flatMap((finding) => (finding.fixes ?? []).filter(isEdit));
}

/** `safe`, or the condition that failed; undefined where there is no edit. Of the first finding's first edit. */
export async function safetyOf(rule: Rule, sketch: SubjectSketch): Promise<string | undefined> {
  const fix = (await editsOf(rule, sketch))[0];
  return fix === undefined ? undefined : (fix.condition ?? fix.safety);
}

/**
 * What the author of a fix forgets: every edit alone leaves the rest of the Dockerfile as it was, all of them converge,
 * the rule has nothing left to fix, and line breaks stay what they were.
 */
export async function checkFixes(rule: Rule, sketch: SubjectSketch): Promise<void> {
  const { dockerfile } = sketch;
  if (dockerfile === undefined) return;
  const findings = await findingsOf(rule, sketch);
  for (const finding of findings)
    for (const fix of finding.fixes ?? []) if (isEdit(fix)) await checkFix(rule, sketch, finding, fix);
  for (const unsafe of [false, true]) {
    const text = await fixWith(rule, sketch, unsafe);
    expect(await fixWith(rule, { dockerfile: text, ...targetOf(sketch) }, unsafe)).toBe(text);
    if (!/(?<!\r)\n/.test(dockerfile)) expect(text).not.toMatch(/(?<!\r)\n/);
    expect(text.endsWith("\n")).toBe(dockerfile.endsWith("\n"));
  }
}

async function checkFix(rule: Rule, sketch: SubjectSketch, finding: Finding, fix: Fix): Promise<void> {
  const dockerfile = sketch.dockerfile!;
  const edits = fix.edits!;
  expect(fix.safety === "unsafe").toBe(fix.condition !== undefined);
  expect(fix.description.trim()).not.toBe("");
  expect(fix.description).not.toMatch(/\.$/);
  for (const [i, edit] of edits.entries()) {
    expect(edit.start).toBeLessThanOrEqual(edit.end);
    expect(edit.end).toBeLessThanOrEqual(dockerfile.length);
    expect(collide([edit], edits.slice(i + 1))).toBe(false);
  }
  const before = parseDockerfile(dockerfile, "Dockerfile");
  const text = applyEdits(dockerfile, edits);
  expect(whatBroke(before, parseDockerfile(text, "Dockerfile"), edits)).toBeUndefined();
  // without layers: they are those of the file before
  const left = await findingsOf(rule, { dockerfile: text, ...targetOf(sketch) });
  expect(left.map(({ message }) => message)).not.toContain(finding.message);
}

function isEdit(fix: Fix): boolean {
  return (fix.edits?.length ?? 0) > 0;
}

function targetOf({ target }: SubjectSketch): { target?: string } {
  return target === undefined ? {} : { target };
}
