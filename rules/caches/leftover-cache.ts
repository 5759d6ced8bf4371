import { defineRule } from "../../src/rule/contract.ts";
import { predictedLeftovers } from "../../src/rule/findings/predicted-caches.ts";
import { provenLeftovers } from "../../src/rule/findings/proven-caches.ts";

export const leftoverCache = defineRule({
  id: "leftover-cache",
  aliases: ["DL3009", "DL3019", "DL3032", "DL3036", "DL3040", "DL3042", "DL3060"],
  category: "size",
  severity: "warning",
  reads: "either",
  docs: {
    summary:
      "Caches of package managers, temporary files, logs, and version control data that stay in the image",
    what: `From the layers: live files at the places where package managers keep downloads and indexes (apt, apk, dnf, zypper, pacman, pip, uv, Poetry, npm, Yarn, pnpm, Bun, RubyGems, Composer, Go, Cargo, Maven, Gradle, NuGet, conda), moved by variables of the image such as \`PIP_CACHE_DIR\` or not; files in \`/tmp\` and \`/var/tmp\`, logs, crash dumps, bytecode of the application, \`.git\` and files of editors. One finding for each layer and kind. A file that something outside the cache is hardlinked to is in use and does not count.

From the Dockerfile: a command that certainly fills a cache, when no flag (\`--no-cache\`), variable (\`PIP_NO_CACHE_DIR\`) or mount keeps it out and nothing after it in the RUN may clean it. Unknown scripts, words and shells keep it silent, and so does a later RUN that cleans: that is \`deleted-later\`. With an image whose history matches, only instructions whose layer is not known are predicted; for all others the layers decide.

Caches that a later build may want (Go modules, Cargo, Maven, Gradle, NuGet), other folders of \`~/.cache\`, bytecode, and less than 100 kB (of logs: 1 MB) are \`info\`; less than 4 kB is silent. What the base image brings is one \`info\` line in total.`,
    why: "Containers do not need what a package manager keeps for its next run, and an image never runs it again. Everybody who pulls the image downloads it.",
    bad: [
      {
        title: "apt's package lists stay in the layer",
        dockerfile: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
        layers: [
          "usr/ usr/bin/ usr/bin/curl(250000) var/ var/lib/ var/lib/apt/ var/lib/apt/lists/ var/lib/apt/lists/main_Packages(4500000)",
        ],
      },
      {
        title: "pip keeps its downloads, as the Dockerfile alone shows",
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
        title: "A cache mount keeps it out of the image and fast",
        dockerfile:
          "FROM python:3.13\nCOPY requirements.txt .\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n",
      },
    ],
    fix: `The RUN cleans up after itself, or the flag goes to every command that fills the cache: the edit that the advice names, in the layout of the RUN.

Safe, where nothing but the cache changes:

- apt's lists, by \`rm -rf /var/lib/apt/lists/*\`: the RUN has both update and install and runs as root; nothing later in the stage, in stages FROM it, or in an ONBUILD uses apt without its own update, or is an unknown script. It is never \`apt-get clean\`.
- apk, by \`--no-cache\` for each command; \`apk update\`, \`--update\` and \`rm /var/cache/apk/*\` go, where nothing else wants the index.
- dnf, yum, microdnf, zypper, by \`clean all\` of the tool that installed, unless the cache is kept on purpose (\`keepcache\`).
- pip, by \`--no-cache-dir\`, where nothing later reads the cache.
- npm and Yarn 1, by their cleaner, as the same user with the same HOME.

A command at the end of the RUN is exact only behind a list whose failure fails the RUN; else it goes behind the last install. Everything else, and these where a condition fails, is unsafe and says why. Nothing is offered that takes away what a later command of the stage certainly needs (\`mvn -o\`, \`go build\`, \`pacman -S\` without \`-y\`). With a later apt that needs the lists, that one gets an \`apt-get update\` of its own.

Rewriting the image without these files changes what containers see, so it is unsafe.`,
  },
  *check({ image, build }) {
    const shown = new Set<string>();
    if (image !== undefined) yield* provenLeftovers(image, build, shown);
    if (build !== undefined) yield* predictedLeftovers(build, shown);
  },
});
