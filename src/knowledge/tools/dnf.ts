/** The package managers of Fedora, RHEL and Photon OS: dnf, and those with its command line. */
import type { Tool } from "../tool.ts";

export const dnf: Tool = {
  id: "dnf",
  names: ["dnf", "dnf5", "dnf-3", "yum", "microdnf", "tdnf"],
  helpers: ["yum-config-manager", "subscription-manager"],
  source: "dnf.conf(5): cachedir, keepcache; dnf5: system_cachedir",
  known: "all",
  caches: [
    {
      what: "dnf's metadata and packages",
      path: /^var\/cache\/(?:dnf|libdnf5|yum|tdnf)\/./,
      folder: "/var/cache/dnf",
      alsoAt: ["/var/cache/libdnf5", "/var/cache/yum", "/var/cache/tdnf"],
      // `dnf` is version 4 or 5, `yum` and `microdnf` may be dnf
      byProgram: {
        dnf: ["/var/cache/dnf", "/var/cache/libdnf5"],
        dnf5: ["/var/cache/libdnf5"],
        yum: ["/var/cache/yum", "/var/cache/dnf"],
        microdnf: ["/var/cache/yum", "/var/cache/dnf"],
        tdnf: ["/var/cache/tdnf"],
      },
      refills: true,
      aliases: ["DL3032", "DL3040"],
    },
  ],
  writers: [
    {
      verbs: ["install", "update", "upgrade", "makecache", "reinstall", "groupinstall", "builddep"],
      fills: [0],
      elsewhereByFlags: ["--installroot", "-C", "--cacheonly", "--setopt=cachedir", "--assumeno"],
    },
  ],
  cleaners: [
    {
      words: ["clean"],
      empties: { cache: 0, with: ["all"] },
    },
  ],
  system: true,
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
  title: "dnf",
  example: {
    run: "dnf install -y git",
    leftover: "var/cache/dnf/base/repodata/primary.xml.gz",
    innocent: "var/lib/rpm/rpmdb.sqlite",
  },
  advice:
    "End the RUN with && dnf clean all (the same tool that installed: microdnf, yum), or mount a cache: RUN --mount=type=cache,target=/var/cache/dnf.",
  options: [
    {
      names: ["microdnf"],
      short: "",
      long: ["--enablerepo", "--disablerepo", "--installroot", "--releasever", "--setopt", "--config"],
      flags: ["-y", "--assumeyes", "--nodocs", "--best", "--refresh", "-h", "--help"],
    },
    {
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
        "--rpmverbosity",
        "--comment",
        "--destdir",
        "--downloaddir",
        "--color",
        "--enableplugin",
        "--disableplugin",
      ],
      flags:
        "-y --assumeyes --assumeno -q --quiet -v --verbose -b --best --nobest -C --cacheonly --refresh --allowerasing --skip-broken --nodocs --nogpgcheck --noplugins --obsoletes --downloadonly --security --bugfix --enhancement --newpackage -4 -6 --help -h --version --allowdowngrade --noautoremove --debugsolver --showduplicates".split(
          " ",
        ),
      // argparse and optparse of dnf 4 and yum take unique beginnings; dnf5 refuses them
      abbreviates: true,
    },
  ],
  packages: {
    install: ["install", "groupinstall"],
    alsoInstall: ["reinstall", "localinstall", "builddep", "swap"],
    refresh: ["makecache"],
    upgrade: ["update", "upgrade", "distro-sync", "dist-sync"],
    clean: ["clean"],
    // dnf(8), yum(8): -y; microdnf never asks
    asks: {
      names: ["dnf", "dnf5", "dnf-3", "yum", "tdnf"],
      verbs:
        "install reinstall localinstall groupinstall builddep swap remove erase autoremove update upgrade distro-sync dist-sync downgrade".split(
          " ",
        ),
      options: ["-y", "--assumeyes", "--assumeno", "--downloadonly", "-h", "--help"],
      word: "-y",
      setting: /assumeyes/i,
    },
  },
  removal: { word: /^(?:remove|erase|autoremove|groupremove)$/, command: "{tool} remove -y {packages}" },
  unpacking: { verbs: ["install"], archive: /\/.*\.(?:deb|rpm)$/ },
  // dnf(8), "Files": the history and the module state; dnf5's system state
  database: [{ what: "dnf", paths: /^(?:var\/lib\/dnf|usr\/lib\/sysimage\/libdnf5)\// }],
};
