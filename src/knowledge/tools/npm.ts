/** npm, the package manager of Node.js. */
import { fieldOf } from "../../records.ts";
import type { Tool } from "../tool.ts";

const production = /^production$/;
const on = /^(?:1|true|yes|on)$/i;

export const npm: Tool = {
  id: "npm",
  names: ["npm"],
  source: "npm-config(7): cache; npm-cache(1)",
  // nopt: one dash or two, unique beginnings, --no-x for each x
  options: [
    {
      short: "",
      long: "-C -L -c -m -w --_auth --access --also --audit-level --auth-type --before --ca --cache --cache-max --cache-min --cafile --call --cert --cidr --cpu --depth --diff --diff-dst-prefix --diff-src-prefix --diff-unified --editor --expect-result-count --expires --fetch-retries --fetch-retry-factor --fetch-retry-maxtimeout --fetch-retry-mintimeout --fetch-timeout --git --globalconfig --heading --https-proxy --include --init-author-email --init-author-name --init-author-url --init-license --init-module --init-type --init-version --init.author.email --init.author.name --init.author.url --init.license --init.module --init.version --install-strategy --key --libc --local-address --location --lockfile-version --loglevel --logs-dir --logs-max --message --maxsockets --min-release-age --name --node-gyp --node-options --noproxy --omit --only --orgs --os --otp --package --pack-destination --packages --prefix --preid --provenance-file --proxy --reg --registry --replace-registry-host --save-prefix --sbom-format --sbom-type --scope --scopes --script-shell --searchexclude --searchlimit --searchopts --searchstaleness --shell --tag --tag-version-prefix --umask --user-agent --userconfig --viewer --which --workspace".split(
        " ",
      ),
      flags:
        "-a -B -D -d -dd -ddd -E -f -g -h -H -l -n -O -p -P -q -s -S -v -y --all --allow-same-version --audit --bin-links --browser --color --commit-hooks --description --dev --dry-run --engine-strict --expect-results --force --foreground-scripts --format-package-lock --fund --git-tag-version --global --global-style --help --if-present --ignore-scripts --include-staged --include-workspace-root --init-private --install-links --json --legacy-bundling --legacy-peer-deps --link --local --long --offline --omit-lockfile-registry-resolved --optional --package-lock --package-lock-only --parseable --prefer-dedupe --prefer-offline --prefer-online --production --progress --provenance --quiet --read-only --rebuild-bundle --save --save-bundle --save-dev --save-exact --save-optional --save-peer --save-prod --shrinkwrap --sign-git-commit --sign-git-tag --silent --strict-peer-deps --strict-ssl --timing --unicode --unsafe-perm --update-notifier --usage --verbose --version --versions --workspaces --workspaces-update --ws --yes".split(
          " ",
        ),
      abbreviates: true,
      wholeNames: true,
      softValues: true,
      booleans: true,
    },
  ],
  known:
    "cache rebuild rb install i ci add clean-install update up upgrade uninstall un unlink remove rm r prune config set get dedupe ddp ls list ll la outdated audit root prefix bin view info show search pkg version pack install-ci-test link ping fund help".split(
      " ",
    ),
  caches: [
    {
      what: "npm's cache",
      path: /(?:^|\/)\.npm\/(?:_cacache|_logs|_npx)\/./,
      folder: "~/.npm",
      variables: ["npm_config_cache", "NPM_CONFIG_CACHE"].flatMap((name) =>
        ["_cacache/", "_logs/", "_npx/"].map((below) => ({ name, below })),
      ),
      refills: true,
    },
  ],
  writers: [
    {
      verbs: ["install", "i", "ci", "add", "clean-install", "update"],
      fills: [0],
      elsewhereByFlags: ["--cache", "--offline", "--dry-run", "--package-lock-only"],
    },
  ],
  cleaners: [
    { words: ["cache", "clean"], empties: { cache: 0 } },
    { words: ["cache", "clear"], empties: { cache: 0 } },
    { words: ["cache", "rm"], empties: { cache: 0 } },
  ],
  remedies: [
    {
      clears: [0],
      append: "npm cache clean --force",
      takes: /(?:^|\/)_cacache\//,
      neededBy: { users: [{ names: ["npm", "npx"], word: /^--(?:prefer-)?offline(?:=true)?$/ }] },
    },
  ],
  title: "npm",
  example: {
    run: "npm ci",
    leftover: "root/.npm/_cacache/content-v2/sha512/00/x",
    innocent: "app/node_modules/cacache/index.js",
  },
  advice:
    "End the RUN with && npm cache clean --force, or mount a cache: RUN --mount=type=cache,target=/root/.npm.",
  project: {
    verbs: ["ci", "install", "i", "clean-install"],
    manifests: ["package.json", "package-lock.json", "npm-shrinkwrap.json"],
    makes: { folder: "node_modules", verbs: ["install", "i", "ci", "add", "clean-install"] },
    development: {
      options:
        /^(?:--omit=dev|--omit|--production(?:=true)?|--prod|--only(?:=.*)?|-g|--global|--location=global|--package-lock-only|--dry-run)$/,
      variables: [
        { name: "NODE_ENV", value: production },
        { name: "npm_config_production", value: on },
        { name: "NPM_CONFIG_PRODUCTION", value: on },
        { name: "npm_config_omit", value: /dev/ },
        { name: "NPM_CONFIG_OMIT", value: /dev/ },
        { name: "npm_config_only", value: /prod/ },
        { name: "NPM_CONFIG_ONLY", value: /prod/ },
      ],
      setting: /npm[ \t]+(?:config[ \t]+)?set[ \t]+(?:production|omit|only)\b/,
      prunes: [{ names: ["npm"], words: ["prune"] }],
      word: "--omit=dev",
      source: "npm-install(1): --omit, NODE_ENV",
    },
    // npm from version 7 on; npm documentation, package-lock.json, "Hidden Lockfiles"
    record: {
      path: /(?:^|\/)node_modules\/\.package-lock\.json$/,
      below: "node_modules/",
      packageOf: /^.*(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/,
      developmentFolders(record) {
        const packages = fieldOf(record, "packages");
        if (typeof packages !== "object" || packages === null) return undefined;
        return Object.entries(packages)
          .filter(([, each]) => fieldOf(each, "dev") === true || fieldOf(each, "devOptional") === true)
          .map(([folder]) => folder);
      },
    },
  },
  removal: { word: /^(?:uninstall|un|unlink|remove|rm|r)$/ },
  building: { how: "maybe", verbs: ["install", "ci", "i", "add"] },
  // find-cache-dir, which Babel, webpack and others use; Next.js and Parcel documentation
  outputs: [
    {
      what: "caches of JavaScript builds",
      path: /(?:^|\/)(?:node_modules\/\.cache|\.next\/cache\/(?:webpack|swc|eslint|\.tsbuildinfo)|\.parcel-cache|\.turbo|\.angular\/cache)\/./,
    },
  ],
};
