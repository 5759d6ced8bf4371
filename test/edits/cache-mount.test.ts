import { expect, test } from "vitest";
import { leftoverCache } from "../../rules/caches/leftover-cache.ts";
import { editsOf, fixWith } from "../support/fixes.ts";

const head = "FROM base:1\n";

test("a cache mount is the second choice, and never safe", async () => {
  const dockerfile = `${head}RUN apt-get update && apt-get install -y git\n`;
  const fixes = await editsOf(leftoverCache, { dockerfile });
  expect(fixes.map(({ safety }) => safety)).toEqual(["safe", "unsafe"]);
  expect(fixes[1]!.condition).toMatch(
    /cache of earlier builds, and the docker-clean hook of the image is removed/,
  );
  expect(await fixWith(leftoverCache, { dockerfile }, true)).not.toMatch(/--mount/);
});

test.each([
  ["the frontend is too old", "# syntax=docker/dockerfile:1.1\nFROM a\nRUN npm ci\n"],
  ["the RUN empties what would be mounted", `${head}RUN npm ci && npm cache clean --force && npm ci\n`],
  ["apt-get clean would empty it", `${head}RUN apt-get update && apt-get install -y git && apt-get clean\n`],
  ["the user's number is not known", `${head}USER app\nRUN npm ci\n`],
  [
    "a later RUN needs the lists",
    `${head}RUN apt-get update && apt-get install -y x\nRUN apt-get install -y y\n`,
  ],
])("there is none where %s", async (_, dockerfile) => {
  const fixes = await editsOf(leftoverCache, { dockerfile });
  expect(fixes.length).toBeGreaterThan(0);
  expect(fixes.map(({ description }) => description).join()).not.toMatch(/mount/);
});

test("the docker-clean hook is removed in the RUN with the mount, also where a later one removes it", async () => {
  const install = "RUN apt-get update && apt-get install -y git\n";
  const hook = "RUN rm -f /etc/apt/apt.conf.d/docker-clean\n";
  const mounts = async (dockerfile: string) =>
    (await editsOf(leftoverCache, { dockerfile })).find(({ description }) => /mount/.test(description))!;
  const texts = async (dockerfile: string) =>
    (await mounts(dockerfile)).edits!.map(({ text }) => text).join("");
  expect(await texts(head + install + hook)).toContain("docker-clean");
  expect(await texts(head + hook + install)).not.toContain("docker-clean");
});

test("with the image the fix has bytes", async () => {
  const layers = ["root/.npm/_cacache/x(2MB) root/.npm/_logs/x(1MB)"];
  const fixes = await editsOf(leftoverCache, { dockerfile: `${head}RUN npm ci\n`, layers });
  expect(fixes.map(({ bytes }) => bytes)).toEqual([2_000_000, 3_000_000]);
});
