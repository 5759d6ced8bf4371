/** The package manager of Debian and Ubuntu. */
import type { Tool } from "../tool.ts";

export const apt: Tool = {
  id: "apt",
  names: ["apt-get", "apt", "aptitude"],
  helpers: ["apt-cache", "apt-config", "apt-mark", "apt-key", "add-apt-repository"],
  source: "apt.conf(5): Dir::State::lists, Dir::Cache::archives, pkgcache, srcpkgcache",
  // no abbreviations; `-o=X` is `-o X`
  options: [
    {
      short: "octaP",
      long: "--option --config-file --target-release --default-release --host-architecture --build-profiles --with-source --snapshot".split(
        " ",
      ),
      flags:
        "-y --yes --assume-yes --assume-no -q --quiet -s --simulate --just-print --dry-run --recon --no-act -d --download-only -f --fix-broken -m --ignore-missing --fix-missing -u --show-upgraded -V --verbose-versions -v --version -h --help -b --build --compile --no-install-recommends --install-recommends --no-install-suggests --install-suggests --no-download --allow-downgrades --allow-remove-essential --allow-change-held-packages --allow-unauthenticated --allow-insecure-repositories --allow-releaseinfo-change --force-yes --no-upgrade --only-upgrade --reinstall --purge --auto-remove --autoremove --no-remove --trivial-only --print-uris --list-cleanup --no-list-cleanup --trust-cdrom --ignore-hold --no-strip-extras".split(
          " ",
        ),
    },
  ],
  known: "all",
  caches: [
    {
      what: "apt's package lists",
      path: /^var\/lib\/apt\/lists\/./,
      folder: "/var/lib/apt/lists",
      mounts: ["/var/lib/apt"],
      ignoredBy: [
        {
          names: ["apt-get", "apt", "aptitude"],
          verbs: "clean remove purge autoremove autopurge".split(" "),
        },
        { names: ["apt-mark", "apt-key", "apt-config"] },
      ],
      aliases: ["DL3009"],
    },
    {
      what: "apt's downloaded packages and index caches",
      path: /^var\/cache\/apt\/(?:archives\/.*\.deb|(?:src)?pkgcache\.bin)$/,
      folder: "/var/cache/apt",
    },
  ],
  writers: [
    {
      verbs: ["update"],
      fills: [0],
      elsewhereByFlags: ["--print-uris", "-s", "--simulate", "--no-act", "-o", "--option", "-c"],
    },
  ],
  cleaners: [
    { names: ["apt-get", "apt"], words: ["distclean"], empties: { cache: 0 } },
    { names: ["apt-get", "apt"], words: ["dist-clean"], empties: { cache: 0 } },
  ],
  system: true,
  remedies: [
    {
      clears: [0],
      append: "rm -rf /var/lib/apt/lists/*",
      // what it fetches lies there as well
      keptBy: /\bapt-file\s+(?:-\S+\s+)*update\b/,
      together: [
        { names: ["apt-get", "apt", "aptitude"], verbs: ["update"] },
        { names: ["apt-get", "apt", "aptitude"], verbs: ["install"] },
      ],
      wantedBy: {
        users: [
          {
            names: ["apt-get", "apt", "aptitude"],
            verbs:
              "install reinstall satisfy build-dep source download changelog upgrade dist-upgrade full-upgrade safe-upgrade search show policy list info showsrc depends rdepends madison versions why why-not".split(
                " ",
              ),
          },
          {
            names: [
              "apt-cache",
              "add-apt-repository",
              "apt-file",
              "mk-build-deps",
              "apt-show-versions",
              "apt-rdepends",
              "apt-listchanges",
            ],
          },
        ],
        updates: { names: ["apt-get", "apt", "aptitude"], verbs: ["update"] },
        update: "apt-get update",
      },
    },
    {
      clears: [1],
      append: "rm -rf /var/cache/apt/archives/*.deb /var/cache/apt/*.bin",
      unsafe: "a later step may use the packages that apt kept",
    },
  ],
  // the images of Docker delete every package after its installation, by a hook in this file
  mounting: {
    options: "sharing=locked",
    before: { command: "rm -f /etc/apt/apt.conf.d/docker-clean", unless: /docker-clean|Keep-Downloaded/i },
    empties: { names: ["apt-get", "apt"], verbs: ["clean", "autoclean"] },
    changes: "and the docker-clean hook of the image is removed",
  },
  title: "apt",
  example: {
    run: "apt-get update && apt-get install -y curl",
    leftover: "var/lib/apt/lists/deb_main_Packages",
    innocent: "var/lib/dpkg/status",
  },
  advice:
    "End the RUN with && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin, or mount caches: RUN --mount=type=cache,target=/var/lib/apt --mount=type=cache,target=/var/cache/apt.",
  packages: {
    names: ["apt-get", "apt"],
    install: ["install"],
    alsoInstall: ["reinstall", "build-dep", "satisfy"],
    refresh: ["update"],
    upgrade: ["upgrade", "dist-upgrade", "full-upgrade"],
    clean: ["clean", "autoclean"],
    // apt-get(8): -y, -q; autoremove asks nothing where nothing was left over
    asks: {
      verbs: "install reinstall build-dep remove purge upgrade dist-upgrade full-upgrade".split(" "),
      options:
        "-y --yes --assume-yes --assume-no --force-yes -s --simulate --just-print --dry-run --recon --no-act --print-uris -h --help".split(
          " ",
        ),
      word: "-y",
      setting: /Assume-Yes/i,
    },
  },
  removal: { word: /^(?:purge|remove|autoremove)$/, command: "apt-get purge -y --auto-remove {packages}" },
  unpacking: { verbs: ["install"], archive: /\/.*\.(?:deb|rpm)$/ },
};
