/** conda, and the programs with its command line. */
import type { Tool } from "../tool.ts";

export const conda: Tool = {
  id: "conda",
  names: ["conda", "mamba", "micromamba"],
  source: "conda documentation, pkgs_dirs and conda clean",
  // conda: argparse; micromamba: CLI11, which takes no abbreviations
  options: [
    {
      names: ["micromamba"],
      short: "rncpf",
      long: "--root-prefix --rc-file --name --channel --prefix --file --platform --log-level --cacert-path --download-threads --extract-threads --retry-clean-cache --repodata-ttl --ssl-verify".split(
        " ",
      ),
      flags:
        "-q --quiet -y --yes -v --verbose --json --offline --dry-run --no-rc --no-env --use-index-cache --experimental -h --help --version --override-channels --no-channel-priority --strict-channel-priority --freeze-installed".split(
          " ",
        ),
    },
    {
      short: "ncp",
      long: "--name --prefix --channel --file --clone --solver --revision --repodata-fn --platform --subdir --console --experimental".split(
        " ",
      ),
      flags:
        "-h --help -v --verbose -V --version -q --quiet -y --yes -d --dry-run --json --offline --debug --no-plugins --override-channels -k --insecure -C --use-index-cache --all -a -i --index-cache -t --tarballs --packages -f --force-pkgs-dirs --download-only --freeze-installed --no-deps --only-deps --no-pin --copy --no-default-packages".split(
          " ",
        ),
      abbreviates: true,
    },
  ],
  known: "install create update env config clean init info list remove uninstall search".split(" "),
  caches: [
    // packages are hardlinked into the environments: only archives and what no other path has counts
    {
      what: "conda's package cache",
      path: /(?:^|\/)(?:\.?conda|miniconda3?|anaconda3?|\.?mamba|mambaforge|miniforge3?|micromamba)\/pkgs\/./,
      folder: "/opt/conda/pkgs",
      cleanedBy: /\/pkgs(?:\/|$)/,
      variables: [
        { name: "CONDA_PKGS_DIRS", below: "" },
        { name: "MAMBA_ROOT_PREFIX", below: "pkgs/" },
      ],
      refills: true,
    },
  ],
  writers: [
    {
      verbs: ["install", "create", "update", "env create", "env update"],
      fills: [0],
      elsewhereByFlags: ["--dry-run", "-d", "--offline", "--root-prefix"],
    },
  ],
  cleaners: [
    {
      words: ["clean"],
      empties: { cache: 0, with: ["-a", "--all", "-tipy"] },
    },
  ],
  remedies: [
    {
      clears: [0],
      append: "{tool} clean --all --yes",
      unsafe: "a later conda command of the build may want the packages",
      neededBy: { users: [{ names: ["conda", "mamba", "micromamba"], word: /^--offline$/ }] },
    },
  ],
  title: "conda",
  example: {
    run: "conda install -y numpy",
    leftover: "opt/conda/pkgs/numpy.conda",
    innocent: "opt/conda/lib/libnumpy.so",
  },
  advice:
    "End the RUN with && conda clean --all --yes (or mamba, micromamba), or mount a cache: RUN --mount=type=cache,target=/opt/conda/pkgs.",
  removal: { word: /^(?:uninstall|remove)$/ },
};
