/**
 * What the types refuse. The compiler reads this file with the rest (`npm run typecheck`): a line behind `@ts-expect-error`
 * that compiles is an error.
 */
import { expect, test } from "vitest";
import { toBytes } from "../../src/byte-path.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { guarantee } from "../../src/edits/fix.ts";
import { asDigest } from "../../src/image/digest.ts";
import type { BytePath, DiffId, Fix, Instruction, SourceLocation, Step } from "../../src/rule/contract.ts";

test("a fix is unsafe only with its condition", () => {
  const edits = [{ start: 0, end: 1, text: "" }];
  const fixes: Fix[] = [
    { description: "x", edits, safety: "safe" },
    { description: "x", edits, safety: "unsafe", condition: "it may differ" },
    { description: "x", edits, ...guarantee(undefined) },
    { description: "x", safety: "safe", operation: "drop-dead" },
    // @ts-expect-error -- without a condition
    { description: "x", edits, safety: "unsafe" },
    // @ts-expect-error -- safe, but for a condition
    { description: "x", edits, safety: "safe", condition: "it may differ" },
    // @ts-expect-error -- a new file is never safe
    { description: "x", creates: { name: ".dockerignore", text: "" }, safety: "safe" },
    // @ts-expect-error -- neither edit, file nor operation
    { description: "x", safety: "safe" },
    // @ts-expect-error -- a squash of no layers
    { description: "x", safety: "unsafe", condition: "y", operation: "squash" },
  ];
  expect(fixes).toHaveLength(9);
  expect(guarantee("it may differ")).toEqual({ safety: "unsafe", condition: "it may differ" });
  expect(guarantee(undefined)).toEqual({ safety: "safe" });
});

test("a place is in the Dockerfile or in a layer", () => {
  const [instruction] = parseDockerfile("FROM a\n", "Dockerfile").instructions;
  const places: SourceLocation[] = [
    { instruction: instruction! },
    { range: { start: 0, end: 1 } },
    { layer: 1, path: toBytes("a") },
    // @ts-expect-error -- nowhere
    {},
    // @ts-expect-error -- a file of no layer
    { path: toBytes("a") },
    // @ts-expect-error -- in both
    { instruction: instruction!, layer: 1 },
  ];
  expect(places).toHaveLength(6);
});

test("paths and digests are not just strings", () => {
  // @ts-expect-error -- text, whose bytes are other ones
  const path: BytePath = "opt/größe";
  // @ts-expect-error -- of a blob, not of its tar
  const diffId: DiffId = asDigest("sha256:00");
  expect([path, diffId]).not.toContain(toBytes("opt/größe"));
});

test("an instruction has what its keyword gives it", () => {
  const narrow = (instruction: Instruction): unknown => {
    // @ts-expect-error -- only ENV, ARG and LABEL have pairs
    if (instruction.keyword === "RUN") return instruction.pairs;
    if (instruction.keyword === "ENV") return instruction.pairs;
    // @ts-expect-error -- most have no heredocs
    return instruction.heredocs;
  };
  const [from, env] = parseDockerfile("FROM a\nENV b=c\n", "Dockerfile").instructions;
  expect(narrow(env!)).toMatchObject([{ name: "b", value: "c" }]);
  expect(narrow(from!)).toEqual([]);
});

test("a step of a RUN has a script", () => {
  const commands = (step: Step) => (step.keyword === "RUN" ? step.script.commands : undefined);
  // @ts-expect-error -- others have none
  const others = (step: Step) => step.script.commands;
  expect([commands, others]).toHaveLength(2);
});
