/** Bun. */
import type { Tool } from "../tool.ts";

export const bun: Tool = {
  id: "bun",
  names: ["bun"],
  source: "Bun documentation, Global cache",
  options: [
    {
      short: "c",
      long: "--cwd --config --cache-dir --registry --backend --concurrent-scripts --network-concurrency --filter --omit --linker --cafile --ca".split(
        " ",
      ),
      flags:
        "-b --bun --silent --verbose -p --production -y --yarn --frozen-lockfile --no-save --no-cache --no-progress --no-summary --no-verify --ignore-scripts -g --global -d --dev -D -E --exact -f --force --dry-run --smol -i".split(
          " ",
        ),
    },
  ],
  known: "install i add remove rm pm update link upgrade".split(" "),
  caches: [
    {
      what: "Bun's cache",
      path: /(?:^|\/)\.bun\/install\/cache\/./,
      folder: "~/.bun/install/cache",
      variables: [
        { name: "BUN_INSTALL_CACHE_DIR", below: "" },
        { name: "BUN_INSTALL", below: "install/cache/" },
      ],
      refills: true,
    },
  ],
  // packages may be linked to; the manifests that `add` fetches are not
  writers: [
    {
      verbs: ["add"],
      fills: [0],
      avoidedByFlags: ["--no-cache"],
      elsewhereByFlags: ["--cache-dir", "--dry-run"],
    },
  ],
  cleaners: [{ words: ["pm", "cache", "rm"], empties: { cache: 0 } }],
  remedies: [
    {
      clears: [0],
      append: "bun pm cache rm",
      unsafe: "Bun may link node_modules to its cache",
    },
  ],
  title: "Bun",
  example: {
    run: "bun add hono",
    leftover: "root/.bun/install/cache/lodash/index.js",
    innocent: "root/.bun/bin/bun",
  },
  advice:
    "End the RUN with && bun pm cache rm, or mount a cache: RUN --mount=type=cache,target=/root/.bun/install/cache.",
  usualWriters: [{ verbs: ["install", "i", "add"], fills: [0] }],
  project: {
    verbs: ["install", "i"],
    manifests: ["package.json", "bun.lock", "bun.lockb"],
    makes: { folder: "node_modules", verbs: ["install", "i", "add"] },
  },
  removal: { word: /^(?:uninstall|un|unlink|remove|rm|r)$/ },
};
