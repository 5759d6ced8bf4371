import { cachingTools } from "../../src/knowledge/toolbox.ts";
import { defineRule } from "../../src/rule/contract.ts";
import { predictedLeftovers } from "../../src/rule/findings/predicted-caches.ts";
import { predictedOutputs } from "../../src/rule/findings/predicted-outputs.ts";
import { provenLeftovers } from "../../src/rule/findings/proven-caches.ts";

// loading the collation rules of a locale would take longer than linting a Dockerfile
const titles = cachingTools
  .map(({ title }) => title)
  .toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));

export const leftoverCache = defineRule({
  id: "leftover-cache",
  aliases: ["DL3009", "DL3019", "DL3032", "DL3036", "DL3040", "DL3042", "DL3060"],
  category: "size",
  severity: "warning",
  reads: "either",
  docs: {
    summary: "Package manager caches, temporary files, logs and version control data stay in the image",
    what: `From the layers: live files in the places where package managers keep downloads and indexes (${titles.join(", ")}), also if variables of the image such as \`PIP_CACHE_DIR\` move them; what builds leave beside their result (Cargo, Gradle, Maven, CMake, setuptools, MSBuild, \`node_modules/.cache\`), files in \`/tmp\` and \`/var/tmp\`, logs, crash dumps, bytecode of the application, \`.git\` and files of editors. There is one finding for each layer and kind. A file with a hardlink outside the cache is in use and does not count, nor does a file in \`/tmp\` that a symlink points to, or that WorkingDir, Cmd, Entrypoint, Healthcheck, Volumes or \`PATH\` of the image name, with all that lies below.

From the Dockerfile: a command that certainly fills a cache, if no flag (\`--no-cache\`), variable (\`PIP_NO_CACHE_DIR\`) or mount prevents it and nothing after it in the RUN may clean the cache. Unknown scripts, words and shells suppress the finding. So does a later RUN that cleans the cache, which \`deleted-later\` reports. Build output of Cargo, Gradle and Maven is predicted if the result is installed or copied elsewhere and nothing may delete the folder. With an image whose history matches, only instructions whose layer is unknown are predicted; the layers decide about all others.

Caches that a later build may use (Go modules, Cargo, Maven, Gradle, NuGet), other folders of \`~/.cache\`, build output, bytecode, and less than 100 kB (of logs: 1 MB) are \`info\`. Less than 4 kB is not reported. Leftovers of the base image are one \`info\` line in total.`,
    why: "A package manager keeps these files for its next run, but it never runs again in an image. Everybody who pulls the image downloads them.",
    bad: [
      {
        title: "apt's package lists stay in the layer",
        dockerfile: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
        layers: [
          "usr/ usr/bin/ usr/bin/curl(250000) var/ var/lib/ var/lib/apt/ var/lib/apt/lists/ var/lib/apt/lists/main_Packages(4500000)",
        ],
      },
      {
        title: "pip caches its downloads, predicted from the Dockerfile alone",
        dockerfile: "FROM python:3.13\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
      },
    ],
    good: [
      {
        title: "Cleaned in the same RUN",
        dockerfile:
          "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
        layers: ["usr/ usr/bin/ usr/bin/curl(250000) var/ var/lib/ var/lib/apt/ var/lib/apt/lists/"],
      },
      {
        title: "A cache mount keeps the cache out of the image, and the build fast",
        dockerfile:
          "FROM python:3.13\nCOPY requirements.txt .\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n",
      },
    ],
    fix: `The RUN cleans up after itself, or every command that fills the cache gets the flag: the edit that the advice names, in the layout of the RUN.

Safe if nothing but the cache changes, and if everything that runs later is known to leave the cache alone: the rest of the RUN, the stage, the stages based on it, its ONBUILDs, and what other stages copy or mount from it. A later command makes the fix unsafe if it uses the cache, if it names its folder or one above or below it, or if it runs code that the text does not show (\`make\`, \`npm run\`, any script, any unknown program), unless the layers show that this code changed no package database and no file but those of the application and of other caches. The command of the container makes it unsafe if it uses or names the cache.

- apt lists, with \`rm -rf /var/lib/apt/lists/*\`: the RUN has both update and install and runs as root, and no later RUN needs the lists before an update of its own. The fix never uses \`apt-get clean\`.
- apk, with \`--no-cache\` for each command. \`apk update\`, \`--update\` and \`rm /var/cache/apk/*\` are removed if nothing else needs the index.
- dnf, yum, microdnf, zypper, with \`clean all\` of the tool that installed, unless the cache is kept on purpose (\`keepcache\`).
- pip, with \`--no-cache-dir\`.
- npm and Yarn 1, with their cleanup command, as the same user with the same HOME.

The command is appended to the RUN only if the RUN is a list whose failure fails the RUN; otherwise it is inserted after the last install. Every other fix is unsafe and says why, and so are these if a condition is not met. There is no fix if a later command of the stage certainly needs the cache (\`mvn -o\`, \`go build\`, \`pacman -S\` without \`-y\`). If a later apt command needs the lists, it gets an \`apt-get update\` of its own.

Rewriting the image without these files is unsafe: it changes what containers see.`,
  },
  *check({ image, build }) {
    const shown = new Set<string>();
    if (image !== undefined) yield* provenLeftovers(image, build, shown);
    if (build !== undefined) {
      yield* predictedLeftovers(build, shown);
      yield* predictedOutputs(build);
    }
  },
});
