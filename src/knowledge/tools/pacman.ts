/** The package manager of Arch Linux, and two that build on it. */
import type { Tool } from "../tool.ts";

export const pacman: Tool = {
  id: "pacman",
  names: ["pacman", "yay", "paru"],
  helpers: ["pacman-key"],
  source: "pacman.conf(5): CacheDir, DBPath",
  // getopt_long
  options: [
    {
      short: "br",
      long: "--dbpath --root --cachedir --hookdir --arch --color --config --gpgdir --logfile --sysroot --overwrite --assume-installed --ignore --ignoregroup --print-format --ask".split(
        " ",
      ),
      flags:
        "--noconfirm --confirm --needed --noprogressbar --noscriptlet --disable-download-timeout --sync --refresh --sysupgrade --clean --downloadonly --print --query --remove --upgrade --database --files --deptest --version --help --verbose --debug --quiet --asdeps --asexplicit --nodeps --dbonly --recursive --cascade --nosave --unneeded".split(
          " ",
        ),
      abbreviates: true,
    },
  ],
  known: "all",
  caches: [
    {
      what: "pacman's downloaded packages",
      path: /^var\/cache\/pacman\/pkg\/./,
      folder: "/var/cache/pacman/pkg",
      refills: true,
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
      elsewhereByFlags: ["--cachedir", "-r", "--root", "--sysroot", "--needed", "--print"],
    },
    {
      names: ["pacman"],
      verbs: [],
      operation: /^-S(?!.*[cgilps])[a-z]*y[a-z]*$/,
      fills: [1],
      elsewhereByFlags: ["--dbpath", "-b", "-r", "--root", "--sysroot"],
    },
  ],
  cleaners: [
    // it asks whether to remove all files, and without an answer it does not
    { words: ["-Scc"], unless: "--noconfirm" },
    { words: ["-Sc"] },
  ],
  system: true,
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
  title: "pacman",
  example: {
    run: "pacman -S --noconfirm vim",
    leftover: "var/cache/pacman/pkg/glibc.pkg.tar.zst",
    innocent: "var/lib/pacman/local/glibc/desc",
  },
  advice: "End the RUN with && rm -rf /var/cache/pacman/pkg/* /var/lib/pacman/sync/*.",
  usualWriters: [{ names: ["pacman"], operation: /^-S[yuw]*$/, fills: [0] }],
  removal: { word: /^-R/ },
  // pacman(8), "Handling config files", DBPath
  database: [{ what: "pacman", paths: /^var\/lib\/pacman\//, list: /^var\/lib\/pacman\/local\/./ }],
};
