import { describe, expect, test } from "vitest";
import { deletedLater } from "../../rules/layers/deleted-later.ts";
import { toBytes } from "../../src/byte-path.ts";
import { acceptance } from "../../src/lint/accepts.ts";
import { imageGlob } from "../../src/lint/config/globs.ts";
import type { Accept } from "../../src/lint/settings.ts";
import type { Finding } from "../../src/rule/contract.ts";
import { findingsOf } from "../support/subject.ts";

function accept(path: string, more: Partial<Accept> = {}): Accept {
  const common = {
    layer: undefined,
    reason: "known",
    until: undefined,
    expired: false,
    file: "c.yaml",
    line: 1,
  };
  return { rule: deletedLater, path, matches: imageGlob(path), ...common, ...more };
}

const accepted = (finding: Finding, ...accepts: Accept[]) =>
  acceptance(accepts, deletedLater, finding).accepted;

describe("a finding about two files", async () => {
  const [finding] = await findingsOf(deletedLater, {
    dockerfile: "FROM a\nCOPY x /x/\nRUN rm -r /x\n",
    layers: ["x/ x/.hidden(5MB) x/b(5MB)", ".wh.x"],
  });

  test.each([
    ["the folder", true, ["x/**"]],
    ["the folder, written as one", true, ["/x/"]],
    ["everything", true, ["**"]],
    ["both, by two entries", true, ["x/.hidden", "/x/b"]],
    ["one of them", false, ["x/b"]],
    ["its names, which are paths here", false, ["b", ".hidden"]],
    ["the names at one depth", true, ["*/*"]],
  ])("%s: %s", (_, expected, paths) => {
    expect(accepted(finding!, ...paths.map((path) => accept(path)))).toBe(expected);
  });

  test("entries of other rules and layers, and those that have ended, do not count", () => {
    expect(accepted(finding!, accept("**", { rule: { ...deletedLater, id: "other" } }))).toBe(false);
    expect(accepted(finding!, accept("**", { layer: 1 }))).toBe(false);
    expect(accepted(finding!, accept("**", { layer: 0 }))).toBe(true);
    const ended = accept("x/b", { expired: true, until: "2026-01-01" });
    const both = acceptance([ended, accept("x/.hidden")], deletedLater, finding!);
    expect(both).toMatchObject({
      accepted: false,
      note: "it was accepted until 2026-01-01 (c.yaml:1: known)",
    });
    expect(both.used).toHaveLength(2);
    expect(acceptance([ended], deletedLater, finding!).note).toBeUndefined();
  });
});

describe("a finding that names no file of an image", () => {
  const bare: Finding = { message: "m", advice: "a", evidence: "layers", locations: [{ layer: 2 }] };

  test("is accepted by ** only", () => {
    expect(accepted(bare, accept("**"))).toBe(true);
    expect(accepted(bare, accept("**/*"))).toBe(false);
    expect(accepted(bare, accept("**", { layer: 3 }))).toBe(false);
  });

  test("or not all of them", () => {
    const some = { ...bare, paths: [{ path: toBytes("a"), bytes: 1 }], morePaths: { count: 3, bytes: 9 } };
    expect(accepted(some, accept("a"))).toBe(false);
    expect(accepted(some, accept("**"))).toBe(true);
  });

  test("is no matter of the configuration where it is about the Dockerfile", () => {
    expect(accepted({ ...bare, locations: [{ range: { start: 0, end: 1 } }] }, accept("**"))).toBe(false);
  });
});

test("names that are not ASCII are matched as text", async () => {
  const bytes = toBytes("opt/größe");
  const finding: Finding = {
    message: "m",
    advice: "a",
    evidence: "layers",
    locations: [{ layer: 0, path: bytes }],
  };
  expect(accepted(finding, accept("opt/größe"))).toBe(true);
});
