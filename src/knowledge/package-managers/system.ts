/** The package managers of distributions. */
import type { PackageManager } from "./record.ts";

export const systemManagers: readonly PackageManager[] = [
  {
    id: "apt",
    caches: [
      {
        what: "apt's package lists",
        path: /^var\/lib\/apt\/lists\/./,
        folder: "/var/lib/apt/lists",
        mounts: ["/var/lib/apt"],
      },
      {
        what: "apt's downloaded packages and index caches",
        path: /^var\/cache\/apt\/(?:archives\/.*\.deb|(?:src)?pkgcache\.bin)$/,
        folder: "/var/cache/apt",
      },
    ],
    writers: [
      {
        names: ["apt-get", "apt", "aptitude"],
        verbs: ["update"],
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["--print-uris", "-s", "--simulate", "--no-act", "-o", "--option", "-c"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [
      { names: ["apt-get", "apt"], words: ["distclean"] },
      { names: ["apt-get", "apt"], words: ["dist-clean"] },
    ],
    asRoot: true,
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
                "install reinstall satisfy build-dep source download changelog upgrade dist-upgrade full-upgrade safe-upgrade search show policy".split(
                  " ",
                ),
            },
            { names: ["apt-cache", "add-apt-repository", "apt-file", "mk-build-deps"] },
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
    advice:
      "End the RUN with && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin, or mount caches: RUN --mount=type=cache,target=/var/lib/apt --mount=type=cache,target=/var/cache/apt.",
    source: "apt.conf(5): Dir::State::lists, Dir::Cache::archives, pkgcache, srcpkgcache",
  },
  {
    id: "apk",
    caches: [
      {
        what: "apk's package index and packages",
        path: /^(?:var\/cache\/apk|etc\/apk\/cache)\/./,
        folder: "/var/cache/apk",
        alsoAt: ["/etc/apk/cache"],
      },
    ],
    writers: [
      {
        names: ["apk"],
        verbs: ["add", "update", "upgrade"],
        fills: [0],
        avoidedByFlags: ["--no-cache"],
        elsewhereByFlags: ["--cache-dir", "--root", "-p", "--no-network", "--simulate", "-s"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [],
    asRoot: true,
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
    advice: "Use apk add --no-cache, and drop apk update.",
    source: "apk(8): --no-cache, --cache-dir; apk-cache(5)",
  },
  {
    id: "dnf",
    caches: [
      {
        what: "dnf's metadata and packages",
        path: /^var\/cache\/(?:dnf|libdnf5|yum|tdnf)\/./,
        folder: "/var/cache/dnf",
        alsoAt: ["/var/cache/libdnf5", "/var/cache/yum", "/var/cache/tdnf"],
        // `dnf` is version 4 or 5, `yum` and `microdnf` may be dnf
        mountsBy: {
          dnf: ["/var/cache/dnf", "/var/cache/libdnf5"],
          dnf5: ["/var/cache/libdnf5"],
          yum: ["/var/cache/yum", "/var/cache/dnf"],
          microdnf: ["/var/cache/yum", "/var/cache/dnf"],
          tdnf: ["/var/cache/tdnf"],
        },
      },
    ],
    writers: [
      {
        names: ["dnf", "dnf5", "yum", "microdnf", "tdnf"],
        verbs: ["install", "update", "upgrade", "makecache", "reinstall", "groupinstall", "builddep"],
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["--installroot", "-C", "--cacheonly", "--setopt=cachedir", "--assumeno"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [{ names: ["dnf", "dnf5", "yum", "microdnf", "tdnf"], words: ["clean"] }],
    asRoot: true,
    remedies: [
      {
        clears: [0],
        append: "{tool} clean all",
        neededBy: {
          users: [{ names: ["dnf", "dnf5", "yum", "microdnf", "tdnf"], word: /^(?:-C|--cacheonly)$/ }],
        },
        keptBy: /\bkeepcache\s*=\s*(?:1|true|yes|on)\b/i,
      },
    ],
    mounting: { options: "sharing=locked" },
    advice:
      "End the RUN with && dnf clean all (the same tool that installed: microdnf, yum), or mount a cache: RUN --mount=type=cache,target=/var/cache/dnf.",
    source: "dnf.conf(5): cachedir, keepcache; dnf5: system_cachedir",
  },
  {
    id: "zypper",
    caches: [
      { what: "zypper's metadata and packages", path: /^var\/cache\/zypp\/./, folder: "/var/cache/zypp" },
    ],
    writers: [
      {
        names: ["zypper"],
        verbs: ["install", "in", "refresh", "ref", "update", "up", "dist-upgrade", "dup", "patch"],
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["--cache-dir", "-C", "--root", "-R", "--installroot", "--no-refresh"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [
      { names: ["zypper"], words: ["clean"] },
      { names: ["zypper"], words: ["cc"] },
    ],
    asRoot: true,
    remedies: [
      {
        clears: [0],
        append: "zypper clean --all",
        neededBy: { users: [{ names: ["zypper"], word: /^--no-refresh$/ }] },
        keptBy: /--keep-packages\b|\s-k\s|\bkeeppackages\s*=\s*(?:1|true|yes|on)\b/i,
      },
    ],
    mounting: { options: "sharing=locked" },
    advice:
      "End the RUN with && zypper clean --all, or mount a cache: RUN --mount=type=cache,target=/var/cache/zypp.",
    source: "zypper(8): clean; zypp.conf: cachedir",
  },
  {
    id: "pacman",
    caches: [
      {
        what: "pacman's downloaded packages",
        path: /^var\/cache\/pacman\/pkg\/./,
        folder: "/var/cache/pacman/pkg",
      },
      {
        what: "pacman's databases of the repositories",
        path: /^var\/lib\/pacman\/sync\/./,
        folder: "/var/lib/pacman/sync",
      },
    ],
    writers: [
      {
        names: ["pacman"],
        verbs: [],
        operation: /^-S(?!.*[cgilps])[a-z]*$/,
        wants: /^[^-]/,
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["--cachedir", "-r", "--root", "--sysroot", "--needed", "--print"],
        avoidedByVariables: [],
      },
      {
        names: ["pacman"],
        verbs: [],
        operation: /^-S(?!.*[cgilps])[a-z]*y[a-z]*$/,
        fills: [1],
        avoidedByFlags: [],
        elsewhereByFlags: ["--dbpath", "-b", "-r", "--root", "--sysroot"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [
      // it asks whether to remove all files, and takes the answer that nobody gives for a no
      { names: ["pacman", "yay", "paru"], words: ["-Scc"], unless: "--noconfirm" },
      { names: ["pacman", "yay", "paru"], words: ["-Sc"] },
    ],
    asRoot: true,
    remedies: [
      {
        clears: [0, 1],
        append: "rm -rf /var/cache/pacman/pkg/* /var/lib/pacman/sync/*",
        unsafe: "a later pacman -S without -y needs the databases",
        neededBy: {
          users: [{ names: ["pacman"], word: /^-S[^yc]*$/ }, { names: ["yay", "paru", "makepkg", "aura"] }],
          until: { names: ["pacman"], word: /^-S[a-z]*y/ },
        },
      },
      {
        clears: [0],
        append: "rm -rf /var/cache/pacman/pkg/*",
        unsafe: "a later pacman -U may want a package",
        takes: /^var\/cache\/pacman\/pkg\//,
      },
    ],
    mounting: { options: "sharing=locked" },
    advice: "End the RUN with && rm -rf /var/cache/pacman/pkg/* /var/lib/pacman/sync/*.",
    source: "pacman.conf(5): CacheDir, DBPath",
  },
];
