/** The package manager of Alpine Linux and Wolfi. */
import type { Tool } from "../tool.ts";

export const apk: Tool = {
  id: "apk",
  names: ["apk"],
  source: "apk(8): --no-cache, --cache-dir; apk-cache(5)",
  // apk-tools 2 reads them with getopt_long
  options: [
    {
      short: "pXt",
      long: "--root --repository --virtual --arch --keys-dir --repositories-file --cache-dir --cache-max-age --wait --progress-fd --timeout".split(
        " ",
      ),
      flags:
        "-q --quiet -v --verbose -i --interactive -f --force -U --update-cache --no-cache --no-network --no-progress --progress --purge --allow-untrusted --no-check-certificate --no-logfile --no-chown --no-scripts --no-commit-hooks -s --simulate -u --upgrade -l --latest --initdb --clean-protected --print-arch --preserve-env --available --ignore --reinstall --no-self-upgrade --self-upgrade-only -h --help -V --version".split(
          " ",
        ),
      abbreviates: true,
    },
  ],
  known: "all",
  caches: [
    {
      what: "apk's package index and packages",
      path: /^(?:var\/cache\/apk|etc\/apk\/cache)\/./,
      folder: "/var/cache/apk",
      alsoAt: ["/etc/apk/cache"],
      aliases: ["DL3019"],
    },
  ],
  writers: [
    {
      verbs: ["add", "update", "upgrade"],
      fills: [0],
      avoidedByFlags: ["--no-cache"],
      elsewhereByFlags: ["--cache-dir", "--root", "-p", "--no-network", "--simulate", "-s"],
      alwaysWith: { verbs: ["update"], options: ["-U", "--update", "--update-cache"] },
    },
  ],
  cleaners: [],
  system: true,
  remedies: [
    {
      clears: [0],
      insert: "--no-cache",
      drops: {
        words: ["-U", "--update", "--update-cache"],
        updates: { names: ["apk"], verbs: ["update"] },
        readers: {
          names: ["apk"],
          verbs: ["search", "list", "info", "policy", "fetch", "fix", "version", "dot"],
        },
        removals: ["/var/cache/apk/*", "/var/cache/apk"],
        remove: "rm -rf /var/cache/apk/*",
        elsewhere: "--cache-dir",
      },
    },
  ],
  // an index that an earlier build left is not used for long
  mounting: {
    options: "sharing=locked",
    word: {
      word: "--update-cache",
      unless: ["-U", "--update", "--update-cache"],
      updates: { names: ["apk"], verbs: ["update"] },
    },
  },
  title: "apk",
  example: {
    run: "apk add curl",
    leftover: "var/cache/apk/APKINDEX.1.tar.gz",
    innocent: "lib/apk/db/installed",
  },
  advice: "Use apk add --no-cache, and drop apk update.",
  packages: {
    install: ["add"],
    alsoInstall: [],
    refresh: ["update"],
    upgrade: ["upgrade"],
    clean: [],
  },
  removal: { word: /^del$/, command: "apk del {packages}", group: /^(?:-t|--virtual)$/ },
  // apk-tools: the installed database and the world file; below usr/ since apk-tools 3
  database: [
    {
      what: "apk",
      paths: /^(?:(?:usr\/)?lib\/apk\/db\/|etc\/apk\/world$)/,
      list: /^(?:usr\/)?lib\/apk\/db\/installed$/,
    },
  ],
};
