/** `layerlint/testing`: the harness for rules, our own and those of plugins. It imports no test runner. */
export { checkRuleDocs } from "./testing/examples.ts";
export { checkFixes, editsOf, fixWith, safetyOf } from "./testing/fixes.ts";
export { findingsOf, subjectOf, type SubjectSketch } from "./testing/subject-sketch.ts";
export { tablesFor, type RuleTables, type TestRunner } from "./testing/tables.ts";
