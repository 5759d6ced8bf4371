/** Checks a rule's documentation: bad examples are found and fixed, good ones have no findings. */
import assert from "node:assert/strict";
import { defined } from "../defined.ts";
import type { Example, Rule } from "../rule/contract.ts";
import { checkFixes } from "./fixes.ts";
import { findingsOf, type SubjectSketch } from "./subject-sketch.ts";

/** Checks that the texts exist, and that option names are valid in a configuration. */
export function checkDocs({ id, docs, options = {} }: Rule): void {
  const { summary, what, why, bad, good, fix } = docs;
  for (const [name, text] of Object.entries({ summary, what, why, fix }))
    assert.match(text, /\S/, `${id}: docs.${name} is empty`);
  assert.doesNotMatch(summary, /\n/, `${id}: docs.summary has more than one line`);
  assert.ok(bad.length > 0, `${id}: no bad example`);
  assert.ok(good.length > 0, `${id}: no good example`);
  for (const [name, option] of Object.entries(options)) {
    assert.match(name, /^[a-z]+(-[a-z]+)*$/, `${id}: the option ${name} is not in lower case with dashes`);
    assert.notEqual(name, "severity", `${id}: every rule has the option severity already`);
    assert.match(option.summary, /\S/, `${id}: the option ${name} has no summary`);
  }
}

/** Checks that the rule finds the bad example, and that its findings are complete. */
export async function checkBad(rule: Rule, example: Example): Promise<void> {
  const findings = await findingsOf(rule, exampleSketch(example));
  assert.ok(findings.length > 0, `${rule.id} does not find its bad example "${example.title}"`);
  for (const { message, advice, locations, fixes = [] } of findings) {
    const what = `${rule.id}, finding "${message}"`;
    assert.match(message, /\S/, `${rule.id}: a finding has no message`);
    assert.doesNotMatch(message, /\.$/, `${what}: the message ends with a full stop`);
    assert.match(advice, /\S/, `${what}: no advice`);
    // a finding without a location is about the whole image
    if (rule.reads === "dockerfile") assert.ok(locations.length > 0, `${what}: no place`);
    for (const { safety, condition } of fixes)
      assert.ok(safety === "safe" || condition, `${what}: an unsafe fix without a condition`);
  }
}

/** Checks the fixes of an example with `checkFixes`, also without a final newline and with CRLF. */
export async function checkExampleFixes(rule: Rule, example: Example): Promise<void> {
  const sketch = exampleSketch(example);
  const { dockerfile } = example;
  for (const text of [dockerfile, dockerfile.trimEnd(), dockerfile.replaceAll("\n", "\r\n")])
    await checkFixes(rule, { ...sketch, dockerfile: text });
}

export async function checkGood(rule: Rule, example: Example): Promise<void> {
  const findings = await findingsOf(rule, exampleSketch(example));
  assert.deepEqual(
    findings.map(({ message }) => message),
    [],
    `${rule.id} finds something in its good example "${example.title}"`,
  );
}

/** Runs all checks of a rule's documentation. Throws an Error with the first violation. */
export async function checkRuleDocs(rule: Rule): Promise<void> {
  checkDocs(rule);
  for (const example of rule.docs.bad) {
    await checkBad(rule, example);
    await checkExampleFixes(rule, example);
  }
  for (const example of rule.docs.good) await checkGood(rule, example);
}

function exampleSketch({ dockerfile, layers, builtFrom, context, config }: Example): SubjectSketch {
  return {
    dockerfile,
    ...defined({ layers }),
    ...defined({ context: context && { files: context } }),
    ...defined({ builtFrom, config }),
  };
}
