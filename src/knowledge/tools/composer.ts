/** Composer, the package manager of PHP. */
import { fieldOf } from "../../records.ts";
import { xdg } from "../tool-caches.ts";
import type { Tool } from "../tool.ts";

export const composer: Tool = {
  id: "composer",
  names: ["composer"],
  source: "Composer documentation, cache-dir and COMPOSER_CACHE_DIR, config: authentication",
  // Symfony Console: no abbreviations of options
  options: [
    {
      short: "d",
      long: "--working-dir --apcu-autoloader-prefix --ignore-platform-req --prefer-install --repository --repository-url --stability --format".split(
        " ",
      ),
      flags:
        "-q --quiet -v -vv -vvv --verbose -V --version -n --no-interaction --profile --no-plugins --no-scripts --no-cache --ansi --no-ansi -h --help".split(
          " ",
        ),
    },
  ],
  known: [
    ..."install i update u upgrade require remove create-project config dump-autoload dumpautoload show info diagnose self-update selfupdate check-platform-reqs validate about licenses clear-cache clearcache cc".split(
      " ",
    ),
    "global require",
    "global update",
    "global config",
    "global show",
    "global dump-autoload",
  ],
  caches: [
    {
      what: "Composer's cache",
      path: /(?:^|\/)(?:\.composer\/cache|\.cache\/composer)\/./,
      folder: "~/.composer/cache",
      alsoAt: ["~/.cache/composer"],
      mounts: ["~/.composer/cache", "~/.cache/composer"],
      variables: [
        { name: "COMPOSER_CACHE_DIR", below: "" },
        { name: "COMPOSER_HOME", below: "cache/" },
        ...xdg("composer/"),
      ],
      refills: true,
    },
  ],
  writers: [
    {
      verbs: ["install", "update", "require", "create-project"],
      fills: [0],
      avoidedByFlags: ["--no-cache"],
    },
  ],
  cleaners: [
    { words: ["clear-cache"], empties: { cache: 0 } },
    { words: ["clearcache"], empties: { cache: 0 } },
    { words: ["cc"], empties: { cache: 0 } },
  ],
  remedies: [
    {
      clears: [0],
      append: "composer clear-cache",
      unsafe: "a later composer install of the build may want the cache",
    },
  ],
  secrets: {
    words: [
      { behind: /^http-basic\./, skip: 1 },
      { behind: /^(?:github-oauth|gitlab-token|gitlab-oauth|bearer)\./, skip: 0 },
    ],
  },
  title: "Composer",
  example: {
    run: "composer install",
    leftover: "root/.composer/cache/files/x.zip",
    innocent: "app/vendor/composer/autoload.php",
  },
  advice:
    "Use composer install --no-cache, or mount a cache: RUN --mount=type=cache,target=/root/.composer/cache.",
  project: {
    verbs: ["install"],
    manifests: ["composer.json", "composer.lock"],
    development: {
      options: /^(?:--no-dev|--dry-run|--download-only)$/,
      variables: [{ name: "COMPOSER_NO_DEV", value: /^1$/ }],
      prunes: [{ names: ["composer"], words: ["--no-dev"] }],
      word: "--no-dev",
      source: "Composer documentation, install: --no-dev, COMPOSER_NO_DEV",
    },
    // Composer from version 2 on
    record: {
      path: /(?:^|\/)composer\/installed\.json$/,
      below: "composer/",
      packageOf: /^(?:.*\/)?vendor\/[^/]+\/[^/]+(?=\/)/,
      developmentFolders(record) {
        const names = fieldOf(record, "dev-package-names");
        if (fieldOf(record, "dev") !== true || !Array.isArray(names)) return undefined;
        return names.filter((name) => typeof name === "string");
      },
    },
  },
};
