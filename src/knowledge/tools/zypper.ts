/** The package manager of openSUSE and SLE. */
import type { Tool } from "../tool.ts";

export const zypper: Tool = {
  id: "zypper",
  names: ["zypper"],
  source: "zypper(8): clean; zypp.conf: cachedir",
  known: "all",
  caches: [
    {
      what: "zypper's metadata and packages",
      path: /^var\/cache\/zypp\/./,
      folder: "/var/cache/zypp",
      refills: true,
      aliases: ["DL3036"],
    },
  ],
  writers: [
    {
      verbs: ["install", "in", "refresh", "ref", "update", "up", "dist-upgrade", "dup", "patch"],
      fills: [0],
      elsewhereByFlags: ["--cache-dir", "-C", "--root", "-R", "--installroot", "--no-refresh"],
    },
  ],
  cleaners: [
    { words: ["clean"], empties: { cache: 0, with: ["-a", "--all"] } },
    { words: ["cc"], empties: { cache: 0, with: ["-a", "--all"] } },
  ],
  system: true,
  remedies: [
    {
      clears: [0],
      append: "zypper clean --all",
      neededBy: { users: [{ names: ["zypper"], word: /^--no-refresh$/ }] },
      keptBy: /--keep-packages\b|\s-k\s|\bkeeppackages\s*=\s*(?:1|true|yes|on)\b/i,
    },
  ],
  mounting: { options: "sharing=locked" },
  title: "zypper",
  example: {
    run: "zypper -n install git",
    leftover: "var/cache/zypp/raw/oss/repodata/primary.xml",
    innocent: "var/lib/zypp/AutoInstalled",
  },
  advice:
    "End the RUN with && zypper clean --all, or mount a cache: RUN --mount=type=cache,target=/var/cache/zypp.",
  options: [
    {
      short: "RcCDrtp",
      long: [
        "--root",
        "--config",
        "--cache-dir",
        "--reposd-dir",
        "--repo",
        "--type",
        "--from",
        "--plus-repo",
        "--installroot",
        "--pkg-cache-dir",
        "--raw-cache-dir",
        "--solv-cache-dir",
        "--userdata",
        "--releasever",
        "--plus-content",
        "--download",
      ],
      flags:
        "-n --non-interactive -q --quiet -v --verbose --no-confirm -y --no-refresh --no-recommends --recommends --no-gpg-checks --gpg-auto-import-keys --no-cd --no-remote --no-color --no-abbrev --non-interactive-include-reboot-patches --ignore-unknown --disable-repositories --disable-system-resolvables --xmlout --terse --auto-agree-with-licenses --allow-vendor-change --no-allow-vendor-change --allow-unsigned-rpm --force --force-resolution --no-force-resolution --replacefiles --dry-run --download-only -d --oldpackage --all -a --metadata --raw-metadata --clean-deps --no-clean-deps -l -f --help -h --version -V".split(
          " ",
        ),
      // getopt_long
      abbreviates: true,
    },
  ],
  packages: {
    install: ["install", "in"],
    alsoInstall: ["source-install", "si"],
    refresh: ["refresh", "ref"],
    upgrade: ["update", "up", "dist-upgrade", "dup"],
    clean: ["clean", "cc"],
    // zypper(8): --no-confirm, --non-interactive
    asks: {
      verbs: ["install", "in", "remove", "rm", "update", "up", "dist-upgrade", "dup", "patch"],
      options: "-n --non-interactive -y --no-confirm -D --dry-run -h --help --download-only -d".split(" "),
      word: "-y",
      setting: /non[-_]?interactive/i,
    },
  },
  removal: { word: /^(?:remove|rm)$/, command: "zypper --non-interactive remove --clean-deps {packages}" },
};
