/** pnpm. */
import { xdg } from "../tool-caches.ts";
import type { Tool } from "../tool.ts";

export const pnpm: Tool = {
  id: "pnpm",
  names: ["pnpm"],
  source: "pnpm documentation, Settings: storeDir, cacheDir",
  // an option that it does not know is an error
  options: [
    {
      short: "CF",
      long: "--dir --filter --filter-prod --registry --store-dir --virtual-store-dir --modules-dir --cache-dir --state-dir --config-dir --lockfile-dir --loglevel --reporter --workspace-concurrency --network-concurrency --child-concurrency --node-linker --package-import-method --resolution-mode --scope --userconfig --global-dir --global-bin-dir --fetch-retries --fetch-timeout --use-node-version --script-shell --tag --prefix".split(
        " ",
      ),
      flags:
        "-r --recursive -w --workspace-root -g --global -s --silent -h --help -v --version --color --no-color --aggregate-output --stream --parallel --offline --prefer-offline --frozen-lockfile --prod -P --production --dev -D --no-optional --optional --ignore-scripts --shamefully-hoist --lockfile-only --fix-lockfile --force --strict-peer-dependencies --ignore-workspace --yes --use-stderr --ignore-pnpmfile --unsafe-perm --no-lockfile --merge-git-branch-lockfiles -E --save-exact -O".split(
          " ",
        ),
      softValues: true,
      booleans: true,
    },
  ],
  known:
    "install i add fetch remove rm uninstall un update up prune store config set get import list ls ll root bin deploy link setup env why outdated audit rebuild dedupe self-update".split(
      " ",
    ),
  caches: [
    // files that node_modules links to are in use: only what no other path has counts
    {
      what: "pnpm's store",
      path: /(?:^|\/)(?:\.local\/share\/pnpm\/store|\.pnpm-store|pnpm\/store)\/./,
      folder: "~/.local/share/pnpm/store",
      refills: true,
    },
    {
      what: "pnpm's metadata cache",
      path: /(?:^|\/)\.cache\/pnpm\/./,
      folder: "~/.cache/pnpm",
      variables: xdg("pnpm/"),
      refills: true,
    },
  ],
  // the store may be linked to, and a lockfile makes the metadata needless; `add` fetches it
  writers: [
    {
      verbs: ["add"],
      fills: [1],
      elsewhereByFlags: ["--offline", "--cache-dir"],
    },
  ],
  cleaners: [{ words: ["store", "prune"] }],
  remedies: [
    {
      clears: [0, 1],
      append: "pnpm store prune",
      unsafe: "a later pnpm install --offline of the build may want the store",
      neededBy: { users: [{ names: ["pnpm"], word: /^--(?:offline|prefer-offline)$/ }] },
    },
  ],
  title: "pnpm",
  example: {
    run: "pnpm add -g serve",
    leftover: "root/.local/share/pnpm/store/v3/files/00/x",
    innocent: "app/node_modules/.pnpm/lodash/index.js",
  },
  advice:
    "End the RUN with && pnpm store prune, or mount the store: RUN --mount=type=cache,target=/root/.local/share/pnpm/store.",
  usualWriters: [{ verbs: ["install", "i", "add"], fills: [0, 1] }],
  project: {
    verbs: ["install", "i"],
    downloads: ["fetch"],
    manifests: ["package.json", "pnpm-lock.yaml"],
    makes: { folder: "node_modules", verbs: ["install", "i", "add"] },
    development: {
      options: /^(?:--prod|--production(?:=true)?|-P|-g|--global|--lockfile-only)$/,
      variables: [{ name: "NODE_ENV", value: /^production$/ }],
      prunes: [
        { names: ["pnpm"], words: ["prune"] },
        { names: ["pnpm"], words: ["deploy"] },
      ],
      word: "--prod",
      source: "pnpm documentation, pnpm install: --prod",
    },
  },
  removal: { word: /^(?:uninstall|un|unlink|remove|rm|r)$/ },
  building: { how: "maybe", verbs: ["install", "ci", "i", "add"] },
};
