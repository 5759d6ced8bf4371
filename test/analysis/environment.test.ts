/** The variables that a script changes in the environment of its commands, as a POSIX shell does. */
import { describe, expect, test } from "vitest";
import { homeOf } from "../../src/analysis/caches/filled-caches.ts";
import { foldersOf } from "../../src/analysis/caches/tool-settings.ts";
import { cachingToolNamed } from "../../src/knowledge/toolbox.ts";
import { itemAt, must } from "../../src/must.ts";
import { subjectOf } from "../support/subject.ts";

/** The folder of npm's cache at the `npm ci` of a Dockerfile; undefined where it is not known. */
async function cacheOf(lines: string): Promise<string | undefined> {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM node:22\n${lines}\n` });
  const step = must(dockerfile?.steps.at(-1), "the RUN");
  const command = must(
    step.script?.commands.find(({ name }) => name === "npm"),
    "npm",
  );
  const cache = itemAt(must(cachingToolNamed("npm"), "the tool").caches, 0);
  const folder = foldersOf(cache, command, step)?.[0];
  return folder?.startsWith("~/") === true ? `${homeOf(command, step)}${folder.slice(1)}` : folder;
}

describe("the cache is where the environment of the command puts it", () => {
  test.each([
    ["RUN npm ci", "/root/.npm"],
    ["RUN HOME=/x; npm ci", "/x/.npm"],
    ["RUN HOME=/x && HOME=/y && npm ci", "/y/.npm"],
    ["RUN export HOME=/x && HOME=/y && npm ci", "/y/.npm"],
    ["RUN HOME=/y; export HOME=/x; npm ci", "/x/.npm"],
    ["RUN HOME=/x; sh -c 'npm ci'", "/x/.npm"],
    ["RUN HOME=/x sh -c 'npm ci'", "/x/.npm"],
    ["RUN (HOME=/x; npm ci)", "/x/.npm"],
    ["RUN (HOME=/x; true); npm ci", "/root/.npm"],
    ["RUN npm ci; HOME=/x", "/root/.npm"],
    ["RUN HOME=/x true; npm ci", "/root/.npm"],
    ["RUN HOME=$(mktemp -d); npm ci", undefined],
    ["RUN if test -d /x; then HOME=/x; fi; npm ci", undefined],
    ["ENV npm_config_cache=/e\nRUN npm_config_cache=/x; npm ci", "/x/_cacache"],
    ["ARG npm_config_cache=/e\nRUN npm_config_cache=/x; npm ci", "/x/_cacache"],
    // not in the environment, so only the shell has it
    ["RUN npm_config_cache=/x; npm ci", "/root/.npm"],
  ])("%j", async (lines, folder) => {
    expect(await cacheOf(lines)).toBe(folder);
  });
});

describe("root is also written as a number with zeros", () => {
  test.each([
    ["root", true],
    ["0", true],
    ["00:0", true],
    ["1000", false],
    ["0app", false],
  ])("USER %s", async (user, isRoot) => {
    expect(await cacheOf(`USER ${user}\nRUN npm ci`)).toBe(isRoot ? "/root/.npm" : "undefined/.npm");
  });
});
