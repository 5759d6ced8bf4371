/** JavaScript. */
import { xdg, type PackageManager } from "./record.ts";

export const nodeManagers: readonly PackageManager[] = [
  {
    id: "npm",
    caches: [
      {
        what: "npm's cache",
        path: /(?:^|\/)\.npm\/(?:_cacache|_logs|_npx)\/./,
        folder: "~/.npm",
        variables: ["npm_config_cache", "NPM_CONFIG_CACHE"].flatMap((name) =>
          ["_cacache/", "_logs/", "_npx/"].map((below) => ({ name, below })),
        ),
      },
    ],
    writers: [
      {
        names: ["npm"],
        verbs: ["install", "i", "ci", "add", "clean-install", "update"],
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["--cache", "--offline", "--dry-run", "--package-lock-only"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [
      { names: ["npm"], words: ["cache", "clean"] },
      { names: ["npm"], words: ["cache", "clear"] },
      { names: ["npm"], words: ["cache", "rm"] },
    ],
    remedies: [
      {
        clears: [0],
        append: "npm cache clean --force",
        takes: /(?:^|\/)_cacache\//,
        neededBy: { users: [{ names: ["npm", "npx"], word: /^--(?:prefer-)?offline(?:=true)?$/ }] },
      },
    ],
    advice:
      "End the RUN with && npm cache clean --force, or mount a cache: RUN --mount=type=cache,target=/root/.npm.",
    source: "npm-config(7): cache; npm-cache(1)",
  },
  {
    id: "yarn",
    caches: [
      {
        what: "Yarn's cache",
        path: /(?:^|\/)(?:\.cache\/yarn|usr\/local\/share\/\.cache\/yarn)\/./,
        folder: "/usr/local/share/.cache/yarn",
        alsoAt: ["~/.cache/yarn"],
        variables: [{ name: "YARN_CACHE_FOLDER", below: "v6/" }, ...xdg("yarn/")],
      },
      // the cache of a project (.yarn/cache) may be what the project runs from: it is none of ours
      {
        what: "Yarn's global cache",
        path: /(?:^|\/)\.yarn\/berry\/cache\/./,
        folder: "~/.yarn/berry/cache",
        mounts: [],
      },
    ],
    // whether `yarn` is version 1 or berry, a Dockerfile does not tell: but by what berry refuses
    writers: [
      {
        names: ["yarn", "yarnpkg"],
        verbs: ["install", "add", ""],
        requires: [
          "--production",
          "--prod",
          "--pure-lockfile",
          "--ignore-optional",
          "--ignore-platform",
          "--ignore-scripts",
          "--no-lockfile",
          "--no-bin-links",
          "--flat",
        ],
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["--cache-folder", "--offline"],
        avoidedByVariables: [],
      },
      {
        names: ["yarn", "yarnpkg"],
        verbs: ["global add"],
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["--cache-folder", "--offline"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [{ names: ["yarn"], words: ["cache", "clean"] }],
    remedies: [
      {
        clears: [0],
        append: "yarn cache clean",
        neededBy: { users: [{ names: ["yarn", "yarnpkg"], word: /^--(?:prefer-)?offline$/ }] },
      },
      {
        clears: [1],
        append: "yarn cache clean",
        unsafe: "Yarn from version 2 on may run the project from its cache",
      },
    ],
    advice:
      "End the RUN with && yarn cache clean, or mount a cache: RUN --mount=type=cache,target=/usr/local/share/.cache/yarn.",
    source: "Yarn 1 documentation, yarn cache; Yarn documentation, cacheFolder and globalFolder",
  },
  {
    id: "pnpm",
    caches: [
      // files that node_modules links to are in use: only what no other path has counts
      {
        what: "pnpm's store",
        path: /(?:^|\/)(?:\.local\/share\/pnpm\/store|\.pnpm-store|pnpm\/store)\/./,
        folder: "~/.local/share/pnpm/store",
      },
      {
        what: "pnpm's metadata cache",
        path: /(?:^|\/)\.cache\/pnpm\/./,
        folder: "~/.cache/pnpm",
        variables: xdg("pnpm/"),
      },
    ],
    // the store may be linked to, and a lockfile makes the metadata needless; `add` fetches it
    writers: [
      {
        names: ["pnpm"],
        verbs: ["add"],
        fills: [1],
        avoidedByFlags: [],
        elsewhereByFlags: ["--offline", "--cache-dir"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [{ names: ["pnpm"], words: ["store", "prune"] }],
    remedies: [
      {
        clears: [0, 1],
        append: "pnpm store prune",
        unsafe: "a later pnpm install --offline of the build may want the store",
        neededBy: { users: [{ names: ["pnpm"], word: /^--(?:offline|prefer-offline)$/ }] },
      },
    ],
    advice:
      "End the RUN with && pnpm store prune, or mount the store: RUN --mount=type=cache,target=/root/.local/share/pnpm/store.",
    source: "pnpm documentation, Settings: storeDir, cacheDir",
  },
  {
    id: "bun",
    caches: [
      {
        what: "Bun's cache",
        path: /(?:^|\/)\.bun\/install\/cache\/./,
        folder: "~/.bun/install/cache",
        variables: [
          { name: "BUN_INSTALL_CACHE_DIR", below: "" },
          { name: "BUN_INSTALL", below: "install/cache/" },
        ],
      },
    ],
    // packages may be linked to; the manifests that `add` fetches are not
    writers: [
      {
        names: ["bun"],
        verbs: ["add"],
        fills: [0],
        avoidedByFlags: ["--no-cache"],
        elsewhereByFlags: ["--cache-dir", "--dry-run"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [{ names: ["bun"], words: ["pm", "cache", "rm"] }],
    remedies: [
      {
        clears: [0],
        append: "bun pm cache rm",
        unsafe: "Bun may link node_modules to its cache",
      },
    ],
    advice:
      "End the RUN with && bun pm cache rm, or mount a cache: RUN --mount=type=cache,target=/root/.bun/install/cache.",
    source: "Bun documentation, Global cache",
  },
];
