import { expect, test } from "vitest";
import { leftoverCache } from "../../../rules/caches/leftover-cache.ts";
import { cacheBustingCopy } from "../../../rules/instructions/cache-busting-copy.ts";
import { deletedLater } from "../../../rules/layers/deleted-later.ts";
import { fixWith, safetyOf } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

async function leftBy(run: string): Promise<string[]> {
  return (await findingsOf(leftoverCache, { dockerfile: `FROM a\n${run}\n` })).map(({ message }) => message);
}

test.each([
  ["RUN pixi add numpy", "~/.cache/rattler/cache"],
  ["RUN pixi global install ruff", "~/.cache/rattler/cache"],
  ["ENV PIXI_CACHE_DIR=/c/pixi\nRUN pixi add numpy", "/c/pixi"],
  ["ENV RATTLER_CACHE_DIR=/c/r\nRUN pixi add numpy", "/c/r"],
  ["ENV XDG_CACHE_HOME=/x\nRUN pixi add numpy", "/x/rattler/cache"],
])("%s leaves a cache in %s", async (run, folder) => {
  const line = run.split("\n").length + 1;
  expect(await leftBy(run)).toEqual([`line ${line} leaves pixi's cache in the image (${folder})`]);
});

test.each([
  // the environment links to the packages, and the index may be none
  "RUN pixi install --frozen",
  "RUN pixi add --frozen numpy",
  "RUN pixi add numpy && pixi clean cache --yes",
  "RUN pixi add numpy && rm -rf ~/.cache/rattler",
  "RUN --mount=type=cache,target=/root/.cache/rattler/cache pixi add numpy",
])("%s leaves none for sure", async (run) => {
  expect(await leftBy(run)).toEqual([]);
});

test("its cleaner at the end of the RUN is offered, and is not safe", async () => {
  const dockerfile = "FROM a\nRUN pixi add numpy\n";
  expect(await safetyOf(leftoverCache, { dockerfile })).toMatch(/a later pixi command/);
  expect(await fixWith(leftoverCache, { dockerfile }, true)).toBe(
    "FROM a\nRUN pixi add numpy && pixi clean cache --yes\n",
  );
});

test("a cache that a later RUN deletes is found where an installation leaves one as a rule", async () => {
  const dockerfile = "FROM a\nRUN pixi install\nRUN rm -rf /root/.cache/rattler\n";
  const [finding] = await findingsOf(deletedLater, { dockerfile });
  expect(finding?.message).toContain("pixi's cache");
});

test("a copy of everything before pixi install is named with pixi's manifests", async () => {
  const dockerfile = "FROM a\nCOPY . .\nRUN pixi install\n";
  const [finding] = await findingsOf(cacheBustingCopy, { dockerfile });
  expect(finding?.advice).toContain("pixi.toml and pixi.lock");
});
