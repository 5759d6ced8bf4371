import { fillsCache, isMounted, toolsRunBy } from "../../src/analysis/caches/cache-writers.ts";
import { foldersOf } from "../../src/analysis/caches/tool-settings.ts";
import { isInstallation, isRefresh, operationOf } from "../../src/analysis/packages/operation.ts";
import { defined } from "../../src/defined.ts";
import { cacheMountFix, cleanersIn, cutCleaners } from "../../src/edits/caches/cache-mount.ts";
import { cachingTools } from "../../src/knowledge/toolbox.ts";
import {
  defineRule,
  type Command,
  type DockerfileView,
  type Finding,
  type StageView,
} from "../../src/rule/contract.ts";

export const missingCacheMount = defineRule({
  id: "missing-cache-mount",
  aliases: [],
  category: "size",
  severity: "info",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "Without a cache mount, a package manager downloads everything again each time the step runs",
    what: "From the Dockerfile: a RUN of a stage that the build needs, with a command that fills the cache of a package manager, and no mount over that cache. Commands with a disabled cache (`--no-cache`, `PIP_NO_CACHE_DIR`) are not reported, nor is any command in a file with a `# syntax` older than 1.2. The rule is about build time, so builder stages count as well.",
    why: "The builder keeps a cache mount between builds, and it never ends up in the image: packages are downloaded once, and there is nothing to clean up.",
    bad: [
      {
        title: "npm cleans its cache, and downloads everything again after each change",
        dockerfile:
          "FROM node:22 AS build\nWORKDIR /src\nCOPY package*.json ./\nRUN npm ci && npm cache clean --force\nFROM node:22-slim\nCOPY --from=build /src /srv\n",
      },
      {
        title: "apt, whose lists are removed",
        dockerfile:
          "FROM debian:12\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\n",
      },
    ],
    good: [
      {
        title: "A cache mount",
        dockerfile:
          "FROM node:22\nWORKDIR /src\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
      },
      { title: "No cache is wanted", dockerfile: "FROM alpine:3.20\nRUN apk add --no-cache git\n" },
    ],
    fix: "Mounts every folder that the package manager writes to, and removes the commands that would empty them. Always unsafe: the build then reads what earlier builds downloaded. For apt, the hook in Docker's images that deletes packages is removed as well. apk gets `--update-cache`, and a numeric user gets `uid`. There is no fix if a folder or the user is unknown, or if a later RUN needs the files in the mount.",
  },
  *check({ dockerfile }) {
    if (!dockerfile.supportsFrontend(2)) return;
    for (const stage of dockerfile.stages) if (stage.needed) yield* inStage(stage, dockerfile);
  },
});

function* inStage({ steps }: StageView, view: DockerfileView): Iterable<Finding> {
  for (const step of steps) {
    const { script, instruction } = step;
    if (script === undefined || script.shell === "other" || !script.complete) continue;
    const run = toolsRunBy(script);
    for (const manager of cachingTools) {
      if (!run.has(manager)) continue;
      const commands = script.commands.filter((command) => fillsCache(command, manager, step));
      const command = commands.at(-1);
      if (command === undefined || onlyRefreshes(script.commands, commands)) continue;
      const folders = manager.caches.flatMap((cache) => foldersOf(cache, command, step) ?? []);
      if (folders.length === 0 || folders.some((folder) => isMounted(step, folder))) continue;
      const cleaners = cleanersIn(step, manager, commands);
      const cleaning = cutCleaners(step, manager, cleaners, view);
      const fix = cleaning && cacheMountFix(step, manager, commands, view, cleaning);
      yield {
        message: `line ${instruction.line} downloads with ${command.name} what a cache mount would keep for the next build`,
        advice: `Mount a cache over ${folders[0]} (RUN --mount=type=cache,target=…), and drop the command that empties it.`,
        evidence: "dockerfile",
        locations: [{ instruction, range: { start: command.start, end: command.end } }],
        ...defined({ fixes: fix && [fix] }),
      };
    }
  }
}

/** An index without an installation: that is to be put together first, before anything is kept. */
function onlyRefreshes(all: readonly Command[], filling: readonly Command[]): boolean {
  const refreshes = filling.every((command) => {
    const operation = operationOf(command);
    return operation !== undefined && isRefresh(operation);
  });
  return (
    refreshes &&
    !all.some((command) => {
      const operation = operationOf(command);
      return operation !== undefined && isInstallation(operation);
    })
  );
}
