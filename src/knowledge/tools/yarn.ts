/** Yarn, version 1 and later ones. */
import { xdg } from "../tool-caches.ts";
import type { Tool } from "../tool.ts";

export const yarn: Tool = {
  id: "yarn",
  names: ["yarn", "yarnpkg"],
  source: "Yarn 1 documentation, yarn cache; Yarn documentation, cacheFolder and globalFolder",
  // Commander of Yarn 1: no abbreviations; --production may have a value
  options: [
    {
      short: "",
      long: "--cwd --cache-folder --global-folder --preferred-cache-folder --modules-folder --registry --proxy --https-proxy --network-concurrency --network-timeout --mutex --prefix --use-yarnrc --link-folder --otp --level --groups --depth --access --message --preid --production --prod --emoji --scripts-prepend-node-path --into --resolved --mode".split(
        " ",
      ),
      flags:
        "-h --help -v --version -s --silent --json --verbose --offline --prefer-offline --non-interactive --no-progress --ignore-scripts --ignore-platform --ignore-engines --ignore-optional --pure-lockfile --frozen-lockfile --no-lockfile --update-checksums --force --flat --har --strict-semver --link-duplicates --check-files --no-bin-links --skip-integrity-check --no-default-rc --no-node-version-check --disable-pnp --enable-pnp --pnp --integrity --verify-tree --immutable --immutable-cache --check-cache --inline-builds -D --dev -g --global".split(
          " ",
        ),
      softValues: true,
    },
  ],
  known: [
    ..."install add remove cache config import set plugin info list why versions version dedupe up unplug link check outdated audit bin".split(
      " ",
    ),
    "global add",
    "global remove",
    "global upgrade",
    "global list",
    "global bin",
    "global dir",
    "workspaces focus",
    "workspaces list",
    "workspaces info",
  ],
  caches: [
    {
      what: "Yarn's cache",
      path: /(?:^|\/)(?:\.cache\/yarn|usr\/local\/share\/\.cache\/yarn)\/./,
      folder: "/usr/local/share/.cache/yarn",
      alsoAt: ["~/.cache/yarn"],
      variables: [{ name: "YARN_CACHE_FOLDER", below: "v6/" }, ...xdg("yarn/")],
      aliases: ["DL3060"],
    },
    // a project may run from its own cache (.yarn/cache), so that one does not count
    {
      what: "Yarn's global cache",
      path: /(?:^|\/)\.yarn\/berry\/cache\/./,
      folder: "~/.yarn/berry/cache",
      mounts: [],
    },
  ],
  // a Dockerfile shows that `yarn` is version 1 only by options that berry rejects
  writers: [
    {
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
      elsewhereByFlags: ["--cache-folder", "--offline"],
    },
    {
      verbs: ["global add"],
      fills: [0],
      elsewhereByFlags: ["--cache-folder", "--offline"],
    },
  ],
  cleaners: [{ words: ["cache", "clean"], empties: { cache: 0 } }],
  remedies: [
    {
      clears: [0],
      append: "yarn cache clean",
      refilled: true,
      neededBy: { users: [{ names: ["yarn", "yarnpkg"], word: /^--(?:prefer-)?offline$/ }] },
    },
    {
      clears: [1],
      append: "yarn cache clean",
      unsafe: "Yarn from version 2 on may run the project from its cache",
    },
  ],
  title: "Yarn",
  example: {
    run: "yarn global add serve",
    leftover: "usr/local/share/.cache/yarn/v6/npm-x/package.json",
    innocent: "app/.yarn/cache/lodash.zip",
  },
  advice:
    "End the RUN with && yarn cache clean, or mount a cache: RUN --mount=type=cache,target=/usr/local/share/.cache/yarn.",
  usualWriters: [{ verbs: ["", "install", "add"], fills: [0, 1] }],
  project: {
    verbs: ["install", ""],
    manifests: ["package.json", "yarn.lock"],
    makes: { folder: "node_modules", verbs: ["", "install", "add"] },
    development: {
      options: /^(?:--production(?:=true)?|--prod|--version|-v|--help|-h)$/,
      variables: [
        { name: "NODE_ENV", value: /^production$/ },
        { name: "YARN_PRODUCTION", value: /^(?:1|true|yes|on)$/i },
      ],
      setting: /yarn[ \t]+config[ \t]+set[ \t]+production/,
      prunes: [
        { names: ["npm", "yarn"], words: ["prune"] },
        { names: ["yarn"], words: ["workspaces", "focus"] },
      ],
      word: "--production",
      // from version 2 on Yarn refuses the word; these are for version 1
      shownBy:
        /^--(?:frozen-lockfile|pure-lockfile|ignore-optional|ignore-platform|ignore-engines|no-lockfile|no-bin-links|flat|non-interactive|network-timeout(?:=.*)?|cache-folder(?:=.*)?)$/,
      source: "Yarn 1 documentation, yarn install: --production",
    },
  },
  removal: { word: /^(?:uninstall|un|unlink|remove|rm|r)$/ },
  building: { how: "maybe", verbs: ["install", "ci", "i", "add"] },
};
