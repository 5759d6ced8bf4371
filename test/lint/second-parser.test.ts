/** Whenever fixes are applied, dockerfile-ast reads the result as well. */
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { consistentInstructionCasing } from "../../rules/instructions/consistent-instruction-casing.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { fixWith } from "../support/fixes.ts";
import { findingsOf } from "../support/subject.ts";

const modules = createRequire(import.meta.url);
const name = modules.resolve("dockerfile-ast");

test("plain text is asked about when an edit is applied, and only then", async () => {
  const dockerfile = "FROM a\nrun b\nRUN c\nRUN d\n";
  delete modules.cache[name];
  expect(await findingsOf(consistentInstructionCasing, { dockerfile })).toHaveLength(1);
  expect(modules.cache[name]).toBeUndefined();
  expect(await fixWith(consistentInstructionCasing, { dockerfile })).toBe("FROM a\nRUN b\nRUN c\nRUN d\n");
  expect(modules.cache[name]).toBeDefined();
});

test("what the second parser reads differently anyway does not block an edit elsewhere", async () => {
  const dockerfile = "FROM a\nRUN c \\\\\nUSER d\nrun e\nRUN f\nRUN g\n";
  expect(parseDockerfile(dockerfile, "Dockerfile").differences.size).toBeGreaterThan(0);
  expect(await fixWith(consistentInstructionCasing, { dockerfile })).toBe(dockerfile.replace("run", "RUN"));
});
