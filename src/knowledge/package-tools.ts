/** How the package managers of distributions are told what to do. */

export interface PackageTool {
  readonly names: readonly string[];
  /** Letters of the short options that take a value, and the long options that do. */
  readonly short: string;
  readonly long: readonly string[];
  /** Verbs, by what they do. */
  readonly install: readonly string[];
  readonly refresh: readonly string[];
  /** Brings everything up to date where no package is named. */
  readonly upgrade: readonly string[];
  /** It asks before it does these, which nobody answers in a build. */
  readonly asks?: {
    readonly verbs: readonly string[];
    /** Options by which it does not, or does nothing. */
    readonly options: readonly string[];
    /** The word that answers, behind the verb. */
    readonly word: string;
    /** A setting that answers. */
    readonly setting: RegExp;
    /** What happens without an answer. */
    readonly source: string;
  };
}

export const packageTools: readonly PackageTool[] = [
  {
    names: ["apt-get", "apt"],
    short: "octa",
    long: ["--option", "--config-file", "--target-release", "--default-release", "--host-architecture"],
    install: ["install", "reinstall", "build-dep", "satisfy"],
    refresh: ["update"],
    upgrade: ["upgrade", "dist-upgrade", "full-upgrade"],
    asks: {
      verbs: [
        "install",
        "reinstall",
        "build-dep",
        "remove",
        "purge",
        "autoremove",
        "autopurge",
        "upgrade",
        "dist-upgrade",
        "full-upgrade",
      ],
      options: [
        "-y",
        "--yes",
        "--assume-yes",
        "--assume-no",
        "--force-yes",
        "-s",
        "--simulate",
        "--just-print",
        "--dry-run",
        "--recon",
        "--no-act",
        "--print-uris",
        "-h",
        "--help",
      ],
      word: "-y",
      setting: /Assume-Yes/i,
      source: "apt-get(8): -y, -q",
    },
  },
  {
    names: ["apk"],
    short: "pXt",
    long: [
      "--root",
      "--repository",
      "--virtual",
      "--arch",
      "--keys-dir",
      "--repositories-file",
      "--cache-dir",
    ],
    install: ["add"],
    refresh: ["update"],
    upgrade: ["upgrade"],
  },
  {
    names: ["dnf", "dnf5", "dnf-3", "yum", "tdnf"],
    short: "cdexR",
    long: [
      "--config",
      "--repo",
      "--repoid",
      "--enablerepo",
      "--disablerepo",
      "--exclude",
      "--installroot",
      "--releasever",
      "--setopt",
      "--debuglevel",
      "--errorlevel",
      "--forcearch",
      "--advisory",
    ],
    install: ["install", "reinstall", "localinstall", "groupinstall", "builddep", "swap"],
    refresh: ["makecache"],
    upgrade: ["update", "upgrade", "distro-sync", "dist-sync"],
    asks: {
      verbs: [
        "install",
        "reinstall",
        "localinstall",
        "groupinstall",
        "builddep",
        "swap",
        "remove",
        "erase",
        "autoremove",
        "update",
        "upgrade",
        "distro-sync",
        "dist-sync",
        "downgrade",
      ],
      options: ["-y", "--assumeyes", "--assumeno", "--downloadonly", "-h", "--help"],
      word: "-y",
      setting: /assumeyes/i,
      source: "dnf(8), yum(8): -y",
    },
  },
  {
    // it never asks
    names: ["microdnf"],
    short: "",
    long: ["--enablerepo", "--disablerepo", "--installroot", "--releasever", "--setopt", "--config"],
    install: ["install", "reinstall"],
    refresh: ["makecache"],
    upgrade: ["update", "upgrade"],
  },
  {
    names: ["zypper"],
    short: "RcCDrtp",
    long: ["--root", "--config", "--cache-dir", "--reposd-dir", "--repo", "--type", "--from", "--plus-repo"],
    install: ["install", "in", "source-install", "si"],
    refresh: ["refresh", "ref"],
    upgrade: ["update", "up", "dist-upgrade", "dup"],
    asks: {
      verbs: ["install", "in", "remove", "rm", "update", "up", "dist-upgrade", "dup", "patch"],
      options: [
        "-n",
        "--non-interactive",
        "-y",
        "--no-confirm",
        "-D",
        "--dry-run",
        "-h",
        "--help",
        "--download-only",
        "-d",
      ],
      word: "-y",
      setting: /non[-_]?interactive/i,
      source: "zypper(8): --no-confirm, --non-interactive",
    },
  },
];
