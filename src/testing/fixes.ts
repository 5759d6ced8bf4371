/** Applies the fixes of a rule to a sketch, and checks them. Failures are thrown as plain errors. */
import assert from "node:assert/strict";
import { defined } from "../defined.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { applyEdits, collide, whatBroke } from "../lint/apply-edits.ts";
import { fixDockerfile } from "../lint/fix-dockerfile.ts";
import { defaultOptions, type Settings } from "../lint/settings.ts";
import type { Finding, Fix, Rule, TextEdit } from "../rule/contract.ts";
import { findingsOf, subjectOf, type SubjectSketch } from "./subject-sketch.ts";

/** Returns the Dockerfile after all fixes of one rule, on request including unsafe ones. */
export async function fixWith(rule: Rule, sketch: SubjectSketch, unsafe = false): Promise<string> {
  const chosen = { rule, severity: rule.severity, options: defaultOptions(rule) };
  const settings: Settings = { rules: [chosen], failOn: "never", budget: undefined };
  const subject = await subjectOf({
    ...defined({ keep: rule.wantsContent }),
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

/** Returns the fixes of a rule that edit the Dockerfile of a sketch. */
export async function editsOf(rule: Rule, sketch: SubjectSketch): Promise<Fix[]> {
  const findings = await findingsOf(rule, sketch);
  return findings.flatMap((finding) => (finding.fixes ?? []).filter((fix) => editsIn(fix).length > 0));
}

/** Returns `safe`, or the condition, of the first finding's first edit; undefined when there is no edit. */
export async function safetyOf(rule: Rule, sketch: SubjectSketch): Promise<string | undefined> {
  const fix = (await editsOf(rule, sketch))[0];
  return fix === undefined ? undefined : (fix.condition ?? fix.safety);
}

/**
 * Checks what authors of fixes forget: each edit alone keeps the rest of the Dockerfile unchanged, all fixes
 * converge, the rule then finds nothing to fix, and line breaks stay the same. Throws an Error with the first
 * violation.
 */
export async function checkFixes(rule: Rule, sketch: SubjectSketch): Promise<void> {
  const { dockerfile } = sketch;
  if (dockerfile === undefined) return;
  let edits = 0;
  for (const finding of await findingsOf(rule, sketch))
    for (const fix of finding.fixes ?? []) {
      if (editsIn(fix).length === 0) continue;
      await checkFix(rule, { ...sketch, dockerfile }, finding, fix);
      edits++;
    }
  if (edits === 0) return;
  for (const unsafe of [false, true]) {
    const text = await fixWith(rule, sketch, unsafe);
    const again = await fixWith(rule, { dockerfile: text, ...targetOf(sketch) }, unsafe);
    assert.equal(again, text, `${rule.id}: a fixed Dockerfile is fixed once more`);
    if (!hasBareNewline(dockerfile))
      assert.ok(!hasBareNewline(text), `${rule.id}: a fix writes \\n into a file with \\r\\n`);
    assert.equal(
      text.endsWith("\n"),
      dockerfile.endsWith("\n"),
      `${rule.id}: a fix changes the final newline`,
    );
  }
}

async function checkFix(
  rule: Rule,
  sketch: SubjectSketch & { readonly dockerfile: string },
  finding: Finding,
  fix: Fix,
): Promise<void> {
  const { dockerfile } = sketch;
  const edits = editsIn(fix);
  const what = `${rule.id}, fix "${fix.description}"`;
  assert.equal(
    fix.condition !== undefined,
    fix.safety === "unsafe",
    `${what}: an unsafe fix has a condition, a safe one has none`,
  );
  assert.match(fix.description, /\S/, `${what}: no description`);
  assert.doesNotMatch(fix.description, /\.$/, `${what}: the description ends with a full stop`);
  for (const [i, edit] of edits.entries()) {
    assert.ok(edit.start <= edit.end, `${what}: an edit ends before it starts`);
    assert.ok(edit.end <= dockerfile.length, `${what}: an edit ends behind the file`);
    assert.ok(!collide([edit], edits.slice(i + 1)), `${what}: two edits meet`);
  }
  const text = applyEdits(dockerfile, edits);
  const before = parseDockerfile(dockerfile, "Dockerfile");
  const broke = whatBroke(before, parseDockerfile(text, "Dockerfile"), edits, true);
  assert.equal(broke, undefined, `${what} breaks something else: ${broke}`);
  // without layers, because they were built from the old file
  const left = await findingsOf(rule, { dockerfile: text, ...targetOf(sketch) });
  assert.ok(
    !left.some(({ message }) => message === finding.message),
    `${what}: afterwards it is found again: ${finding.message}`,
  );
}

function hasBareNewline(text: string): boolean {
  return /(?<!\r)\n/.test(text);
}

function editsIn({ edits = [] }: Fix): readonly TextEdit[] {
  return edits;
}

function targetOf({ target }: SubjectSketch): { target?: string } {
  return defined({ target });
}
