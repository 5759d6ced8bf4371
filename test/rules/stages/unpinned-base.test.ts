import { expect, test } from "vitest";
import { findingsOf } from "../../support/subject.ts";
import { unpinnedBase as rule } from "../../../rules/stages/unpinned-base.ts";
import { isSilent, onlySays } from "../../support/tables.ts";

const digest = `sha256:${"0".repeat(64)}`;

onlySays(rule, [
  [
    "no tag",
    "FROM ghcr.io:443/a/b\n",
    /ghcr\.io:443\/a\/b, without a tag/,
    /^Add the digest: ghcr\.io:443\/a\/b:VERSION@sha256:/,
  ],
  [
    "a tag",
    "FROM a:1 AS b\nFROM b\n",
    /line 1 is FROM a:1, without a digest/,
    /^Add the digest: a:1@sha256:/,
  ],
  [
    "a default of a variable",
    "ARG V=3\nFROM a:$V\n",
    /a:3, without a digest/,
    /^Add the digest: a:3@sha256:/,
  ],
]);

isSilent(rule, [
  ["a digest", `FROM a:1@${digest}\nFROM b@${digest}\n`],
  ["stages and scratch", `FROM a@${digest} AS b\nFROM b\nFROM scratch\n`],
  ["what only the build knows", "ARG B\nFROM $B\n"],
]);

isSilent(rule, [["a tag, where that is enough", "FROM a:1\nFROM ghcr.io:443/b:2\n"]], { tags: true });
isSilent(rule, [["an image that is allowed", "FROM ghcr.io/us/a\nFROM ghcr.io/us/a:2\n"]], {
  allow: ["ghcr.io/us/a"],
});

test("latest does not count as a tag", async () => {
  const findings = await findingsOf(rule, { dockerfile: "FROM a:latest\nFROM b\n" }, { tags: true });
  expect(findings.map(({ message }) => message.slice(0, 25))).toEqual([
    "line 1 is FROM a:latest, ",
    "line 2 is FROM b, without",
  ]);
});
