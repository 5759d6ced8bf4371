/** pixi, which installs conda packages for a project. */
import { xdg } from "../tool-caches.ts";
import type { Tool } from "../tool.ts";

export const pixi: Tool = {
  id: "pixi",
  names: ["pixi"],
  source:
    "Pixi documentation, Environment variables (PIXI_CACHE_DIR) and pixi clean cache; rattler_cache, default_cache_dir",
  // clap: no abbreviations
  options: [
    {
      short: "ecf",
      long: "--manifest-path --environment --color --tls-root-certs --auth-file --config-path --platform --feature --channel --workspace".split(
        " ",
      ),
      flags:
        "-v --verbose -q --quiet -h --help -V --version --no-progress --no-install --frozen --locked --all -g --pypi --offline --json".split(
          " ",
        ),
    },
  ],
  known:
    "install i add remove rm update upgrade lock global config init list tree search info self-update clean".split(
      " ",
    ),
  caches: [
    // packages are hardlinked into the environments: only what no other path has counts
    {
      what: "pixi's cache",
      path: /(?:^|\/)\.cache\/(?:rattler\/cache|pixi)\/./,
      folder: "~/.cache/rattler/cache",
      // this one only where the folder is there already
      alsoAt: ["~/.cache/pixi"],
      variables: [
        { name: "PIXI_CACHE_DIR", below: "" },
        { name: "RATTLER_CACHE_DIR", below: "" },
        ...xdg("rattler/cache/"),
        ...xdg("pixi/"),
      ],
      refills: true,
    },
  ],
  // an installation from a lockfile may leave nothing but what the environment links to; a solve fetches the index
  writers: [
    {
      verbs: ["add", "global install"],
      fills: [0],
      elsewhereByFlags: ["--frozen"],
    },
  ],
  usualWriters: [{ verbs: ["install", "i"], fills: [0] }],
  cleaners: [{ words: ["clean", "cache"] }],
  remedies: [
    {
      clears: [0],
      append: "pixi clean cache --yes",
      unsafe: "a later pixi command of the build may want the packages",
    },
  ],
  title: "pixi",
  example: {
    run: "pixi add numpy",
    leftover: "root/.cache/rattler/cache/pkgs/numpy-2.conda",
    innocent: "app/.pixi/envs/default/lib/libnumpy.so",
  },
  advice:
    "End the RUN with && pixi clean cache --yes, or mount a cache: RUN --mount=type=cache,target=/root/.cache/rattler/cache.",
  project: { verbs: ["install", "i"], manifests: ["pixi.toml", "pixi.lock"] },
};
